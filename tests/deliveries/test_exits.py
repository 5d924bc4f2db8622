"""An ended match keeps what was delivered, and holds nothing else."""

from typing import Any

import pytest
from tortoise.connection import get_connection

from concord.deliveries import actions
from concord.errors import InvalidInput, NotAllowed
from concord.inbox.models import Task
from concord.matches import actions as matches
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, Match
from concord.matches.states import EXITS, MatchState
from concord.organizations.models import Organization
from concord.organizations.states import Verification
from concord.requests.models import Request
from concord.requests.states import RequestState
from tests.factories.deliveries import (
    OVER,
    STARTED,
    agreed_match,
    confirmed_delivery,
    delivered_match,
    disputed_delivery,
    fresh_delivery,
    line_of,
    match_in_delivery,
    planned_delivery,
    reported_delivery,
)
from tests.factories.matches import Cast, cast, fresh
from tests.matches.seen import cover_rows, live_disclosures, open_tasks, told, trail

pytestmark = pytest.mark.usefixtures("database")
S, D = MatchState, DeliveryState
REASON = "cancelled.need_changed"


async def cover_days() -> list[tuple[str, str]]:
    rows = await get_connection("default").execute_query_dict(
        "SELECT lower(period)::text AS first, upper(period)::text AS last FROM cover ORDER BY 1"
    )
    return [(row["first"], row["last"]) for row in rows]


async def holds_nothing(match: Match) -> None:
    line = await line_of(match)
    assert (line.item.reserved, line.slot.reserved, line.slot.held) == (0, 0, 0)
    assert (line.status, line.live) == ("released", False)
    assert await open_tasks(match) == set()
    ids = await Delivery.filter(match_id=match.id).values_list("id", flat=True)
    assert not await Task.filter(subject_id__in=list(ids), closed_at=None).exists()
    assert await live_disclosures(match) == 0


async def with_a_delivered_part(players: Cast) -> tuple[Match, Delivery, Delivery]:
    """Four confirmed, three planned, three reported of ten."""
    match = await match_in_delivery(players)
    reported = await reported_delivery(players, match, quantity=3)
    planned = await planned_delivery(players, match, quantity=3)
    await confirmed_delivery(players, match, quantity=4)
    return await fresh(match), reported, planned


@pytest.mark.parametrize("who", ["focal_point", "approver"])
async def test_cancelled_with_the_delivered_part_confirmed(who: str) -> None:
    players = await cast()
    match, reported, planned = await with_a_delivered_part(players)
    actor: Any = getattr(players, who)
    with pytest.raises(InvalidInput):
        await matches.cancel(match, reason=REASON, actor=actor, now=OVER)
    line = await line_of(match)
    decided = {reported.id: {line.id: 2}}
    await matches.cancel(match, reason=REASON, decided=decided, actor=actor, now=OVER)
    match, line = await fresh(match), await line_of(match)
    assert (match.state, line.delivered_item, line.item.delivered) == (S.CANCELLED, 6, 6)
    assert line.item.unconfirmed == (0 if who == "focal_point" else 2)
    assert (await fresh_delivery(planned)).state is D.CANCELLED
    assert (await fresh_delivery(reported)).confirmed_by == (
        "state" if who == "focal_point" else "unodc"
    )
    await holds_nothing(match)
    assert await cover_rows() == 1
    assert (await Request.get(id=match.request_id)).state is RequestState.PARTIALLY_MET


async def test_a_provider_only_takes_its_report_back() -> None:
    players = await cast()
    match, reported, _planned = await with_a_delivered_part(players)
    line = await line_of(match)
    for decided in ({}, {reported.id: {line.id: 3}}):
        with pytest.raises(InvalidInput):
            await matches.cancel(
                match, reason=REASON, decided=decided, actor=players.partner, now=OVER
            )
    await matches.cancel(
        match, reason=REASON, decided={reported.id: None}, actor=players.partner, now=OVER
    )
    assert (await line_of(match)).delivered_item == 4
    await holds_nothing(await fresh(match))


async def test_nothing_delivered_leaves_no_cover() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await disputed_delivery(players, match)
    await matches.cancel(
        match, reason=REASON, decided={delivery.id: None}, actor=players.focal_point, now=OVER
    )
    assert await cover_rows() == 0
    await holds_nothing(await fresh(match))


async def test_cover_moves_with_the_start_and_shrinks_to_what_was_delivered() -> None:
    players = await cast()
    match = await agreed_match(players)
    before = await cover_days()
    await actions.start(match, actor=players.partner, now=OVER)
    assert (await cover_days())[0][0] == OVER.date().isoformat() != before[0][0]
    with pytest.raises(NotAllowed):
        await matches.cancel(match, reason=REASON, actor=players.coordinator, now=OVER)


