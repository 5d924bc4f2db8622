"""A match from approval to its closing: states, quantities, cover, tasks and messages."""

import pytest

from concord.deliveries import actions, clocks
from concord.matches import clocks as match_clocks
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, LessonDraft, Match
from concord.matches.states import MatchState
from concord.requests.models import Request
from concord.requests.states import RequestState
from tests.factories.deliveries import (
    OVER,
    STARTED,
    agreed_match,
    confirmed_delivery,
    day,
    delivered_match,
    evaluated_match,
    form_of,
    line_of,
    match_in_delivery,
    reported_delivery,
)
from tests.factories.matches import FIRST, LAST, cast, fresh
from tests.matches.seen import cover_rows, forget_told, live_disclosures, open_tasks, told, trail

pytestmark = pytest.mark.usefixtures("database")
S, D = MatchState, DeliveryState


async def quantities(match: Match) -> dict[str, tuple[int, int, int]]:
    """Reserved, delivered, unconfirmed of the item; held, reserved, delivered of the slot."""
    line = await line_of(match)
    item, slot = line.item, line.slot
    return {
        "item": (item.reserved, item.delivered, item.unconfirmed),
        "slot": (slot.held, slot.reserved, slot.delivered),
        "line": (line.item_quantity, line.delivered_item, line.delivered_slot),
    }


async def test_from_approval_to_closing() -> None:
    players = await cast()
    match = await agreed_match(players)
    assert (match.state, match.starts_on, match.ends_on) == (S.AGREED, FIRST, LAST)
    assert await open_tasks(match) == {"start_match"}
    await actions.start(match, actor=players.partner, now=STARTED)
    match = await fresh(match)
    assert (match.state, await open_tasks(match)) == (S.IN_DELIVERY, {"plan_delivery"})
    delivery = await confirmed_delivery(players, match)
    match = await fresh(match)
    assert (delivery.state, delivery.confirmed_by) == (D.CONFIRMED, "state")
    assert await quantities(match) == {
        "item": (0, 10, 0),
        "slot": (0, 0, 10),
        "line": (10, 10, 10),
    }
    assert (match.state, await open_tasks(match)) == (S.DELIVERED, {"evaluate_match"})
    assert (await Request.get(id=match.request_id)).state is RequestState.PARTIALLY_MET
    assert not await actions.evaluate(match, form_of("state"), actor=players.focal_point, now=OVER)
    assert await actions.evaluate(match, form_of("provider"), actor=players.partner, now=OVER)
    match = await fresh(match)
    assert (match.state, await open_tasks(match)) == (S.EVALUATED, set())
    await actions.close(match, actor=players.coordinator, now=OVER)
    match = await fresh(match)
    assert (match.state, match.silent, match.due_at) == (S.CLOSED, [], None)
    assert await live_disclosures(match) == 0
    assert await cover_rows() == 1
    lesson = await LessonDraft.get(match_id=match.id)
    assert "Start earlier." in lesson.text
    assert (await trail(match))[-5:] == [
        "match.start",
        "match.deliver",
        "match.evaluate",
        "match.evaluate",
        "match.close",
    ]


async def test_the_clock_closes_and_names_who_was_silent() -> None:
    players = await cast()
    match = await delivered_match(players)
    await actions.evaluate(match, form_of("provider"), actor=players.partner, now=OVER)
    match = await fresh(match)
    assert match.due_at is not None
    assert await clocks.run(OVER) == 0
    assert await clocks.run(match.due_at) == 1
    match = await fresh(match)
    assert (match.state, match.silent) == (S.CLOSED, ["state:QMM"])
    assert await open_tasks(match) == set()


async def test_silence_confirms_and_counts_apart() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    assert delivery.due_at is not None
    await forget_told()
    await clocks.run(delivery.due_at)
    delivery = await Delivery.get(id=delivery.id)
    assert (delivery.state, delivery.confirmed_by) == (D.CONFIRMED, "silence")
    assert (await quantities(match))["item"] == (0, 10, 10)
    match = await fresh(match)
    assert match.state is S.DELIVERED
    request = await Request.get(id=match.request_id)
    assert request.state is RequestState.OPEN
    assert ("match_delivered_to_state", "state") in await told(match, players)
    await actions.acknowledge(delivery, actor=players.focal_point, now=day(days=90))
    assert (await quantities(match))["item"] == (0, 10, 0)
    assert (await Request.get(id=match.request_id)).state is RequestState.PARTIALLY_MET


async def test_an_agreed_match_that_never_starts_lapses() -> None:
    players = await cast()
    match = await agreed_match(players)
    assert match.due_at is not None
    assert await match_clocks.run(match.due_at) >= 1
    match = await fresh(match)
    assert match.state is S.LAPSED
    assert await cover_rows() == 0
    assert (await quantities(match))["item"] == (0, 0, 0)


async def test_evaluated_matches_close_in_time() -> None:
    players = await cast()
    match = await evaluated_match(players)
    assert match.due_at is not None
    assert await clocks.run(match.due_at) == 1
    assert (await fresh(match)).silent == []
