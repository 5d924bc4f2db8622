"""What providers delivered before: kept as rows, and told to the matcher, whoever confirms."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL

# A delivery counts by the State's own word, of a request that circulates: whoever reads that a
# provider delivered before need not know of restricted and sealed requests.
COUNTING = """
    SELECT DISTINCT o.organization_id, s.topic_id, d.id
    FROM delivery d
    JOIN match m ON m.id = d.match_id
    JOIN request r ON r.id = m.request_id
    JOIN offer o ON o.id = m.offer_id
    JOIN delivery_line l ON l.delivery_id = d.id
    JOIN match_line c ON c.id = l.line_id
    JOIN offer_slot s ON s.id = c.slot_id
    WHERE d.state = 'confirmed' AND d.confirmed_by = 'state' AND l.confirmed_quantity > 0
      AND r.confidentiality IN ('public', 'partners')
"""

# The owner's rights: whoever confirms may see less than what the provider offers elsewhere.
KEPT = f"""
CREATE TABLE track_record (
    organization_id uuid NOT NULL,
    topic_id text NOT NULL,
    delivery_id uuid NOT NULL,
    PRIMARY KEY (organization_id, topic_id, delivery_id)
);
CREATE INDEX track_record_of_delivery ON track_record (delivery_id);
GRANT SELECT ON track_record TO concord_app, concord_worker;
ALTER TABLE track_record ENABLE ROW LEVEL SECURITY;
CREATE POLICY commanded ON track_record FOR SELECT TO concord_app
    USING ((SELECT sight()) = 'all');
CREATE POLICY work ON track_record FOR SELECT TO concord_worker USING (true);
INSERT INTO track_record {COUNTING};

CREATE FUNCTION keep_track_record(ended uuid) RETURNS void LANGUAGE sql AS $$
    DELETE FROM track_record WHERE delivery_id = ended;
    INSERT INTO track_record {COUNTING} AND d.id = ended;
    SELECT note_matcher_change('offer', p.id)
    FROM delivery d
    JOIN match m ON m.id = d.match_id
    JOIN offer o ON o.id = m.offer_id
    JOIN offer p ON p.organization_id = o.organization_id AND p.state = 'published'
    WHERE d.id = ended AND EXISTS (
        SELECT FROM delivery_line l
        JOIN match_line c ON c.id = l.line_id
        JOIN offer_slot s ON s.id = c.slot_id
        JOIN offer_slot t ON t.topic_id = s.topic_id AND t.offer_id = p.id
        WHERE l.delivery_id = d.id AND t.retired_at IS NULL)
$$;
CREATE FUNCTION delivery_confirmed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM keep_track_record(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION class_of_request_changed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM keep_track_record(d.id) FROM delivery d JOIN match m ON m.id = d.match_id
    WHERE m.request_id = NEW.id AND d.state = 'confirmed';
    RETURN NULL;
END $$;
CREATE TRIGGER track_record AFTER UPDATE ON delivery FOR EACH ROW
    WHEN ((NEW.state = 'confirmed' AND NEW.confirmed_by = 'state')
          IS DISTINCT FROM (OLD.state = 'confirmed' AND OLD.confirmed_by = 'state'))
    EXECUTE FUNCTION delivery_confirmed();
CREATE TRIGGER track_record AFTER UPDATE ON request FOR EACH ROW
    WHEN (NEW.confidentiality IS DISTINCT FROM OLD.confidentiality)
    EXECUTE FUNCTION class_of_request_changed();
"""  # noqa: S608 - constants

FORGOTTEN = """
DROP TRIGGER track_record ON request;
DROP TRIGGER track_record ON delivery;
DROP FUNCTION class_of_request_changed();
DROP FUNCTION delivery_confirmed();
DROP FUNCTION keep_track_record(uuid);
DROP TABLE track_record;
"""


class Migration(migrations.Migration):
    dependencies = [("concord", "0010_crowd")]

    operations = [RunSQL(KEPT, reverse_sql=FORGOTTEN)]