@pytest.mark.parametrize("stage", [agreed_match, match_in_delivery])
async def test_suspended_and_back_to_where_it_was(stage: Any) -> None:
    players = await cast()
    match = await stage(players)
    before, waiting = match.state, await open_tasks(match)
    await matches.suspend(match, actor=players.focal_point, now=STARTED)
    match = await fresh(match)
    assert (match.state, match.state_before) == (S.SUSPENDED, before)
    assert await open_tasks(match) == set()
    assert (await line_of(match)).item.reserved == 10
    await matches.resume(match, actor=players.focal_point, now=OVER)
    assert (await fresh(match)).state is before
    assert await open_tasks(match) == waiting


async def test_what_is_confirmed_while_suspended_delivers_on_resuming() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    await matches.suspend(match, actor=players.partner, now=OVER)
    await actions.confirm(delivery, actor=players.focal_point, now=OVER)
    assert (await fresh(match)).state is S.SUSPENDED
    await matches.resume(match, actor=players.partner, now=OVER)
    assert (await fresh(match)).state is S.DELIVERED
    assert (await trail(match))[-2:] == ["match.resume", "match.deliver"]


async def test_an_approver_ends_a_suspension_with_the_delivered_part() -> None:
    players = await cast()
    match, reported, _planned = await with_a_delivered_part(players)
    await matches.suspend(match, actor=players.approver, now=OVER)
    await matches.end_suspension(
        match, reason=REASON, decided={reported.id: None}, actor=players.approver, now=OVER
    )
    assert (await fresh(match)).state is S.CANCELLED
    await holds_nothing(await fresh(match))


async def test_consent_taken_back_after_the_agreement_stops_sharing_alone() -> None:
    players = await cast()
    match = await agreed_match(players)
    await matches.withdraw_consent(match, actor=players.focal_point, now=STARTED)
    match = await fresh(match)
    assert match.state is S.AGREED
    assert await live_disclosures(match) == 0
    assert ("sharing_stopped_to_providers", "partner") in await told(match, players)
    await actions.start(match, actor=players.partner, now=STARTED)


async def test_a_withdrawn_request_ends_agreed_and_later_ones_in_the_same_act() -> None:
    players = await cast()
    match, reported, _planned = await with_a_delivered_part(players)
    request = await Request.get(id=match.request_id)
    with pytest.raises(InvalidInput):
        await matches.withdraw_request(request, actor=players.focal_point, now=OVER)
    assert (await fresh(match)).state is S.IN_DELIVERY
    line = await line_of(match)
    await matches.withdraw_request(
        request, decided={reported.id: {line.id: 3}}, actor=players.focal_point, now=OVER
    )
    assert (await fresh(match)).state in EXITS
    assert (await line_of(match)).delivered_item == 7
    await holds_nothing(await fresh(match))


async def test_a_withdrawn_request_closes_what_is_delivered() -> None:
    players = await cast()
    match = await delivered_match(players)
    request = await Request.get(id=match.request_id)
    await matches.withdraw_request(request, actor=players.focal_point, now=OVER)
    assert (await fresh(match)).state is S.CLOSED
    await holds_nothing(await fresh(match))


async def test_a_suspended_request_suspends_later_ones_unless_the_state_lets_one_go_on() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    request = await Request.get(id=match.request_id)
    await matches.suspend_request(request, keep=[match.id], actor=players.focal_point, now=OVER)
    assert (await fresh(match)).state is S.IN_DELIVERY
    await matches.resume_request(request, actor=players.focal_point, now=OVER)
    await matches.suspend_request(request, actor=players.focal_point, now=OVER)
    assert (await fresh(match)).state is S.SUSPENDED
    await matches.resume_request(request, actor=players.focal_point, now=OVER)
    assert (await fresh(match)).state is S.IN_DELIVERY


async def test_a_withdrawn_offer_lets_agreed_ones_go_on_even_while_suspended() -> None:
    players = await cast()
    match = await agreed_match(players)
    await matches.suspend(match, actor=players.focal_point, now=STARTED)
    await match.fetch_related("offer")
    await matches.withdraw_offer(match.offer, actor=players.partner, now=STARTED)
    assert (await fresh(match)).state is S.SUSPENDED
    await matches.resume(match, actor=players.focal_point, now=STARTED)
    assert (await fresh(match)).state is S.AGREED


async def test_a_suspended_provider_suspends_its_later_matches() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    place = Organization.filter(id=players.provider.id)
    await place.update(verification=Verification.SUSPENDED)
    await matches.provider_suspended(players.provider.id, actor=players.coordinator, now=OVER)
    assert (await fresh(match)).state is S.SUSPENDED
    await place.update(verification=Verification.VERIFIED)
    await matches.provider_reinstated(players.provider.id, actor=players.coordinator, now=OVER)
    assert (await fresh(match)).state is S.IN_DELIVERY
