"""What the database refuses of deliveries: too much, another text, less than both sides' word."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL

QUANTITIES = """
ALTER TABLE match_line ADD CONSTRAINT line_delivered_within_reserved CHECK (
    delivered_item BETWEEN 0 AND item_quantity AND delivered_slot BETWEEN 0 AND slot_quantity
    AND (status <> 'held' OR delivered_item = 0));
ALTER TABLE request_item
    ADD CONSTRAINT item_unconfirmed_within_delivered CHECK (unconfirmed BETWEEN 0 AND delivered);
ALTER TABLE delivery ADD CONSTRAINT delivery_period_is_ordered CHECK (starts_on <= ends_on),
    ADD CONSTRAINT delivery_confirmation_is_known CHECK (
        (state = 'confirmed') = (confirmed_by IS NOT NULL)
        AND (confirmed_by IN ('state', 'silence', 'unodc')));
ALTER TABLE delivery_line
    ADD CONSTRAINT delivery_quantities_are_natural CHECK (
        quantity > 0 AND reported_quantity >= 0 AND confirmed_quantity >= 0),
    ADD CONSTRAINT confirmed_within_reported CHECK (
        confirmed_quantity IS NULL OR confirmed_quantity <= coalesce(reported_quantity, 0));
ALTER TABLE delivery_participants
    ADD CONSTRAINT participants_are_counted CHECK (women >= 0 AND men >= 0 AND other >= 0);
CREATE FUNCTION deliveries_within_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whole integer; taken bigint;
BEGIN
    SELECT item_quantity INTO whole FROM match_line WHERE id = NEW.line_id FOR UPDATE;
    SELECT sum(coalesce(l.confirmed_quantity, l.reported_quantity, l.quantity)) INTO taken
    FROM delivery_line l JOIN delivery d ON d.id = l.delivery_id
    WHERE l.line_id = NEW.line_id AND d.state <> 'cancelled';
    IF taken > whole THEN
        RAISE EXCEPTION 'deliveries exceed their match line'
            USING ERRCODE = '23514', CONSTRAINT = 'deliveries_within_line';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER deliveries_within_line AFTER INSERT OR UPDATE ON delivery_line
    FOR EACH ROW EXECUTE FUNCTION deliveries_within_line();
CREATE FUNCTION delivery_is_of_its_match() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM delivery d JOIN match_line l ON l.match_id = d.match_id
                   WHERE d.id = NEW.delivery_id AND l.id = NEW.line_id) THEN
        RAISE EXCEPTION 'a delivery serves lines of its own match'
            USING ERRCODE = '23514', CONSTRAINT = 'delivery_is_of_its_match';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_is_of_its_match BEFORE INSERT OR UPDATE OF delivery_id, line_id ON delivery_line
    FOR EACH ROW EXECUTE FUNCTION delivery_is_of_its_match();
"""

QUANTITIES_BACK = """
DROP TRIGGER delivery_is_of_its_match ON delivery_line;
DROP TRIGGER deliveries_within_line ON delivery_line;
DROP FUNCTION delivery_is_of_its_match(); DROP FUNCTION deliveries_within_line();
ALTER TABLE delivery_participants DROP CONSTRAINT participants_are_counted;
ALTER TABLE delivery_line DROP CONSTRAINT delivery_quantities_are_natural,
    DROP CONSTRAINT confirmed_within_reported;
ALTER TABLE delivery DROP CONSTRAINT delivery_period_is_ordered,
    DROP CONSTRAINT delivery_confirmation_is_known;
ALTER TABLE request_item DROP CONSTRAINT item_unconfirmed_within_delivered;
ALTER TABLE match_line DROP CONSTRAINT line_delivered_within_reserved;
"""

TERMS = """
ALTER TABLE terms
    ADD CONSTRAINT terms_hash_is_of_text CHECK (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
    ADD CONSTRAINT terms_period_is_ordered CHECK (starts_on <= ends_on);
ALTER TABLE terms_agreement
    ADD CONSTRAINT agreement_has_one_side CHECK (num_nonnulls(state_id, organization_id) = 1);
CREATE UNIQUE INDEX one_current_terms_per_match ON terms (match_id) WHERE superseded_at IS NULL;
CREATE FUNCTION agreement_is_of_these_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM terms t
                   WHERE t.id = NEW.terms_id AND t.sha256 = NEW.sha256 AND t.superseded_at IS NULL) THEN
        RAISE EXCEPTION 'agreement to another text'
            USING ERRCODE = '23514', CONSTRAINT = 'agreement_is_of_these_terms';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_is_of_these_terms BEFORE INSERT OR UPDATE ON terms_agreement
    FOR EACH ROW EXECUTE FUNCTION agreement_is_of_these_terms();
