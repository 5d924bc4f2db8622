"""What becomes of an open request: derived states, the flag, closing and follow-up."""

from datetime import UTC, datetime, timedelta

import pytest
from tortoise.transactions import in_transaction

from concord.errors import Conflict, NotAllowed
from concord.matches.models import Match
from concord.matches.states import MatchState
from concord.offers.models import Offer
from concord.reference.identifiers import new_public_id
from concord.requests import clocks
from concord.requests.actions import close, derive, follow_up
from concord.requests.models import Request, RequestItem
from concord.requests.queries import lock
from concord.requests.states import RequestState
from concord.requests.values import FollowUp
from tests.conftest import NOW
from tests.factories import people
from tests.factories import requests as make
from tests.factories.history import set_down
from tests.requests.told import audited, jobs_named, open_tasks, owed

pytestmark = pytest.mark.usefixtures("database")
S = RequestState


async def a_match(request: Request, state: MatchState, *, since: datetime = NOW) -> Match:
    offer = await Offer.create(
        public_id=new_public_id("OFR"),
        organization=await people.provider(),
        state_since=NOW,
        scope_changed_at=NOW,
    )
    made = await Match.create(
        public_id=new_public_id("MAT"),
        request_id=request.id,
        offer=offer,
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        state_since=since,
        scope_changed_at=NOW,
        told_at=NOW,
        proposed_by_id=(await people.coordinator()).person_id,
        proposed_at=NOW,
    )
    await set_down(made, state=state)
    return made


async def deliver(request: Request, *delivered: int) -> RequestState:
    for item, count in zip(await make.items_of(request), delivered, strict=True):
        await RequestItem.filter(id=item.id).update(delivered=count)
    async with in_transaction():
        return await derive(await lock(request.id), now=NOW)


async def test_met_follows_confirmed_deliveries_both_ways() -> None:
    request = await make.open_request(items=[make.ITEM, make.ITEM])

    assert await deliver(request, 0, 0) is S.OPEN
    assert await deliver(request, 5, 0) is S.PARTIALLY_MET
    assert await deliver(request, 40, 40) is S.MET
    assert await deliver(request, 40, 39) is S.PARTIALLY_MET
    assert await deliver(request, 0, 0) is S.OPEN
    assert await audited(request) == ["request.derive"] * 4
    assert await jobs_named("rank_request") == 4  # not while it is met


async def test_a_request_without_items_is_never_met() -> None:
    request = await make.open_request(items=[])

    assert await deliver(request) is S.OPEN


async def test_a_suspended_request_is_not_derived() -> None:
    request = await make.open_request(stage=S.SUSPENDED)

    assert await deliver(request, 40) is S.SUSPENDED


async def test_unmatched_for_ninety_days_is_told_once_and_taken_back() -> None:
    focal, office = await people.focal_point(), await people.coordinator()
    request = await make.open_request()
    served = await make.open_request()
    await RequestItem.filter(request_id=served.id).update(reserved=40)
    late = NOW + timedelta(days=90)

    assert await clocks.run(late - timedelta(hours=1)) == 0
    assert await clocks.run(late) == 1
    assert await clocks.run(late) == 0

    found = await Request.get(id=request.id)
    assert (found.state, found.unmatched_since) == (S.OPEN, late)
    assert await owed("request_unmatched_to_state") == {focal.person_id}
    assert await owed("request_unmatched_to_coordinators") == {office.person_id}
    assert await open_tasks(found) == [("request_unmatched", "QMM")]
    await RequestItem.filter(request_id=request.id).update(reserved=40)
    async with in_transaction():
        await derive(await lock(request.id), now=late)
    assert (await Request.get(id=request.id)).unmatched_since is None
    assert await open_tasks(found) == []


async def test_silence_circulates_when_the_clock_runs() -> None:
    request = await make.in_no_objection()

    assert await clocks.run(NOW) == 0
    assert await clocks.run(NOW + timedelta(days=7)) == 1
    assert (await Request.get(id=request.id)).state is S.OPEN


async def test_the_state_closes_once_no_match_is_under_way() -> None:
    focal = await people.focal_point()
    request = await make.open_request()
    match = await a_match(request, MatchState.APPROVED)
    with pytest.raises(NotAllowed):
        await close(request, actor=await people.coordinator(), now=NOW)
    with pytest.raises(Conflict):
        await close(request, actor=focal, now=NOW)
    match.state = MatchState.CANCELLED
    await match.save()

    found = await close(request, actor=focal, now=NOW)

    assert (found.state, found.due_at) == (S.CLOSED, NOW.replace(year=2028))


async def test_a_met_request_closes_sixty_working_days_after_its_last_match() -> None:
    met = await make.open_request(stage=S.MET)
    unmet = await make.open_request()
    for request in (met, unmet):
        await RequestItem.filter(request_id=request.id).update(delivered=40)
        await a_match(request, MatchState.CLOSED, since=NOW)
        await a_match(request, MatchState.DECLINED_BY_STATE, since=NOW - timedelta(days=9))
    busy = await make.open_request(stage=S.MET)
    await a_match(busy, MatchState.CLOSED)
    await a_match(busy, MatchState.APPROVED)
    due = clocks.closes_at(NOW)

    assert due == datetime(2027, 4, 5, 23, 59, 59, tzinfo=UTC)
    assert await clocks.run(due - timedelta(hours=1)) == 0
    assert await clocks.run(due) == 1
    states = {row.id: row.state for row in await Request.all()}
    assert states == {met.id: S.CLOSED, unmet.id: S.OPEN, busy.id: S.MET}


async def test_a_year_later_the_state_is_asked_and_silence_is_an_answer() -> None:
    request = await make.open_request(stage=S.CLOSED, due_at=NOW)

    assert await clocks.run(NOW) == 1
    asked = await Request.get(id=request.id)
    assert (asked.state, asked.follow_up_asked_at) == (S.CLOSED, NOW)
    assert await open_tasks(asked) == [("request_follow_up", "QMM")]
    assert asked.due_at
    assert await clocks.run(asked.due_at - timedelta(days=1)) == 0
    assert await clocks.run(asked.due_at) == 1

    done = await Request.get(id=request.id)
    assert (done.state, done.follow_up_answer) == (S.FOLLOWED_UP, "no_answer")
    assert await open_tasks(done) == []


async def test_the_state_answers_the_follow_up() -> None:
    focal = await people.focal_point()
    request = await make.open_request(stage=S.CLOSED, due_at=NOW)
    with pytest.raises(NotAllowed):
        await follow_up(
            request, answer=FollowUp.YES, actor=await people.focal_point("QNN"), now=NOW
        )

    found = await follow_up(request, answer=FollowUp.PARTLY, actor=focal, now=NOW)

    assert (found.state, found.follow_up_answer) == (S.FOLLOWED_UP, "partly")
