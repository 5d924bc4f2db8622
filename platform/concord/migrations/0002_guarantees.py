"""What the database itself refuses: roles, capacity, four eyes, a second office, repetition, a changed trail."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL

ROLES = """
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['concord_app', 'concord_worker'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT NOBYPASSRLS', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END;
        END IF;
        IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
END $$;
GRANT USAGE ON SCHEMA public TO concord_app, concord_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO concord_app, concord_worker;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO concord_app, concord_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO concord_app, concord_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO concord_app, concord_worker;
REVOKE UPDATE, DELETE ON audit_entry FROM concord_app, concord_worker;
REVOKE INSERT, UPDATE, DELETE ON tortoise_migrations FROM concord_app, concord_worker;
"""

CAPACITY = """
ALTER TABLE offer_slot
    ADD CONSTRAINT slot_capacity_is_positive CHECK (capacity > 0),
    ADD CONSTRAINT slot_counts_are_natural CHECK (held >= 0 AND reserved >= 0 AND delivered >= 0),
    ADD CONSTRAINT slot_within_capacity CHECK (held + reserved + delivered <= capacity);
ALTER TABLE request_item
    ADD CONSTRAINT item_quantity_is_positive CHECK (quantity > 0),
    ADD CONSTRAINT item_counts_are_natural CHECK (reserved >= 0 AND delivered >= 0),
    ADD CONSTRAINT item_within_quantity CHECK (reserved + delivered <= coalesce(quantity, 0));
ALTER TABLE match_line
    ADD CONSTRAINT line_quantities_are_positive CHECK (item_quantity > 0 AND slot_quantity > 0),
    ADD CONSTRAINT line_status_is_known CHECK (status IN ('held', 'reserved', 'released')),
    ADD CONSTRAINT line_is_live_or_released CHECK (live = (status <> 'released'));
CREATE UNIQUE INDEX one_live_line_per_item_and_slot ON match_line (item_id, slot_id) WHERE live;
"""

CAPACITY_BACK = """
DROP INDEX one_live_line_per_item_and_slot;
ALTER TABLE match_line DROP CONSTRAINT line_quantities_are_positive,
    DROP CONSTRAINT line_status_is_known, DROP CONSTRAINT line_is_live_or_released;
ALTER TABLE request_item DROP CONSTRAINT item_quantity_is_positive,
    DROP CONSTRAINT item_counts_are_natural, DROP CONSTRAINT item_within_quantity;
ALTER TABLE offer_slot DROP CONSTRAINT slot_capacity_is_positive,
    DROP CONSTRAINT slot_counts_are_natural, DROP CONSTRAINT slot_within_capacity;
"""

APPROVAL = """
ALTER TABLE match
    ADD CONSTRAINT approver_is_not_proposer CHECK (approved_by_id <> proposed_by_id),
    ADD CONSTRAINT match_period_is_ordered CHECK (starts_on <= ends_on);
CREATE FUNCTION match_may_be_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE scope_changed timestamptz;
BEGIN
    SELECT greatest(r.scope_changed_at, o.scope_changed_at, NEW.scope_changed_at) INTO scope_changed
    FROM request r, offer o WHERE r.id = NEW.request_id AND o.id = NEW.offer_id;
    IF NEW.approved_by_id IS NULL THEN
        RAISE EXCEPTION 'approval names its approver' USING ERRCODE = '23514', CONSTRAINT = 'approval_has_an_approver';
    END IF;
    IF EXISTS (
        SELECT 1 FROM (SELECT lead_state_id AS state_id FROM request WHERE id = NEW.request_id
                       UNION SELECT state_id FROM request_party WHERE request_id = NEW.request_id) s
        WHERE NOT EXISTS (SELECT 1 FROM consent c WHERE c.match_id = NEW.id AND c.state_id = s.state_id
                          AND c.withdrawn_at IS NULL AND c.given_at >= scope_changed)) THEN
        RAISE EXCEPTION 'consent is missing or older than the last change of scope'
            USING ERRCODE = '23514', CONSTRAINT = 'consent_is_newer_than_scope';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM participant WHERE match_id = NEW.id) OR EXISTS (
        SELECT 1 FROM participant p WHERE p.match_id = NEW.id
        AND (p.accepted_at IS NULL OR p.accepted_at < scope_changed)) THEN
        RAISE EXCEPTION 'acceptance is missing or older than the last change of scope'
            USING ERRCODE = '23514', CONSTRAINT = 'acceptance_is_newer_than_scope';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER match_may_be_approved BEFORE UPDATE ON match FOR EACH ROW
    WHEN (NEW.state = 'approved' AND OLD.state = 'partner_accepted') EXECUTE FUNCTION match_may_be_approved();
