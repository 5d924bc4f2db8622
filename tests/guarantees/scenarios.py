"""For everything that the database enforces by name: the least that it must refuse."""

import hashlib
from collections.abc import Callable, Mapping

from tests.guarantees.story import Story, was

Scenario = Callable[[Story], str]
EFFECTS = frozenset(
    {
        "forget_text_vectors",
        "matcher_change",
        "matcher_change_gone",
        "matcher_change_new",
        "track_record",
    }
)
"""Triggers that refuse nothing: they keep the matcher's own tables up to date."""
TEXT = {"text": "Five days.", "sha256": hashlib.sha256(b"Five days.").hexdigest()}
TERMS, OFFICE, MATCH, DELIVERY, FLAG = (f"00000000-0000-4000-8000-00000000000{n}" for n in "abcde")
APPROVED = "UPDATE match SET state = 'approved', approved_by_id = gen_random_uuid()"
COVER = """
INSERT INTO cover
SELECT gen_random_uuid(), '[7,7]', '(,)', '[3,3]', '[2,2]', '[2027-03-01,2027-03-05]'
FROM generate_series(1, 2)
"""
FORGED = """
INSERT INTO audit_entry (seq, at, action, subject_kind, subject_id, facts, previous, hash)
SELECT 4711, now(), 'match.approve', 'match', gen_random_uuid(), '{}', 'none', 'forged';
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM audit_entry WHERE seq = 4711 AND hash = 'forged') THEN
        RAISE EXCEPTION 'numbered and chained' USING ERRCODE = '23514', CONSTRAINT = 'audit_chain';
    END IF;
END $$
"""
SAME_TASK = """
INSERT INTO task SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))).*
FROM task t WHERE closed_at IS NULL LIMIT 1
"""
SAME_LINE = """
INSERT INTO match_line
SELECT (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid()))).* FROM match_line l
"""
SAME_ADDRESS = """
INSERT INTO person SELECT (jsonb_populate_record(p, jsonb_build_object(
    'id', gen_random_uuid(), 'email', upper(email)))).* FROM person p LIMIT 1
"""


def _always(statement: str) -> Scenario:
    return lambda _: statement


def _row(table: str, columns: str, of: str = "") -> Scenario:
    """An update of the story's own row."""
    return lambda story: f"UPDATE {table} SET {columns} WHERE id = '{getattr(story, of or table)}'"


def _ended(table: str, state: str, fact: str) -> Scenario:
    def scenario(story: Story) -> str:
        which = f"WHERE id = '{getattr(story, table)}'"
        ended = was(f"UPDATE {table} SET state = '{state}' {which}")
        return f"{ended} UPDATE {table} SET {fact} = 'other' {which}"

    return scenario


def _from(state: str, columns: str) -> Scenario:
    return _always(was(f"UPDATE match SET state = '{state}'") + f"UPDATE match SET {columns}")


def _new(table: str, **given: object) -> Scenario:
    return lambda story: story.new(table, **given)


def _request_in(state: str) -> Scenario:
    return _new("request", lead_state_id="QMM", public_id="REQ-2", state=state)


def _second_office(story: Story) -> str:
    place = story.new(
        "organization", id=OFFICE, public_id="ORG-2", kind="state_authority", state_id="QMM"
    )
    seat = {"organization_id": OFFICE, "person_id": story.person, "role": "alternate"}
    return place + story.new("membership", **seat, accreditation="nominated")


def _seat(story: Story) -> str:
    seat = {"organization_id": story.office, "person_id": story.person, "role": "alternate"}
    return story.new("membership", **seat, accreditation="accredited")


def _taken_up_again(story: Story) -> str:
    which = f"WHERE id = '{story.seat}'"
    left = was(f"UPDATE membership SET accreditation = 'ended', ended_at = now() {which}")
    back = f"UPDATE membership SET accreditation = 'accredited', ended_at = NULL {which}"
    return left + back


def _match(story: Story, state: str) -> str:
    of = {"request_id": story.request, "offer_id": story.offer}
    return story.new("match", id=MATCH, public_id="MAT-2", state=state, **of)


