"""What a portfolio proposes, gains and leaves open."""

from datetime import timedelta

import pytest

from concord.matches.actions import decline_by_state
from concord.offers.models import Offer, OfferSlot
from concord.portfolio.actions import ask, store
from concord.portfolio.forms import draft_of
from concord.portfolio.gathering import fingerprint_for, gather
from concord.portfolio.models import PortfolioRun
from concord.portfolio.values import HIGHEST, Draft, Pair, Terms
from concord.requests.states import Confidentiality
from matching.portfolio import solve
from tests.conftest import NOW
from tests.counting import counted_queries
from tests.factories import offers, people, requests
from tests.factories.matches import cast, offered, open_request, proposed
from tests.factories.rankings import ranked
from tests.portfolio.solving import answered, pairs, rivals, slots_of_topics, solved

pytestmark = pytest.mark.usefixtures("database")


async def test_more_are_served_than_one_by_one() -> None:
    flexible, strict = await rivals()
    run = await solved(await people.coordinator("QMM"))
    wide, narrow = await Offer.get(title="Wide"), await Offer.get(title="Narrow")
    assert pairs(run) == {
        f"{flexible.public_id}:{narrow.public_id}",
        f"{strict.public_id}:{wide.public_id}",
    }
    figures = run.figures
    assert [figures[name]["served"] for name in ("plan", "first_come")] == [2, 1]
    assert figures["plan"]["total"] > figures["first_come"]["total"]
    assert run.unmet == []


async def test_a_pair_that_stays_is_solved_around() -> None:
    flexible, strict = await rivals()
    wide = await Offer.get(title="Wide")
    kept = Pair(flexible.public_id, wide.public_id)
    run = await solved(await people.coordinator("QMM"), Draft(kept=frozenset({kept})))
    assert pairs(run) == {str(kept)}
    assert [(row["request"], row["why"]) for row in run.unmet] == [(strict.public_id, "taken")]


async def test_a_pair_that_is_ruled_out_is_never_proposed() -> None:
    _flexible, strict = await rivals()
    wide = await Offer.get(title="Wide")
    out = frozenset({Pair(strict.public_id, wide.public_id)})
    run = await solved(await people.coordinator("QMM"), Draft(excluded=out))
    assert len(run.rows) == 1
    assert str(Pair(strict.public_id, wide.public_id)) not in pairs(run)
    assert [row["why"] for row in run.unmet] == ["excluded"]


async def test_urgent_requests_come_first() -> None:
    await offers.published(slots=slots_of_topics("INV.02"))
    calm, urgent = await requests.open_request(), await requests.open_request(urgent=True)
    for one in (calm, urgent):
        await ranked(one)
    coordinator = await people.coordinator("QMM")
    run = await solved(coordinator)
    assert [row["request"] for row in run.rows] == [urgent.public_id]


async def test_a_request_without_any_offer_says_so() -> None:
    opened = await requests.open_request()
    await ranked(opened)
    run = await solved(await people.coordinator("QMM"))
    assert [(row["request"], row["why"]) for row in run.unmet] == [(opened.public_id, "nothing")]


async def test_what_is_being_decided_is_not_proposed_again() -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    await ranked(request)
    assert len((await solved(players.coordinator)).rows) == 1
    await proposed(players, request=request, offer=offer, quantity=20)
    run = await solved(players.coordinator)
    assert (run.rows, run.unmet) == ([], [])


async def test_a_declined_pair_rests_as_it_does_for_a_proposal() -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    await ranked(request)
    match = await proposed(players, request=request, offer=offer, quantity=20)
    await decline_by_state(
        match, reason="declined_by_state.timing", actor=players.focal_point, now=NOW
    )
    run = await solved(players.coordinator)
    assert [row["why"] for row in run.unmet] == ["declined"]
    await Offer.all().update(scope_changed_at=NOW + timedelta(days=1))
    run = await solved(players.coordinator)
    assert (len(run.rows), run.unmet) == (1, [])


