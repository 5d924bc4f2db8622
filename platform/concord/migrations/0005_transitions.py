"""Legal transitions alone, and terminal states that never change."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL

LEGAL_MOVES = """
CREATE TABLE legal_move (
    machine text NOT NULL,
    source text NOT NULL,
    target text NOT NULL,
    PRIMARY KEY (machine, source, target)
);
INSERT INTO legal_move (machine, source, target)
SELECT machine, source, unnest(targets) FROM (VALUES
    ('request', 'draft', '{submitted, open, withdrawn}'::text[]),
    ('request', 'submitted', '{returned, no_objection, open, referred, withdrawn, merged}'),
    ('request', 'returned', '{submitted, withdrawn}'),
    ('request', 'no_objection', '{open, suspended, withdrawn, merged}'),
    ('request', 'open', '{partially_met, met, closed, suspended, withdrawn, merged}'),
    ('request', 'partially_met', '{open, met, closed, suspended, withdrawn, merged}'),
    ('request', 'met', '{open, partially_met, closed, suspended, withdrawn, merged}'),
    ('request', 'closed', '{followed_up}'),
    ('request', 'suspended', '{no_objection, open, partially_met, met, withdrawn, merged}'),
    ('offer', 'draft', '{submitted, withdrawn}'),
    ('offer', 'submitted', '{returned, published, withdrawn}'),
    ('offer', 'returned', '{submitted, withdrawn}'),
    ('offer', 'published', '{submitted, expired, withdrawn}'),
    ('offer', 'expired', '{published, withdrawn}'),
    ('match', 'proposed', '{state_consented, declined_by_state, lapsed, cancelled}'),
    ('match', 'state_consented', '{proposed, partner_accepted, declined_by_state,
                                   declined_by_partner, lapsed, cancelled}'),
    ('match', 'partner_accepted', '{proposed, approved, declined_by_state, declined_by_partner,
                                    rejected, lapsed, cancelled}'),
    ('match', 'approved', '{agreed, suspended, lapsed, cancelled}'),
    ('match', 'agreed', '{in_delivery, suspended, lapsed, cancelled}'),
    ('match', 'in_delivery', '{delivered, suspended, cancelled}'),
    ('match', 'delivered', '{evaluated, closed}'),
    ('match', 'evaluated', '{closed}'),
    ('match', 'suspended', '{approved, agreed, in_delivery, cancelled}'),
    ('delivery', 'planned', '{running, cancelled}'),
    ('delivery', 'running', '{reported, cancelled}'),
    ('delivery', 'reported', '{confirmed, disputed, cancelled}'),
    ('delivery', 'disputed', '{reported, confirmed, cancelled}'),
    ('verification', 'registered', '{screening, verified}'),
    ('verification', 'screening', '{verified, rejected}'),
    ('verification', 'verified', '{expired, suspended}'),
    ('verification', 'expired', '{screening}'),
    ('verification', 'rejected', '{screening}'),
    ('verification', 'suspended', '{verified}'),
    ('accreditation', 'nominated', '{accredited, ended}'),
    ('accreditation', 'accredited', '{ended}'),
    ('accreditation', 'ended', '{nominated}')
) AS listed (machine, source, targets);
REVOKE INSERT, UPDATE, DELETE ON legal_move FROM concord_app, concord_worker;
GRANT SELECT ON legal_move TO concord_app, concord_worker;
"""

# The arguments are the machine, the column of its state, and, for a membership, the column that
# ends it whatever its accreditation was.
MOVING = """
CREATE FUNCTION state_in(told jsonb, state_column text, end_column text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN told ->> end_column IS NOT NULL THEN 'ended' ELSE told ->> state_column END;
CREATE FUNCTION moves_legally() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was text := state_in(to_jsonb(OLD), TG_ARGV[1], TG_ARGV[2]);
    becomes text := state_in(to_jsonb(NEW), TG_ARGV[1], TG_ARGV[2]);
BEGIN
    IF was <> becomes AND NOT EXISTS (
        SELECT FROM legal_move WHERE machine = TG_ARGV[0] AND source = was AND target = becomes
    ) THEN
        RAISE EXCEPTION '% does not lead from % to %', TG_ARGV[0], was, becomes
            USING ERRCODE = '23514', CONSTRAINT = TG_ARGV[0] || '_moves_legally';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_moves_legally BEFORE UPDATE ON request FOR EACH ROW
    WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION moves_legally('request', 'state');
CREATE TRIGGER offer_moves_legally BEFORE UPDATE ON offer FOR EACH ROW
    WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION moves_legally('offer', 'state');
CREATE TRIGGER match_moves_legally BEFORE UPDATE ON match FOR EACH ROW
    WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION moves_legally('match', 'state');
CREATE TRIGGER delivery_moves_legally BEFORE UPDATE ON delivery FOR EACH ROW
    WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION moves_legally('delivery', 'state');
CREATE TRIGGER verification_moves_legally BEFORE UPDATE ON organization FOR EACH ROW
    WHEN (NEW.verification IS DISTINCT FROM OLD.verification)
    EXECUTE FUNCTION moves_legally('verification', 'verification');
CREATE TRIGGER accreditation_moves_legally BEFORE UPDATE ON membership FOR EACH ROW
    WHEN (NEW.role IN ('focal_point', 'alternate') AND
        (NEW.role, NEW.accreditation, NEW.ended_at IS NULL)
        IS DISTINCT FROM (OLD.role, OLD.accreditation, OLD.ended_at IS NULL))
    EXECUTE FUNCTION moves_legally('accreditation', 'accreditation', 'ended_at');
"""

MOVING_BACK = """
DROP TRIGGER request_moves_legally ON request;
DROP TRIGGER offer_moves_legally ON offer;
DROP TRIGGER match_moves_legally ON match;
DROP TRIGGER delivery_moves_legally ON delivery;
DROP TRIGGER verification_moves_legally ON organization;
DROP TRIGGER accreditation_moves_legally ON membership;
DROP FUNCTION moves_legally();
DROP FUNCTION state_in(jsonb, text, text);
"""

STARTING = """
CREATE FUNCTION starts_elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% does not start there', TG_ARGV[0]
        USING ERRCODE = '23514', CONSTRAINT = TG_ARGV[0] || '_starts_legally';
END $$;
CREATE FUNCTION keeps_its_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'another role is another membership'
        USING ERRCODE = '23514', CONSTRAINT = 'membership_keeps_its_role';
END $$;
CREATE TRIGGER request_starts_legally BEFORE INSERT ON request FOR EACH ROW
    WHEN (NEW.state <> 'draft') EXECUTE FUNCTION starts_elsewhere('request');
CREATE TRIGGER offer_starts_legally BEFORE INSERT ON offer FOR EACH ROW
    WHEN (NEW.state <> 'draft') EXECUTE FUNCTION starts_elsewhere('offer');
CREATE TRIGGER match_starts_legally BEFORE INSERT ON match FOR EACH ROW
    WHEN (NEW.state <> 'proposed') EXECUTE FUNCTION starts_elsewhere('match');
CREATE TRIGGER delivery_starts_legally BEFORE INSERT ON delivery FOR EACH ROW
    WHEN (NEW.state <> 'planned') EXECUTE FUNCTION starts_elsewhere('delivery');
CREATE TRIGGER accreditation_starts_legally BEFORE INSERT ON membership FOR EACH ROW
    WHEN (NEW.role IN ('focal_point', 'alternate') AND NEW.accreditation <> 'nominated')
    EXECUTE FUNCTION starts_elsewhere('accreditation');
CREATE TRIGGER membership_keeps_its_role BEFORE UPDATE ON membership FOR EACH ROW
    WHEN (NEW.role <> OLD.role) EXECUTE FUNCTION keeps_its_role();
"""

STARTING_BACK = """
DROP TRIGGER request_starts_legally ON request;
DROP TRIGGER offer_starts_legally ON offer;
DROP TRIGGER match_starts_legally ON match;
DROP TRIGGER delivery_starts_legally ON delivery;
DROP TRIGGER accreditation_starts_legally ON membership;
DROP TRIGGER membership_keeps_its_role ON membership;
DROP FUNCTION starts_elsewhere();
DROP FUNCTION keeps_its_role();
"""

# The arguments are the machine and the columns that may still be written: bookkeeping, no fact.
ENDING = """
CREATE FUNCTION end_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - TG_ARGV[1:] IS DISTINCT FROM to_jsonb(NEW) - TG_ARGV[1:] THEN
        RAISE EXCEPTION '% has ended and is not changed any more', TG_ARGV[0]
            USING ERRCODE = '23514', CONSTRAINT = TG_ARGV[0] || '_end_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_end_is_final BEFORE UPDATE OR DELETE ON request FOR EACH ROW
    WHEN (OLD.state IN ('followed_up', 'referred', 'withdrawn', 'merged'))
    EXECUTE FUNCTION end_is_final('request', 'version', 'updated_at');
CREATE TRIGGER offer_end_is_final BEFORE UPDATE OR DELETE ON offer FOR EACH ROW
    WHEN (OLD.state IN ('withdrawn')) EXECUTE FUNCTION end_is_final('offer', 'version', 'updated_at');
CREATE TRIGGER match_end_is_final BEFORE UPDATE OR DELETE ON match FOR EACH ROW
    WHEN (OLD.state IN ('declined_by_state', 'declined_by_partner', 'rejected', 'lapsed', 'cancelled', 'closed'))
    EXECUTE FUNCTION end_is_final('match', 'version');
CREATE TRIGGER delivery_end_is_final BEFORE UPDATE OR DELETE ON delivery FOR EACH ROW
    WHEN (OLD.state IN ('confirmed', 'cancelled'))
    EXECUTE FUNCTION end_is_final('delivery', 'version', 'confirmed_by');
"""

ENDING_BACK = """
DROP TRIGGER request_end_is_final ON request;
DROP TRIGGER offer_end_is_final ON offer;
DROP TRIGGER match_end_is_final ON match;
DROP TRIGGER delivery_end_is_final ON delivery;
DROP FUNCTION end_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("concord", "0004_deliveries")]

    operations = [
        RunSQL(LEGAL_MOVES, reverse_sql="DROP TABLE legal_move"),
        RunSQL(MOVING, reverse_sql=MOVING_BACK),
        RunSQL(STARTING, reverse_sql=STARTING_BACK),
        RunSQL(ENDING, reverse_sql=ENDING_BACK),
    ]
