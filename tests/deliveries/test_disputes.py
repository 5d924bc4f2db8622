"""A dispute ends: by a new report, or by UNODC once its time is over."""

import pytest

from concord.actor import Role
from concord.deliveries import actions, clocks
from concord.errors import Conflict, InvalidInput
from concord.inbox.models import Task
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, DeliveryStep
from concord.matches.states import MatchState
from concord.matches.values import OnBehalf
from concord.requests.models import Request
from concord.requests.states import Confidentiality, RequestState
from tests.factories.deliveries import (
    OVER,
    STARTED,
    day,
    disputed_delivery,
    fresh_delivery,
    line_of,
    match_in_delivery,
    planned_delivery,
    report_on,
    reported_delivery,
    running_delivery,
)
from tests.factories.matches import Cast, cast, fresh, open_request

pytestmark = pytest.mark.usefixtures("database")
D = DeliveryState


async def waiting(delivery: Delivery) -> set[str]:
    return {task.kind for task in await Task.filter(subject_id=delivery.id, closed_at=None)}


async def overdue(players: Cast) -> Delivery:
    """Disputed, and nobody reported again in time."""
    match = await match_in_delivery(players)
    delivery = await disputed_delivery(players, match)
    assert delivery.due_at is not None
    await clocks.run(delivery.due_at)
    return await fresh_delivery(delivery)


async def test_the_provider_reports_again_and_the_state_confirms() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await disputed_delivery(players, match)
    assert await waiting(delivery) == {"revise_delivery"}
    assert delivery.dispute_reason == "delivery_disputed.fewer"
    await actions.report(delivery, await report_on(delivery, 8), actor=players.partner, now=OVER)
    assert await waiting(delivery) == {"confirm_delivery"}
    await actions.confirm(await fresh_delivery(delivery), actor=players.focal_point, now=OVER)
    assert (await line_of(match)).delivered_item == 8
    steps = await DeliveryStep.filter(delivery_id=delivery.id).order_by("at", "created_at")
    verbs = [step.verb for step in steps]
    assert verbs == ["plan", "begin", "report", "dispute", "report", "confirm"]


async def test_a_reason_of_the_list_is_needed() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    with pytest.raises(InvalidInput):
        await actions.dispute(delivery, reason="nonsense", actor=players.focal_point, now=OVER)


async def test_unodc_decides_only_when_the_time_is_over() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await disputed_delivery(players, match)
    with pytest.raises(Conflict):
        await actions.decide(delivery, quantities=None, actor=players.approver, now=OVER)


async def test_unodc_counts_a_part_apart() -> None:
    players = await cast()
    delivery = await overdue(players)
    assert await waiting(delivery) == {"revise_delivery", "decide_delivery"}
    now = day(days=90)
    line_id = delivery.lines[0].line_id
    await actions.decide(delivery, quantities={line_id: 4}, actor=players.approver, now=now)
    delivery = await fresh_delivery(delivery)
    assert (delivery.state, delivery.confirmed_by) == (D.CONFIRMED, "unodc")
    assert await waiting(delivery) == set()
    item = (await line_of(await delivery.match)).item
    assert (item.reserved, item.delivered, item.unconfirmed) == (0, 4, 4)
    assert (await Request.get(id=item.request_id)).state is RequestState.OPEN


async def test_unodc_finds_that_it_does_not_count() -> None:
    players = await cast()
    delivery = await overdue(players)
    await actions.decide(delivery, quantities=None, actor=players.approver, now=day(days=90))
    delivery = await fresh_delivery(delivery)
    match = await fresh(await delivery.match)
    assert (delivery.state, match.state) == (D.CANCELLED, MatchState.IN_DELIVERY)
    assert (await line_of(match)).item.reserved == 10


async def test_the_approver_named_on_a_sealed_request_decides() -> None:
    players = await cast()
    request = await open_request(
        confidentiality=Confidentiality.SEALED,
        assigned=[(players.coordinator, Role.COORDINATOR), (players.approver, Role.APPROVER)],
    )
    match = await match_in_delivery(players, request=request)
    delivery = await disputed_delivery(players, match)
    assert delivery.due_at is not None
    await clocks.run(delivery.due_at)
    tasks = await Task.filter(subject_id=delivery.id, kind="decide_delivery", closed_at=None)
    assert players.approver.person_id in {task.person_id for task in tasks}
    assert None not in {task.person_id for task in tasks}


async def test_the_clock_begins_and_asks_for_the_report() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await planned_delivery(players, match)
    assert await clocks.run(STARTED) == 1
    assert (await fresh_delivery(delivery)).state is D.RUNNING
    assert await clocks.run(day(days=4)) == 0
    assert await clocks.run(OVER) == 1
    assert await waiting(delivery) == {"report_delivery"}
    assert await clocks.run(OVER) == 0


async def test_a_match_that_stands_still_is_put_before_an_approver() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    await running_delivery(players, match)
    await clocks.run(day(days=40))
    kinds = {task.kind for task in await Task.filter(subject_id=match.id, closed_at=None)}
    assert kinds == {"decide_stalled_match"}
    assert (await fresh(match)).stalled_at == day(days=40)


async def test_confirmation_on_paper_counts_as_the_states_word() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    await actions.confirm(
        delivery, actor=players.approver, now=OVER, on_behalf=OnBehalf("QMM", "NV 9/2027")
    )
    assert (await fresh_delivery(delivery)).confirmed_by == "state"
    assert (await line_of(match)).item.unconfirmed == 0