CREATE FUNCTION terms_text_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'terms of reference are replaced by a new version, never rewritten'
        USING ERRCODE = '23514', CONSTRAINT = 'terms_text_is_fixed';
END $$;
CREATE TRIGGER terms_text_is_fixed BEFORE UPDATE OF match_id, number, text, sha256, starts_on, ends_on ON terms
    FOR EACH ROW EXECUTE FUNCTION terms_text_is_fixed();
CREATE FUNCTION match_may_be_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE present terms;
BEGIN
    SELECT * INTO present FROM terms WHERE match_id = NEW.id AND superseded_at IS NULL;
    IF present.id IS NULL OR EXISTS (
        SELECT 1 FROM (SELECT lead_state_id AS state_id FROM request WHERE id = NEW.request_id
                       UNION SELECT state_id FROM request_party WHERE request_id = NEW.request_id) s
        WHERE NOT EXISTS (SELECT 1 FROM terms_agreement a WHERE a.terms_id = present.id
                          AND a.state_id = s.state_id AND a.sha256 = present.sha256)
    ) OR EXISTS (
        SELECT 1 FROM participant p WHERE p.match_id = NEW.id
        AND NOT EXISTS (SELECT 1 FROM terms_agreement a WHERE a.terms_id = present.id
                        AND a.organization_id = p.organization_id AND a.sha256 = present.sha256)) THEN
        RAISE EXCEPTION 'a side has not agreed to the present terms of reference'
            USING ERRCODE = '23514', CONSTRAINT = 'terms_agreed_by_all_sides';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER match_may_be_agreed BEFORE UPDATE ON match FOR EACH ROW
    WHEN (NEW.state = 'agreed' AND OLD.state = 'approved') EXECUTE FUNCTION match_may_be_agreed();
"""

TERMS_BACK = """
DROP TRIGGER match_may_be_agreed ON match;
DROP TRIGGER terms_text_is_fixed ON terms;
DROP TRIGGER agreement_is_of_these_terms ON terms_agreement;
DROP FUNCTION match_may_be_agreed(); DROP FUNCTION terms_text_is_fixed();
DROP FUNCTION agreement_is_of_these_terms();
DROP INDEX one_current_terms_per_match;
ALTER TABLE terms_agreement DROP CONSTRAINT agreement_has_one_side;
ALTER TABLE terms DROP CONSTRAINT terms_hash_is_of_text, DROP CONSTRAINT terms_period_is_ordered;
"""

EVALUATION = """
ALTER TABLE evaluation
    ADD CONSTRAINT evaluation_has_one_side CHECK (num_nonnulls(state_id, organization_id) = 1);
CREATE FUNCTION match_may_be_delivered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM delivery WHERE match_id = NEW.id AND state = 'confirmed')
       OR EXISTS (SELECT 1 FROM delivery WHERE match_id = NEW.id AND state NOT IN ('confirmed', 'cancelled')) THEN
        RAISE EXCEPTION 'a delivery is still to be confirmed or cancelled'
            USING ERRCODE = '23514', CONSTRAINT = 'delivered_is_confirmed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER match_may_be_delivered BEFORE UPDATE ON match FOR EACH ROW
    WHEN (NEW.state = 'delivered' AND OLD.state = 'in_delivery') EXECUTE FUNCTION match_may_be_delivered();
"""

EVALUATION_BACK = """
DROP TRIGGER match_may_be_delivered ON match;
DROP FUNCTION match_may_be_delivered();
ALTER TABLE evaluation DROP CONSTRAINT evaluation_has_one_side;
"""


class Migration(migrations.Migration):
    dependencies = [("concord", "0003_life")]

    operations = [
        RunSQL(QUANTITIES, reverse_sql=QUANTITIES_BACK),
        RunSQL(TERMS, reverse_sql=TERMS_BACK),
        RunSQL(EVALUATION, reverse_sql=EVALUATION_BACK),
    ]
