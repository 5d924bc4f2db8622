"""Two coordinators and one last slot; many rows at once, in no order."""

import asyncio

import pytest

from concord.actor import Actor
from concord.matches.models import Match
from concord.offers.models import OfferSlot
from concord.portfolio.actions import propose_rows
from concord.portfolio.models import PortfolioRun
from tests.conftest import NOW
from tests.factories import offers, people, requests
from tests.factories.rankings import ranked
from tests.portfolio.solving import pairs, slots_of_topics, solved

pytestmark = pytest.mark.usefixtures("database")


async def propose(run: PortfolioRun, actor: Actor) -> list[bool]:
    result = await propose_rows(
        run, pairs(run), rationale="", no_conflict=True, actor=actor, now=NOW
    )
    assert result.already | set(result.outcomes) == pairs(run)
    return ["match" in result.outcomes.get(pair, {}) for pair in sorted(pairs(run))]


async def test_two_coordinators_propose_the_last_slot() -> None:
    """Each plans for the State that it serves; one gets the slot, the other is told."""
    await offers.published(slots=slots_of_topics("INV.02"))
    players = []
    for state in ("QMM", "QNN"):
        await ranked(await requests.open_request(state))
        actor = await people.coordinator(state)
        players.append((await solved(actor), actor))
    assert all(len(run.rows) == 1 for run, _actor in players)
    results = await asyncio.gather(*(propose(run, actor) for run, actor in players))
    assert sorted(results) == [[False], [True]]
    assert await Match.all().count() == 1
    assert [slot.held for slot in await OfferSlot.all()] == [40]


async def test_many_rows_at_once_never_wait_in_a_circle() -> None:
    """Both coordinators serve all States and hold the same rows."""
    for _ in range(4):
        await offers.published(slots=slots_of_topics("INV.02"))
        await ranked(await requests.open_request())
    actors = [await people.coordinator(), await people.coordinator()]
    runs = [await solved(actor) for actor in actors]
    results = await asyncio.gather(*map(propose, runs, actors))
    assert sum(map(sum, results)) == await Match.all().count() == len(runs[0].rows)


async def test_the_same_rows_twice_at_once_are_proposed_once() -> None:
    await offers.published(slots=slots_of_topics("INV.02"))
    await ranked(await requests.open_request())
    actor = await people.coordinator()
    run = await solved(actor)
    results = await asyncio.gather(*(propose(run, actor) for _ in range(2)))
    assert sorted(results) == [[False], [True]]
    assert await Match.all().count() == 1
