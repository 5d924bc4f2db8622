"""What open requests have in common, as one snapshot; runs at night; how high a learned head is."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import RunSQL

# One row for each language with enough open requests: digests of 16 bytes in ascending order, and
# their vectors in the same order. All rows of an encoder belong to one edition.
CROWD = """
CREATE TABLE crowd (
    model_version text NOT NULL,
    language text NOT NULL,
    edition text NOT NULL,
    digests bytea NOT NULL,
    vectors bytea NOT NULL,
    PRIMARY KEY (model_version, language)
);
ALTER TABLE crowd ADD CONSTRAINT crowd_has_digests
    CHECK (length(digests) > 0 AND length(digests) % 16 = 0);
GRANT SELECT, INSERT, UPDATE, DELETE ON crowd TO concord_app, concord_worker;
ALTER TABLE crowd ENABLE ROW LEVEL SECURITY;
CREATE POLICY commanded ON crowd FOR ALL TO concord_app USING ((SELECT sight()) = 'all');
CREATE POLICY work ON crowd FOR ALL TO concord_worker USING (true);
"""

NIGHT = """
ALTER TABLE rerank_run DROP CONSTRAINT rerank_has_a_reason, ADD CONSTRAINT rerank_has_a_reason
    CHECK (reason IN ('order', 'equity', 'command', 'version', 'night'));
ALTER TABLE rerank_run ADD COLUMN looked_at timestamptz;
"""
NIGHT_BACK = """
DELETE FROM rerank_run WHERE reason = 'night';
ALTER TABLE rerank_run DROP COLUMN looked_at;
ALTER TABLE rerank_run DROP CONSTRAINT rerank_has_a_reason, ADD CONSTRAINT rerank_has_a_reason
    CHECK (reason IN ('order', 'equity', 'command', 'version'));
"""


class Migration(migrations.Migration):
    dependencies = [("concord", "0009_scale")]

    operations = [
        RunSQL(CROWD, reverse_sql="DROP TABLE crowd"),
        RunSQL(NIGHT, reverse_sql=NIGHT_BACK),
        ops.AddField(
            model_name="Ranking", name="head_low", field=fields.FloatField(null=True)
        ),
        ops.AddField(
            model_name="Ranking", name="head_high", field=fields.FloatField(null=True)
        ),
    ]
