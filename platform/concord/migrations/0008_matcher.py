"""Stored vectors and what the matcher learns from."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL

# No foreign key: the subject is an offer or a request; triggers take its vectors away with it.
VECTORS = """
CREATE TABLE text_vector (
    subject_kind text NOT NULL CHECK (subject_kind IN ('offer', 'request')),
    subject_id uuid NOT NULL,
    part smallint NOT NULL CHECK (part >= 0),
    model_version text NOT NULL,
    digest bytea NOT NULL,
    vector bytea,
    leased_until timestamptz,
    PRIMARY KEY (subject_id, part, model_version)
);
ALTER TABLE text_vector ALTER COLUMN vector SET STORAGE PLAIN;
GRANT SELECT, INSERT, UPDATE, DELETE ON text_vector TO concord_app, concord_worker;
ALTER TABLE text_vector ENABLE ROW LEVEL SECURITY;
CREATE POLICY commanded ON text_vector FOR ALL TO concord_app USING ((SELECT sight()) = 'all');
CREATE POLICY work ON text_vector FOR ALL TO concord_worker USING (true);
CREATE FUNCTION forget_text_vectors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM text_vector WHERE subject_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_text_vectors AFTER DELETE ON offer
    FOR EACH ROW EXECUTE FUNCTION forget_text_vectors();
CREATE TRIGGER forget_text_vectors AFTER DELETE ON request
    FOR EACH ROW EXECUTE FUNCTION forget_text_vectors();
"""

VECTORS_BACK = """
DROP TRIGGER forget_text_vectors ON offer;
DROP TRIGGER forget_text_vectors ON request;
DROP FUNCTION forget_text_vectors();
DROP TABLE text_vector;
"""

LEARNING = """
CREATE UNIQUE INDEX one_matcher_model_in_force ON matcher_model ((true))
    WHERE adopted_at IS NOT NULL AND superseded_at IS NULL;
CREATE INDEX shown_list_shown ON shown_list (shown_at);
ALTER TABLE equity_weight ADD CONSTRAINT equity_is_a_share CHECK (weight BETWEEN 0 AND 1);
"""

LEARNING_BACK = """
ALTER TABLE equity_weight DROP CONSTRAINT equity_is_a_share;
DROP INDEX shown_list_shown;
DROP INDEX one_matcher_model_in_force;
"""


class Migration(migrations.Migration):
    dependencies = [("concord", "0007_activities")]

    operations = [
        RunSQL(VECTORS, reverse_sql=VECTORS_BACK),
        RunSQL(LEARNING, reverse_sql=LEARNING_BACK),
    ]
