"""What is planned, reported and confirmed never exceeds what was approved."""

from dataclasses import replace
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from concord.deliveries import actions
from concord.deliveries.queries import left_to_plan
from concord.deliveries.values import Attendance
from concord.errors import Conflict, InvalidInput, NotAllowed, StaleVersion
from concord.matches.actions.capacity import slot_share
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, DeliveryLine, DeliveryParticipants, MatchLine
from concord.matches.states import MatchState
from tests.factories import people
from tests.factories.deliveries import (
    OVER,
    STARTED,
    agreed_match,
    confirmed_delivery,
    fresh_delivery,
    line_of,
    match_in_delivery,
    on,
    plan_of,
    planned_delivery,
    report_on,
    reported_delivery,
    running_delivery,
)
from tests.factories.matches import Cast, cast, fresh, open_request

pytestmark = pytest.mark.usefixtures("database")
D = DeliveryState


async def test_the_plans_of_a_line_share_it() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    first = await planned_delivery(players, match, quantity=6)
    line = await line_of(match)
    assert await left_to_plan(match.id) == {line.id: 4}
    with pytest.raises(InvalidInput) as refused:
        await planned_delivery(players, match, quantity=5)
    assert f"line-{line.id}" in refused.value.fields
    await planned_delivery(players, match, quantity=4)
    await actions.cancel_delivery(first, actor=players.partner, now=STARTED)
    assert await left_to_plan(match.id) == {line.id: 6}
    assert (await fresh(match)).state is MatchState.IN_DELIVERY


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"ends_on": on("2027-02-01")}, "ends_on"),
        ({"ends_on": on("2099-02-01")}, "ends_on"),
        ({"starts_on": on("2026-02-01")}, "starts_on"),
        ({"lines": ()}, "lines"),
    ],
)
async def test_a_plan_with_a_fault_is_refused(changes: dict[str, Any], field: str) -> None:
    players = await cast()
    match = await agreed_match(players)
    plan = replace(await plan_of(match), **changes)
    with pytest.raises(InvalidInput) as refused:
        await actions.plan(match, plan, actor=players.partner, now=STARTED)
    assert field in refused.value.fields


async def test_more_than_planned_may_be_reported_while_something_is_left() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await running_delivery(players, match, quantity=6)
    await planned_delivery(players, match, quantity=2)
    report = await report_on(delivery, 9)
    with pytest.raises(InvalidInput):
        await actions.report(delivery, report, actor=players.partner, now=OVER)
    await actions.report(delivery, await report_on(delivery, 8), actor=players.partner, now=OVER)
    assert (await fresh_delivery(delivery)).lines[0].effective == 8


async def test_the_state_confirms_less_and_the_rest_returns() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    line = await line_of(match)
    with pytest.raises(InvalidInput):
        await actions.confirm(
            delivery, quantities={line.id: 11}, actor=players.focal_point, now=OVER
        )
    with pytest.raises(InvalidInput):
        await actions.confirm(
            delivery, quantities={line.id: 0}, actor=players.focal_point, now=OVER
        )
    await actions.confirm(delivery, quantities={line.id: 7}, actor=players.focal_point, now=OVER)
    line = await line_of(match)
    assert (line.delivered_item, line.item.reserved, line.item.delivered) == (7, 0, 7)
    assert (line.slot.reserved, line.slot.delivered) == (0, 7)
    assert (line.status, line.live) == ("released", False)


async def test_attendance_is_counted_never_named() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    rows = await DeliveryParticipants.filter(delivery_id=delivery.id)
    assert [(row.institution, row.women, row.men, row.other) for row in rows] == [
        ("Prosecution", 6, 3, 1)
    ]
    with pytest.raises(IntegrityError):
        await DeliveryParticipants.filter(delivery_id=delivery.id).update(women=-1)


async def test_a_report_with_faults_names_each_field() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await running_delivery(players, match)
    report = await report_on(
        delivery,
        0,
        text="",
        ends_on=on("2030-01-01"),
        attendance=(Attendance("", women=-1),),
    )
    with pytest.raises(InvalidInput) as refused:
        await actions.report(delivery, report, actor=players.partner, now=OVER)
    assert set(refused.value.fields) == {
        "text",
        "ends_on",
        "lines",
        "attendance-0-institution",
        "attendance-0-women",
    }


@pytest.mark.parametrize(
    ("shares", "expected"), [((3, 3, 4), [5, 4, 6]), ((1,) * 10, [2, 1] * 5), ((10,), [15])]
)
def test_slot_shares_add_up_to_the_whole(shares: tuple[int, ...], expected: list[int]) -> None:
    line = MatchLine(item_quantity=10, slot_quantity=15)
    given = []
    for quantity in shares:
        part = slot_share(line, quantity)
        line.delivered_item += quantity
        line.delivered_slot += part
        given.append(part)
    assert (given, line.delivered_slot) == (expected, 15)


async def test_the_database_refuses_too_much() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    first = await planned_delivery(players, match, quantity=6)
    second = await planned_delivery(players, match, quantity=4)
    line = await line_of(match)
    for change in (
        DeliveryLine.filter(delivery_id=second.id).update(quantity=5),
        DeliveryLine.filter(delivery_id=first.id).update(reported_quantity=7),
        DeliveryLine.filter(delivery_id=first.id).update(confirmed_quantity=1),
        DeliveryLine.filter(delivery_id=first.id).update(quantity=0),
        MatchLine.filter(id=line.id).update(delivered_item=11),
        MatchLine.filter(id=line.id).update(delivered_slot=11),
        Delivery.filter(id=first.id).update(ends_on=on("2020-01-01")),
    ):
        with pytest.raises(IntegrityError):
            await change


async def test_a_delivery_serves_its_own_match_alone() -> None:
    players, others = await cast(), await cast("QNN")
    request = await open_request("QNN")
    match = await match_in_delivery(players)
    delivery = await planned_delivery(players, match)
    stranger = await line_of(await agreed_match(others, request=request))
    with pytest.raises(IntegrityError):
        await DeliveryLine.create(delivery_id=delivery.id, line_id=stranger.id, quantity=1)


async def test_who_plans_reports_and_confirms() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    stranger = await people.focal_point("QZZ")
    for actor in (players.partner, players.coordinator, players.approver, stranger):
        with pytest.raises(NotAllowed):
            await actions.confirm(delivery, actor=actor, now=OVER)
    for actor in (players.focal_point, players.coordinator, stranger):
        with pytest.raises(NotAllowed):
            await actions.plan(match, await plan_of(match, 1), actor=actor, now=STARTED)


async def test_a_stale_form_is_told_so() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    with pytest.raises(StaleVersion):
        await actions.confirm(delivery, actor=players.focal_point, now=OVER, version=1)


async def test_confirmed_once() -> None:
    players: Cast = await cast()
    match = await match_in_delivery(players)
    delivery = await confirmed_delivery(players, match)
    with pytest.raises(Conflict):
        await actions.confirm(delivery, actor=players.focal_point, now=OVER)
