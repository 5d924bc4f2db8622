"""Many at once: one confirmation counts, and a line is never delivered twice over."""

import asyncio

import pytest

from concord.actor import Actor
from concord.deliveries import actions
from concord.errors import Conflict
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery
from concord.matches.states import MatchState
from tests.factories.deliveries import (
    OVER,
    line_of,
    match_in_delivery,
    plan_of,
    reported_delivery,
)
from tests.factories.matches import cast, fresh
from tests.matches.seen import trail

pytestmark = pytest.mark.usefixtures("database")
MANY = 20


async def outcome(delivery: Delivery, actor: Actor) -> str:
    try:
        await actions.confirm(delivery, actor=actor, now=OVER)
    except Conflict:
        return "refused"
    return "confirmed"


async def test_one_confirmation_of_twenty_counts() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    answers = await asyncio.gather(
        *(outcome(delivery, players.focal_point) for _each in range(MANY))
    )
    assert sorted(answers) == ["confirmed"] + ["refused"] * (MANY - 1)
    line = await line_of(match)
    assert (line.delivered_item, line.item.delivered, line.slot.delivered) == (10, 10, 10)


async def test_twenty_deliveries_of_one_line_are_confirmed_at_once() -> None:
    players = await cast()
    match = await match_in_delivery(players, quantity=20)
    made = [await reported_delivery(players, match, quantity=1) for _each in range(MANY)]
    answers = await asyncio.gather(*(outcome(each, players.focal_point) for each in made))
    assert answers == ["confirmed"] * MANY
    line = await line_of(match)
    assert (line.delivered_item, line.item.reserved, line.item.delivered) == (20, 0, 20)
    assert (line.slot.reserved, line.slot.delivered) == (0, 20)
    assert (await fresh(match)).state is MatchState.DELIVERED
    assert (await trail(match)).count("match.deliver") == 1


async def test_twenty_plans_of_one_last_unit() -> None:
    players = await cast()
    match = await match_in_delivery(players, quantity=1)
    plan = await plan_of(match, 1)

    async def planned() -> str:
        try:
            await actions.plan(match, plan, actor=players.partner, now=OVER)
        except Exception as refused:
            return type(refused).__name__
        return "planned"

    answers = await asyncio.gather(*(planned() for _each in range(MANY)))
    assert sorted(answers) == ["InvalidInput"] * (MANY - 1) + ["planned"]
    assert await Delivery.filter(match_id=match.id, state=DeliveryState.PLANNED).count() == 1
