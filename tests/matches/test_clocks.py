"""What time does to matches."""

from datetime import date, datetime

import pytest

from concord.matches import actions, clocks
from concord.matches.models import Match
from concord.matches.states import MatchState
from concord.offers.models import Offer
from concord.organizations.models import Organization
from concord.organizations.states import Verification
from concord.requests.models import Request
from tests.conftest import NOW
from tests.factories.matches import (
    accepted,
    approved,
    cast,
    consented,
    fresh,
    later,
    open_request,
    proposed,
)
from tests.matches.seen import counts, forget_told, open_tasks, told, trail

pytestmark = pytest.mark.usefixtures("database")
S = MatchState


def after(match: Match) -> datetime:
    assert match.due_at is not None
    return match.due_at


async def test_nothing_is_due_before_its_time() -> None:
    players = await cast()
    for stage in (proposed, consented, accepted, approved):
        await stage(players, quantity=2)
        break
    assert await clocks.run(later(days=1)) == 0


@pytest.mark.parametrize("stage", ["proposed", "consented", "approved"])
async def test_a_step_that_nobody_takes_lapses(stage: str) -> None:
    players = await cast()
    reach = {"proposed": proposed, "consented": consented, "approved": approved}[stage]
    match = await reach(players)
    await actions.warn(match.id, now=after(match))
    assert await clocks.run(after(match)) == 1
    assert (await fresh(match)).state is S.LAPSED
    assert await counts(match) == {"slot": (0, 0), "item": (0, 0)}
    assert await clocks.run(after(match)) == 0


async def test_a_late_approval_loses_its_hold_and_is_called_to_mind_once() -> None:
    players = await cast()
    match = await accepted(players)
    await forget_told()
    assert await clocks.run(after(match)) == 1
    match = await fresh(match)
    assert (match.state, match.hold_lost_at) == (S.PARTNER_ACCEPTED, match.due_at)
    assert await counts(match) == {"slot": (0, 0), "item": (0, 0)}
    assert await told(match, players) == {("match_step_overdue", "coordinator")}
    assert await open_tasks(match) == {"approve_match"}
    assert await clocks.run(after(match)) == 0
    assert await clocks.run(later(days=90)) == 1
    assert (await fresh(match)).state is S.LAPSED
    assert await counts(match) == {"slot": (0, 0), "item": (0, 0)}


async def test_a_hold_that_ends_soon_is_told_once() -> None:
    players = await cast()
    match = await proposed(players)
    await forget_told()
    soon = later(days=26)
    assert await clocks.run(soon) == 1
    assert await told(match, players) == {("match_hold_lapses_soon", "coordinator")}
    assert await clocks.run(soon) == 0
    assert (await fresh(match)).state is S.PROPOSED


async def test_after_six_months_of_suspension_an_approver_decides() -> None:
    players = await cast()
    match = await approved(players)
    await actions.suspend(match, actor=players.focal_point, now=NOW)
    assert await clocks.run(later(days=182)) == 0
    assert await clocks.run(later(days=183)) == 1
    assert await open_tasks(match) == {"decide_suspended_match"}
    assert await clocks.run(later(days=184)) == 0
    await actions.end_suspension(
        match, reason="cancelled.need_changed", actor=players.approver, now=later(days=185)
    )
    assert await open_tasks(match) == set()
    assert (await trail(match))[-1] == "match.end_suspension"


@pytest.mark.parametrize("changed", ["request", "offer"])
async def test_a_change_of_scope_that_was_missed_is_caught(changed: str) -> None:
    match = await accepted(await cast())
    rows = (
        Request.filter(id=match.request_id)
        if changed == "request"
        else Offer.filter(id=match.offer_id)
    )
    await rows.update(scope_changed_at=later(hours=1))
    assert await clocks.run(later(hours=2)) == 1
    assert (await fresh(match)).state is S.PROPOSED
    assert await clocks.run(later(hours=2)) == 0


async def test_a_suspended_provider_that_was_missed_is_caught() -> None:
    players = await cast()
    match = await consented(players)
    await Organization.filter(id=players.provider.id).update(verification=Verification.SUSPENDED)
    assert await clocks.run(later(hours=2)) == 1
    assert (await fresh(match)).state is S.LAPSED


@pytest.mark.parametrize(("urgent", "due"), [(False, date(2027, 3, 8)), (True, date(2027, 2, 8))])
async def test_urgency_halves_the_time_for_the_terms_too(urgent: bool, due: date) -> None:
    players = await cast()
    match = await approved(players, request=await open_request(urgent=urgent))
    assert after(match).date() == due
    await actions.suspend(match, actor=players.approver, now=NOW)
    await actions.resume(match, actor=players.approver, now=NOW)
    assert after(await fresh(match)).date() == due
