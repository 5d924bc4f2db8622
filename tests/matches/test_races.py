"""A hundred approvals of one last unit: one succeeds, ninety-nine get a clean 409."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from concord.actor import Actor
from concord.errors import Conflict, NotAllowed
from concord.matches import actions
from concord.matches.models import Match
from concord.matches.states import MatchState
from concord.offers.models import OfferSlot
from concord.requests.models import RequestItem
from tests.factories.matches import (
    Cast,
    accepted,
    cast,
    fresh,
    later,
    offered,
    open_request,
    proposed,
)
from tests.matches.conftest import Browse
from tests.matches.seen import counts, cover_rows

pytestmark = pytest.mark.usefixtures("database")
Rivals = Callable[[Cast, int], Awaitable[list[Match]]]
MANY = 100
CLIENTS = 20


async def outcome(match: Match, approver: Actor) -> str:
    try:
        await actions.approve(match, actor=approver, now=later(days=1))
    except Conflict as refused:
        return str(refused)
    return "approved"


async def of_one_slot(players: Cast, number: int) -> list[Match]:
    """Matches of one slot unit, for a request each; only one of them can still hold it."""
    offer = await offered(
        players.provider, slots=[("INV.02", "training_course", 1, "training_places")]
    )
    found = []
    for each in range(number):
        start = date(2027, 3, 1) + timedelta(days=each)
        match = await accepted(
            players,
            request=await open_request(),
            offer=offer,
            quantity=1,
            dates=(start, start),
        )
        assert await actions.overdue(match.id, now=later(days=60))
        found.append(match)
    return found


async def test_of_one_last_slot_unit() -> None:
    players = await cast()
    matches = await of_one_slot(players, MANY)
    results = await asyncio.gather(*(outcome(match, players.approver) for match in matches))
    assert results.count("approved") == 1
    assert set(results) - {"approved"} == {
        "The offer has no capacity left for this. Nothing was changed."
    }
    assert await counts(matches[0]) == {
        "slot": (0, 1),
        "item": (1 if results[0] == "approved" else 0, 0),
    }
    assert await cover_rows() == 1


async def of_one_item(players: Cast, number: int) -> list[Match]:
    request = await open_request(
        items=[("INV.02", "training_course", "prosecution", 1, "training_places")]
    )
    return [
        await accepted(players, request=request, offer=await offered(players.provider), quantity=1)
        for _ in range(number)
    ]


async def test_of_one_items_last_unit_by_as_many_offers() -> None:
    players = await cast()
    matches = await of_one_item(players, MANY)
    results = await asyncio.gather(*(outcome(match, players.approver) for match in matches))
    assert results.count("approved") == 1
    item = await RequestItem.get(request_id=matches[0].request_id)
    assert (item.reserved, item.delivered) == (1, 0)
    assert await OfferSlot.filter(held__gt=0).count() == 0
    assert await OfferSlot.filter(reserved=1).count() == 1
    assert await Match.filter(state=MatchState.LAPSED).count() == MANY - 1


@pytest.mark.parametrize("rivals", [of_one_item, of_one_slot])
async def test_by_clients_over_http(browse: Browse, rivals: Rivals) -> None:
    players = await cast()
    matches = await rivals(players, MANY)
    for match in matches:
        await match.refresh_from_db()
    browsers = [await browse(players.approver) for _ in matches]
    answers = await asyncio.gather(
        *(
            browser.post(
                f"/matches/{match.public_id}/approval",
                data={"version": str(match.version), "idempotency_key": match.public_id},
            )
            for browser, match in zip(browsers, matches, strict=True)
        )
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [303] + [409] * (MANY - 1)


async def test_of_overlapping_undertakings_of_many_requests() -> None:
    """Every match has capacity of its own: the cover alone decides."""
    players = await cast()
    matches = [await accepted(players, quantity=1) for _ in range(CLIENTS)]
    results = await asyncio.gather(*(outcome(match, players.approver) for match in matches))
    assert results.count("approved") == 1
    assert all(text.startswith(("approved", "This would repeat MAT-")) for text in results)
    assert await cover_rows() == 1


async def test_one_match_is_approved_once() -> None:
    players = await cast()
    match = await accepted(players)
    results = await asyncio.gather(*(outcome(match, players.approver) for _ in range(CLIENTS)))
    assert results.count("approved") == 1
    assert await counts(match) == {"slot": (0, 10), "item": (10, 0)}


async def test_undo_and_consent_at_once_leave_one_of_them() -> None:
    players = await cast()
    match = await proposed(players)

    async def undo() -> str:
        try:
            await actions.undo(match, actor=players.coordinator, now=later(seconds=30))
        except NotAllowed:
            return "NotAllowed"
        return "undone"

    async def consent() -> str:
        try:
            await actions.consent(
                match, data_shared=(), actor=players.focal_point, now=later(seconds=30)
            )
        except Conflict:
            return "Conflict"
        return "consented"

    results = await asyncio.gather(undo(), consent())
    state = (await fresh(match)).state
    assert (set(results), state) in [
        ({"undone", "Conflict"}, MatchState.CANCELLED),
        ({"consented", "NotAllowed"}, MatchState.STATE_CONSENTED),
    ]
