"""What the database refuses of external activities and duplicates."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL

STATES = """
UPDATE external_activity SET states = ARRAY[state_id],
    places = jsonb_build_array(jsonb_build_object('name', state_id, 'state', state_id))
WHERE state_id IS NOT NULL AND states = '{}';
ALTER TABLE external_activity
    ADD CONSTRAINT state_is_the_first_of_states CHECK (state_id IS NOT DISTINCT FROM states[1]);
CREATE FUNCTION states_are_of_the_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(NEW.states) AS named WHERE named NOT IN (SELECT code FROM state)) THEN
        RAISE EXCEPTION 'a State is one of the list' USING ERRCODE = '23514', CONSTRAINT = 'states_are_of_the_list';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER states_are_of_the_list BEFORE INSERT OR UPDATE OF states ON external_activity
    FOR EACH ROW EXECUTE FUNCTION states_are_of_the_list();
ALTER TABLE imported_name
    ADD CONSTRAINT name_answer_names_its_state CHECK ((coalesce(answer, '') = 'state') = (state_id IS NOT NULL));
"""

STATES_BACK = """
ALTER TABLE imported_name DROP CONSTRAINT name_answer_names_its_state;
DROP TRIGGER states_are_of_the_list ON external_activity;
DROP FUNCTION states_are_of_the_list();
ALTER TABLE external_activity DROP CONSTRAINT state_is_the_first_of_states;
"""

ANSWERS = """
ALTER TABLE duplicate_flag ADD CONSTRAINT flag_answer_is_known
    CHECK (answer IN ('same', 'different') AND answered_at IS NOT NULL OR answer IS NULL);
ALTER TABLE duplicate_answer ADD CONSTRAINT kept_answer_is_known
    CHECK (answer IN ('same', 'different'));
CREATE FUNCTION answers_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an answer is never changed' USING ERRCODE = '23514', CONSTRAINT = 'answers_are_kept';
END $$;
CREATE TRIGGER answers_are_kept BEFORE UPDATE ON duplicate_answer
    FOR EACH ROW EXECUTE FUNCTION answers_are_kept();
CREATE INDEX cover_part_state ON cover_part (state, topic);
"""

ANSWERS_BACK = """
DROP INDEX cover_part_state;
DROP TRIGGER answers_are_kept ON duplicate_answer;
DROP FUNCTION answers_are_kept();
ALTER TABLE duplicate_answer DROP CONSTRAINT kept_answer_is_known;
ALTER TABLE duplicate_flag DROP CONSTRAINT flag_answer_is_known;
"""

SEEN = """
ALTER POLICY seen ON duplicate_flag USING (
    CASE WHEN (SELECT sight()) = 'due_diligence' THEN kind = 'organization'
    WHEN (SELECT sight()) IN ('coordinator', 'approver') THEN CASE kind
        WHEN 'request_request' THEN sees_request(left_id) AND sees_request(right_id)
        WHEN 'offer_offer' THEN sees_offer(left_id) AND sees_offer(right_id)
        WHEN 'organization' THEN true
        ELSE sees_request(left_id) END
    ELSE false END);
ALTER TABLE duplicate_answer ENABLE ROW LEVEL SECURITY;
CREATE POLICY commanded ON duplicate_answer FOR ALL TO concord_app USING ((SELECT sight()) = 'all');
CREATE POLICY seen ON duplicate_answer FOR SELECT TO concord_app
    USING (EXISTS (SELECT FROM duplicate_flag f WHERE f.id = flag_id));
CREATE POLICY work ON duplicate_answer FOR ALL TO concord_worker USING (true);
"""

SEEN_BACK = """
DROP POLICY commanded ON duplicate_answer; DROP POLICY seen ON duplicate_answer;
DROP POLICY work ON duplicate_answer;
ALTER TABLE duplicate_answer DISABLE ROW LEVEL SECURITY;
"""
"""The policy of the flags themselves goes with the wall."""

INDEXES = """
CREATE INDEX external_activity_states ON external_activity USING gin (states);
CREATE INDEX external_activity_names ON external_activity USING gin (names);
"""


class Migration(migrations.Migration):
    dependencies = [("concord", "0006_row_security")]

    operations = [
        RunSQL(STATES, reverse_sql=STATES_BACK),
        RunSQL(ANSWERS, reverse_sql=ANSWERS_BACK),
        RunSQL(SEEN, reverse_sql=SEEN_BACK),
        RunSQL(
            INDEXES,
            reverse_sql="DROP INDEX external_activity_states; DROP INDEX external_activity_names",
        ),
    ]
