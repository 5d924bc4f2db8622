"""What changed for the matcher: written by the database, whoever makes the change."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL

# The owner's rights: whoever makes a change may see less than what it concerns.
# A transaction that is still running may have a lower number than one that has ended: readers ask
# for everything from the lowest number that was running when they last looked.
CHANGES = """
CREATE TABLE matcher_change (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    subject_kind text NOT NULL CHECK (subject_kind IN ('offer', 'request')),
    subject_id uuid NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    weighed boolean NOT NULL DEFAULT false,
    leased_until timestamptz,
    PRIMARY KEY (xid, subject_id)
);
CREATE INDEX matcher_change_waits ON matcher_change (xid) WHERE NOT weighed;
CREATE INDEX matcher_change_age ON matcher_change (changed_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON matcher_change TO concord_app, concord_worker;
ALTER TABLE matcher_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY commanded ON matcher_change FOR ALL TO concord_app
    USING ((SELECT sight()) = 'all');
CREATE POLICY work ON matcher_change FOR ALL TO concord_worker USING (true);

CREATE FUNCTION note_matcher_change(kind text, subject uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO matcher_change (subject_kind, subject_id, weighed)
    VALUES (kind, subject, kind = 'request') ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION subject_changed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM note_matcher_change(TG_ARGV[0], coalesce(NEW.id, OLD.id));
    RETURN NULL;
END $$;
CREATE FUNCTION part_of_offer_changed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM note_matcher_change('offer', coalesce(NEW.offer_id, OLD.offer_id));
    RETURN NULL;
END $$;
CREATE FUNCTION part_of_request_changed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM note_matcher_change('request', coalesce(NEW.request_id, OLD.request_id));
    RETURN NULL;
END $$;
CREATE FUNCTION provider_changed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM note_matcher_change('offer', id) FROM offer
    WHERE organization_id = NEW.id AND state = 'published';
    RETURN NULL;
END $$;

CREATE TRIGGER matcher_change_new AFTER INSERT ON offer FOR EACH ROW
    WHEN (NEW.state = 'published') EXECUTE FUNCTION subject_changed('offer');
CREATE TRIGGER matcher_change AFTER UPDATE ON offer FOR EACH ROW
    WHEN (NEW.state = 'published' OR OLD.state = 'published')
    EXECUTE FUNCTION subject_changed('offer');
CREATE TRIGGER matcher_change_gone AFTER DELETE ON offer FOR EACH ROW
    WHEN (OLD.state = 'published') EXECUTE FUNCTION subject_changed('offer');
CREATE TRIGGER matcher_change AFTER INSERT OR UPDATE OR DELETE ON offer_slot
    FOR EACH ROW EXECUTE FUNCTION part_of_offer_changed();
CREATE TRIGGER matcher_change AFTER INSERT OR UPDATE OR DELETE ON offer_exclusion
    FOR EACH ROW EXECUTE FUNCTION part_of_offer_changed();
CREATE TRIGGER matcher_change AFTER UPDATE ON organization FOR EACH ROW
    WHEN (NEW.* IS DISTINCT FROM OLD.*) EXECUTE FUNCTION provider_changed();
CREATE TRIGGER matcher_change AFTER INSERT OR UPDATE OR DELETE ON request
    FOR EACH ROW EXECUTE FUNCTION subject_changed('request');
CREATE TRIGGER matcher_change AFTER INSERT OR UPDATE OR DELETE ON request_item
    FOR EACH ROW EXECUTE FUNCTION part_of_request_changed();
CREATE TRIGGER matcher_change AFTER INSERT OR UPDATE OR DELETE ON request_party
    FOR EACH ROW EXECUTE FUNCTION part_of_request_changed();
CREATE TRIGGER matcher_change AFTER INSERT OR UPDATE OR DELETE ON request_exclusion
    FOR EACH ROW EXECUTE FUNCTION part_of_request_changed();
"""

CHANGES_BACK = """
DROP TRIGGER matcher_change_new ON offer;
DROP TRIGGER matcher_change_gone ON offer;
DROP TRIGGER matcher_change ON offer;
DROP TRIGGER matcher_change ON offer_slot;
DROP TRIGGER matcher_change ON offer_exclusion;
DROP TRIGGER matcher_change ON organization;
DROP TRIGGER matcher_change ON request;
DROP TRIGGER matcher_change ON request_item;
DROP TRIGGER matcher_change ON request_party;
DROP TRIGGER matcher_change ON request_exclusion;
DROP FUNCTION subject_changed();
DROP FUNCTION part_of_offer_changed();
DROP FUNCTION part_of_request_changed();
DROP FUNCTION provider_changed();
DROP FUNCTION note_matcher_change(text, uuid);
DROP TABLE matcher_change;
"""

RERANK = """
CREATE TABLE rerank_run (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    reason text NOT NULL
        CONSTRAINT rerank_has_a_reason CHECK (reason IN ('order', 'equity', 'command', 'version')),
    asked_by_id uuid,
    asked_at timestamptz NOT NULL,
    planned_at timestamptz,
    ended_at timestamptz,
    superseded boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX one_rerank_at_a_time ON rerank_run ((ended_at IS NULL)) WHERE ended_at IS NULL;
CREATE TABLE rerank_chunk (
    run_id uuid NOT NULL REFERENCES rerank_run (id) ON DELETE CASCADE,
    number integer NOT NULL,
    request_ids uuid[] NOT NULL,
    leased_until timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    done_at timestamptz,
    failed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (run_id, number)
);
CREATE INDEX rerank_chunk_waits ON rerank_chunk (number) WHERE done_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON rerank_run, rerank_chunk TO concord_app, concord_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("concord", "0008_matcher")]

    operations = [
        RunSQL(CHANGES, reverse_sql=CHANGES_BACK),
        RunSQL(RERANK, reverse_sql="DROP TABLE rerank_chunk, rerank_run"),
    ]