"""

APPROVAL_BACK = """
DROP TRIGGER match_may_be_approved ON match;
DROP FUNCTION match_may_be_approved();
ALTER TABLE match DROP CONSTRAINT approver_is_not_proposer, DROP CONSTRAINT match_period_is_ordered;
"""

OFFICE = """
CREATE FUNCTION one_office_per_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE spoken_for text;
BEGIN
    SELECT state_id INTO spoken_for FROM organization
    WHERE id = NEW.organization_id AND kind = 'state_authority';
    IF spoken_for IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(4713, hashtext(spoken_for));
    IF EXISTS (
        SELECT 1 FROM membership m JOIN organization o ON o.id = m.organization_id
        WHERE o.kind = 'state_authority' AND o.state_id = spoken_for AND o.id <> NEW.organization_id
        AND m.id <> NEW.id AND m.role IN ('focal_point', 'alternate') AND m.ended_at IS NULL) THEN
        RAISE EXCEPTION 'the focal points of a State are at one office'
            USING ERRCODE = '23514', CONSTRAINT = 'one_office_per_state';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_office_per_state BEFORE INSERT OR UPDATE OF role, organization_id, ended_at ON membership
    FOR EACH ROW WHEN (NEW.role IN ('focal_point', 'alternate') AND NEW.ended_at IS NULL)
    EXECUTE FUNCTION one_office_per_state();
"""

OFFICE_BACK = """
DROP TRIGGER one_office_per_state ON membership;
DROP FUNCTION one_office_per_state();
"""

COVER = """
CREATE TABLE cover (
    undertaking_id uuid NOT NULL,
    state int4range NOT NULL,
    institution int4range NOT NULL,
    topic int4range NOT NULL,
    modality int4range NOT NULL,
    period daterange NOT NULL,
    PRIMARY KEY (undertaking_id, state, institution, topic, modality),
    CONSTRAINT no_repeated_assistance EXCLUDE USING gist (
        state WITH &&, institution WITH &&, topic WITH &&, modality WITH &&, period WITH &&
    ) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE TABLE cover_part (
    match_id uuid NOT NULL REFERENCES match (id) ON DELETE RESTRICT,
    undertaking_id uuid NOT NULL,
    state integer NOT NULL,
    institution integer,
    topic integer NOT NULL,
    modality integer NOT NULL,
    period daterange NOT NULL
);
CREATE INDEX cover_part_match ON cover_part (match_id);
CREATE INDEX cover_part_undertaking ON cover_part (undertaking_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON cover, cover_part TO concord_app, concord_worker;
"""

AUDIT = """
CREATE FUNCTION audit_hash(e audit_entry) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN sha256(e.previous || convert_to(jsonb_build_array(
    e.seq, extract(epoch FROM e.at), e.person_id, e.role, e.organization_id, e.on_behalf_of,
    e.action, e.subject_kind, e.subject_id, e.facts)::text, 'UTF8'));
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head audit_entry;
BEGIN
    PERFORM pg_advisory_xact_lock(4712);
    SELECT * INTO head FROM audit_entry ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(head.seq, 0) + 1;
    NEW.previous := coalesce(head.hash, ''::bytea);
    NEW.hash := audit_hash(NEW);
    RETURN NEW;
END $$;
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = '23514', CONSTRAINT = 'audit_is_append_only';
END $$;
CREATE TRIGGER audit_chain BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""

AUDIT_BACK = """
DROP TRIGGER audit_chain ON audit_entry;
DROP TRIGGER audit_is_append_only ON audit_entry;
DROP TRIGGER audit_is_never_emptied ON audit_entry;
DROP FUNCTION audit_chain();
DROP FUNCTION audit_is_append_only();
DROP FUNCTION audit_hash(audit_entry);
"""

INDEXES = """
CREATE INDEX outbox_due ON outbox (next_at) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX pairing_rank ON pairing (request_id, rank);
CREATE INDEX task_open ON task (due_at) WHERE closed_at IS NULL;
CREATE INDEX notice_unread ON notice (person_id, told_at) WHERE read_at IS NULL;
CREATE UNIQUE INDEX person_email_is_folded ON person (lower(email));
CREATE UNIQUE INDEX task_is_open_once ON task (
    kind, subject_id, coalesce(organization_id::text, ''), coalesce(state_code, ''), coalesce(person_id::text, '')
) WHERE closed_at IS NULL;
"""

INDEXES_BACK = """
DROP INDEX pairing_rank; DROP INDEX outbox_due; DROP INDEX task_open; DROP INDEX notice_unread;
DROP INDEX person_email_is_folded; DROP INDEX task_is_open_once;
"""


class Migration(migrations.Migration):
    dependencies = [("concord", "0001_initial")]

    operations = [
        RunSQL(ROLES, reverse_sql="SELECT 1"),
        RunSQL(CAPACITY, reverse_sql=CAPACITY_BACK),
        RunSQL(APPROVAL, reverse_sql=APPROVAL_BACK),
        RunSQL(OFFICE, reverse_sql=OFFICE_BACK),
        RunSQL(COVER, reverse_sql="DROP TABLE cover, cover_part"),
        RunSQL(AUDIT, reverse_sql=AUDIT_BACK),
        RunSQL(INDEXES, reverse_sql=INDEXES_BACK),
    ]