def _of_another_match(story: Story) -> str:
    planned = story.new(
        "delivery", id=DELIVERY, match_id=MATCH, public_id="DLV-2", state="planned"
    )
    line = story.new("delivery_line", delivery_id=DELIVERY, line_id=story.line)
    return _match(story, "proposed") + planned + line


def _terms(story: Story, **given: object) -> str:
    return story.new("terms", **({"id": TERMS, "match_id": story.match} | TEXT | given))


def _agreed_to(story: Story, **given: object) -> str:
    agreement = {"terms_id": TERMS, "state_id": "QMM", "sha256": TEXT["sha256"]}
    return _terms(story) + story.new("terms_agreement", **(agreement | given))


def _delivery_line(columns: str) -> Scenario:
    return _always(f"UPDATE delivery_line SET {columns}")


def _activity(states: list[str], first: str) -> Scenario:
    return _new("external_activity", state_id=first, states=states)


def _answered(story: Story, answer: str) -> str:
    asked = story.new("duplicate_flag", id=FLAG, kind="offer_offer")
    return asked + story.new("duplicate_answer", flag_id=FLAG, answer=answer)


def _answered_anew(story: Story) -> str:
    return _answered(story, "same") + "UPDATE duplicate_answer SET note = 'other'"


SCENARIOS: Mapping[str, Mapping[str, Scenario]] = {
    "slot_capacity_is_positive": {"": _row("offer_slot", "capacity = 0, held = 0", "slot")},
    "slot_counts_are_natural": {"": _row("offer_slot", "held = -1", "slot")},
    "slot_within_capacity": {"": _row("offer_slot", "held = capacity + 1", "slot")},
    "item_quantity_is_positive": {"": _row("request_item", "quantity = 0", "item")},
    "item_counts_are_natural": {"": _row("request_item", "reserved = -1", "item")},
    "item_within_quantity": {"": _row("request_item", "reserved = quantity + 1", "item")},
    "item_unconfirmed_within_delivered": {"": _row("request_item", "unconfirmed = 1", "item")},
    "line_quantities_are_positive": {"": _row("match_line", "item_quantity = 0", "line")},
    "line_status_is_known": {"": _row("match_line", "status = 'other'", "line")},
    "line_is_live_or_released": {"": _row("match_line", "live = false", "line")},
    "line_delivered_within_reserved": {"": _row("match_line", "delivered_item = 1", "line")},
    "one_live_line_per_item_and_slot": {"": _always(SAME_LINE)},
    "approver_is_not_proposer": {"": _row("match", "approved_by_id = proposed_by_id")},
    "match_period_is_ordered": {"": _row("match", "ends_on = starts_on - 1")},
    "match_may_be_approved": {
        "approval_has_an_approver": _row("match", "state = 'approved'"),
        "consent_is_newer_than_scope": _always(
            f"UPDATE request SET scope_changed_at = now() + interval '9 years'; {APPROVED}"
        ),
        "acceptance_is_newer_than_scope": _always(
            f"UPDATE participant SET accepted_at = NULL; {APPROVED}"
        ),
    },
    "match_may_be_agreed": {
        "terms_agreed_by_all_sides": _from("approved", "state = 'agreed'"),
    },
    "match_may_be_delivered": {
        "delivered_is_confirmed": _from("in_delivery", "state = 'delivered'"),
    },
    "no_repeated_assistance": {"": _always(COVER)},
    "one_office_per_state": {"": _second_office},
    "person_email_is_folded": {"": _always(SAME_ADDRESS)},
    "task_is_open_once": {"": _always(SAME_TASK)},
    "audit_chain": {"": _always(FORGED)},
    "audit_is_append_only": {"": _always("UPDATE audit_entry SET facts = '{}'")},
    "audit_is_never_emptied": {"audit_is_append_only": _always("TRUNCATE audit_entry")},
    "delivery_period_is_ordered": {"": _row("delivery", "ends_on = starts_on - 1")},
    "delivery_confirmation_is_known": {"": _row("delivery", "confirmed_by = 'state'")},
    "delivery_quantities_are_natural": {"": _delivery_line("quantity = 0")},
    "deliveries_within_line": {"": _delivery_line("quantity = 999")},
    "confirmed_within_reported": {"": _delivery_line("confirmed_quantity = 1")},
    "delivery_is_of_its_match": {"": _of_another_match},
    "participants_are_counted": {
        "": lambda story: story.new("delivery_participants", delivery_id=story.delivery, women=-1)
    },
    "terms_hash_is_of_text": {"": lambda story: _terms(story, text="Six days.")},
    "terms_period_is_ordered": {
        "": lambda story: _terms(story, starts_on="2027-03-02", ends_on="2027-03-01")
    },
    "terms_text_is_fixed": {"": lambda story: _terms(story) + "UPDATE terms SET number = 7"},
    "one_current_terms_per_match": {
        "": lambda story: _terms(story) + _terms(story, id=MATCH, number=2)
    },
    "agreement_has_one_side": {
        "": lambda story: _agreed_to(story, organization_id=story.provider)
    },
    "agreement_is_of_these_terms": {"": lambda story: _agreed_to(story, sha256="another")},
    "evaluation_has_one_side": {"": lambda story: story.new("evaluation", match_id=story.match)},
    "request_moves_legally": {"": _row("request", "state = 'returned'")},
    "offer_moves_legally": {"": _row("offer", "state = 'returned'")},
    "match_moves_legally": {"": _row("match", "state = 'closed'")},
    "delivery_moves_legally": {"": _row("delivery", "state = 'reported'")},
    "verification_moves_legally": {
        "": _row("organization", "verification = 'rejected'", "provider")
    },
    "accreditation_moves_legally": {"": _taken_up_again},
    "request_starts_legally": {"": _request_in("open")},
    "offer_starts_legally": {
        "": lambda story: story.new(
            "offer", organization_id=story.provider, public_id="OFR-2", state="published"
        )
    },
    "match_starts_legally": {"": lambda story: _match(story, "approved")},
    "delivery_starts_legally": {
        "": lambda story: story.new(
            "delivery", match_id=story.match, public_id="DLV-2", state="running"
        )
    },
    "accreditation_starts_legally": {"": _seat},
    "membership_keeps_its_role": {"": _row("membership", "role = 'drafter'", "seat")},
    "request_end_is_final": {"": _ended("request", "withdrawn", "title")},
    "offer_end_is_final": {"": _ended("offer", "withdrawn", "title")},
    "match_end_is_final": {"": _ended("match", "lapsed", "rationale")},
    "delivery_end_is_final": {"": _ended("delivery", "cancelled", "title")},
    "state_is_the_first_of_states": {"": _activity(["QNN"], "QMM")},
    "states_are_of_the_list": {"": _activity(["QMM", "nowhere"], "QMM")},
    "name_answer_names_its_state": {"": _new("imported_name", state_id="QMM")},
    "flag_answer_is_known": {"": _new("duplicate_flag", answer="perhaps")},
    "kept_answer_is_known": {"": lambda story: _answered(story, "perhaps")},
    "answers_are_kept": {"": _answered_anew},
    "text_vector_subject_kind_check": {"": _new("text_vector", subject_kind="other")},
    "text_vector_part_check": {"": _new("text_vector", subject_kind="offer", part=-1)},
    "matcher_change_subject_kind_check": {"": _new("matcher_change", subject_kind="other")},
    "crowd_has_digests": {"": _new("crowd", digests="\\x00")},
    "rerank_has_a_reason": {"": _new("rerank_run", reason="other", asked_at="2027-01-11")},
    "one_rerank_at_a_time": {
        "": lambda story: 2 * story.new("rerank_run", reason="order", asked_at="2027-01-11")
    },
    "one_matcher_model_in_force": {
        "": lambda story: "".join(
            story.new("matcher_model", number=number, adopted_at="2027-01-11") for number in (1, 2)
        )
    },
    "equity_is_a_share": {"": _new("equity_weight", weight=2)},
}
"""By what is dropped: the name it refuses with (its own where empty) and what it refuses."""
