"""What was decided about each offer of a list, from lists and proposals alone."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from concord.pairings.decisions import Proposed, Shown, decided_lists
from matching.decisions import Outcome
from tests.conftest import NOW
from tests.factories.decisions import row

REQUEST, PERSON, OTHER = uuid4(), uuid4(), uuid4()
OFFERS = [uuid4() for _ in range(4)]


def listed(person: UUID = PERSON, minutes: int = 0, offers: list[UUID] | None = None) -> Shown:
    rows = [row(str(offer), 0.5, 0.1, 0.2) for offer in offers or OFFERS]
    return Shown(REQUEST, person, "", NOW + timedelta(minutes=minutes), rows)


def proposal(
    place: int, minutes: int = 1, declined: tuple[str, str] | None = None, by: UUID = PERSON
) -> Proposed:
    return Proposed(REQUEST, OFFERS[place], by, NOW + timedelta(minutes=minutes), declined)


def outcomes(*proposals: Proposed) -> list[Outcome]:
    return [each.outcome for each in decided_lists([listed()], proposals)[0].offers]


def test_what_stands_above_a_proposal_was_skipped() -> None:
    assert outcomes(proposal(2)) == ["skipped", "skipped", "proposed", "shown"]
    assert outcomes(proposal(2), proposal(0)) == ["proposed", "skipped", "proposed", "shown"]


def test_what_a_portfolio_passed_over_is_left_out() -> None:
    planned = replace(proposal(2), in_portfolio=True)
    found = decided_lists([listed()], [planned])[0].offers
    assert [(each.offer, each.outcome) for each in found] == [
        (str(OFFERS[2]), "proposed"),
        (str(OFFERS[3]), "shown"),
    ]
    assert outcomes(planned, proposal(0)) == ["proposed", "proposed", "shown"]
    assert outcomes(planned, proposal(1)) == ["skipped", "proposed", "proposed", "shown"]
    assert outcomes(planned, proposal(3)) == ["skipped", "skipped", "proposed", "proposed"]


def test_only_what_does_not_fit_is_declined() -> None:
    unfit = proposal(0, declined=("decline_by_state", "content"))
    busy = proposal(0, declined=("decline_by_partner", "capacity"))
    assert outcomes(unfit)[0] == "declined"
    assert outcomes(busy)[0] == "proposed"


def test_nothing_is_learned_from_an_exclusion() -> None:
    excluded = proposal(1, declined=("decline_by_state", "excluded_provider"))
    found = decided_lists([listed()], [excluded])[0]
    assert str(OFFERS[1]) not in [each.offer for each in found.offers]


def test_a_list_without_a_decision_is_none() -> None:
    assert decided_lists([listed()], []) == []
    assert decided_lists([listed(minutes=5)], [proposal(0)]) == []  # shown after it
    assert decided_lists([listed(offers=OFFERS[:2])], [proposal(3)]) == []


def test_a_proposal_belongs_to_the_last_list_that_its_author_saw() -> None:
    lists = [listed(), listed(minutes=1), listed(OTHER, minutes=2)]
    latest = replace(lists[1], learned="latest")
    found = decided_lists([lists[0], latest, lists[2]], [proposal(0, minutes=3)])
    assert [one.learned for one in found] == ["latest"]
    assert len(decided_lists([lists[2]], [proposal(0, minutes=3)])) == 1  # somebody saw it


def test_values_come_out_in_units_of_the_text() -> None:
    found = decided_lists([listed()], [proposal(0)])[0].offers[0]
    assert (round(found.text, 6), found.base, found.words, found.meaning) == (0.5, 0.5, 0.1, 0.2)
    assert round(found.text + found.rest, 6) == round((0.34 * 0.5 + 0.3) / 0.34, 6)