async def test_a_slot_on_a_topic_too_far_is_no_option() -> None:
    await offers.published(slots=slots_of_topics("INV.02"))
    await ranked(await requests.open_request())
    coordinator = await people.coordinator("QMM")
    assert len((await solved(coordinator)).rows) == 1
    await OfferSlot.all().update(topic_id="SUB.01")
    run = await solved(coordinator)
    assert (run.rows, [row["why"] for row in run.unmet]) == ([], ["far"])


@pytest.mark.parametrize("number", [1, 4])
async def test_gathering_asks_little(number: int) -> None:
    await offers.published(slots=slots_of_topics("INV.02", capacity=400))
    for _ in range(number):
        await ranked(await requests.open_request())
    coordinator = await people.coordinator("QMM")
    await gather(coordinator, Draft(), now=NOW)
    with counted_queries() as queries:
        found = await gather(coordinator, Draft(), now=NOW)
    assert (len(found.options), len(queries)) == (number, 5)


async def test_a_slot_is_never_given_more_than_it_has() -> None:
    await offers.published(slots=slots_of_topics("INV.02", capacity=60))
    for _ in range(3):
        await ranked(await requests.open_request())
    run = await solved(await people.coordinator("QMM"))
    assert [line[2] for row in run.rows for line in row["lines"]] == [40]
    assert [row["why"] for row in run.unmet] == ["taken", "taken"]


async def test_the_highest_floor_says_its_cost() -> None:
    await rivals()
    terms = Terms(floor=HIGHEST)
    run = await solved(await people.coordinator("QMM"), Draft(terms=terms))
    figures = run.figures
    assert figures["plan"]["served"] == figures["without_floor"]["served"] == 2
    assert figures["floor"] == figures["plan"]["least"]
    high = await solved(await people.coordinator("QMM"), Draft(terms=Terms(floor=1.0)))
    assert {row["why"] for row in high.unmet} == {"floor"}


async def test_only_what_the_coordinator_serves_and_is_named_for() -> None:
    named = await people.coordinator()
    mine, other = await requests.open_request("QMM"), await requests.open_request("QNN")
    sealed = await requests.open_request(
        "QMM",
        confidentiality=Confidentiality.SEALED,
        coordinators=[named.person_id] if named.person_id else [],
    )
    await offers.published(slots=slots_of_topics("INV.02", capacity=400))
    for one in (mine, other, sealed):
        await ranked(one)
    of_one_state = await solved(await people.coordinator("QMM"))
    assert {row["request"] for row in of_one_state.rows} == {mine.public_id}
    of_all = await solved(named)
    assert {row["request"] for row in of_all.rows} == {
        mine.public_id,
        other.public_id,
        sealed.public_id,
    }


async def test_a_change_shows_in_the_fingerprint() -> None:
    await rivals()
    coordinator = await people.coordinator("QMM")
    run = await solved(coordinator)
    assert run.fingerprint == await fingerprint_for(coordinator)
    await OfferSlot.all().update(held=1)
    assert run.fingerprint != await fingerprint_for(coordinator)


async def test_the_same_question_has_the_same_answer() -> None:
    await rivals()
    coordinator = await people.coordinator("QMM")
    first, second = await solved(coordinator), await solved(coordinator)
    assert (first.rows, first.figures, first.unmet) == (second.rows, second.figures, second.unmet)


async def test_a_run_that_waits_asks_the_next_question_instead() -> None:
    await rivals()
    coordinator = await people.coordinator("QMM")
    first = await ask(Draft(), actor=coordinator, now=NOW)
    old = await gather(coordinator, draft_of(first), now=NOW)
    second = await ask(Draft(Terms(price=3.0)), actor=coordinator, now=NOW)
    assert [run.id for run in await PortfolioRun.all()] == [first.id] == [second.id]
    assert not await store(first, old, solve(old.question), actor=coordinator, now=NOW)
    run = await answered(second, coordinator)
    assert (run.terms["price"], len(run.rows)) == (3.0, 2)
