"""A provider is verified again: what only its verification held goes on, nothing else does."""

import pytest

from concord.actor import Actor, Role
from concord.matches import actions, clocks
from concord.matches.states import MatchState
from concord.matches.values import ParticipantDraft
from concord.organizations import actions as organizations
from concord.organizations.models import Organization
from concord.organizations.states import Verification
from tests.factories import people
from tests.factories.matches import (
    approve,
    approved,
    cast,
    consented,
    fresh,
    later,
    offered,
    open_request,
)
from tests.matches.conftest import Browse
from tests.requests.told import owed

pytestmark = pytest.mark.usefixtures("app")
S = MatchState


async def officer() -> Actor:
    return await people.actor(await people.member(Role.DUE_DILIGENCE))


async def suspend(place: Organization, by: Actor) -> None:
    found = await Organization.get(id=place.id)
    await organizations.mark_suspended(found, reason="A concern.", actor=by, now=later(days=1))
    await actions.provider_suspended(place.id, actor=by, now=later(days=1))


async def reinstate(browse: Browse, place: Organization, by: Actor, reason: str = "Clear") -> int:
    browser = await browse(by)
    answer = await browser.post(
        f"/organizations/{place.public_id}/reinstatement",
        data={"reason": reason, "idempotency_key": "1"},
    )
    return answer.status_code


async def test_what_its_verification_held_goes_on_in_the_same_act(browse: Browse) -> None:
    players, by = await cast(), await officer()
    request, paused = await open_request(), await open_request()
    held = await approved(players, request=request, quantity=5)
    by_state = await approved(
        players, request=request, offer=await offered(players.provider), quantity=5
    )
    of_paused = await approved(
        players,
        request=paused,
        offer=await offered(players.provider),
        dates=(later(days=300).date(), later(days=301).date()),
    )
    await actions.suspend(by_state, actor=players.focal_point, now=later(hours=1))
    await suspend(players.provider, by)
    await actions.suspend_request(paused, actor=players.focal_point, now=later(days=2))
    assert [(await fresh(one)).state for one in (held, by_state, of_paused)] == [S.SUSPENDED] * 3

    assert await reinstate(browse, players.provider, by) == 303

    assert [(await fresh(one)).state for one in (held, by_state, of_paused)] == [
        S.APPROVED,
        S.SUSPENDED,
        S.SUSPENDED,
    ]
    assert await owed("match_resumed_to_state") == {players.focal_point.person_id}
    assert (await fresh(of_paused)).suspended_for == "request"
    await actions.resume_request(paused, actor=players.focal_point, now=later(days=3))
    assert (await fresh(of_paused)).state is S.APPROVED


async def test_a_match_waits_for_its_last_suspended_provider() -> None:
    players, by = await cast(), await officer()
    second = await people.provider()
    host = await people.partner_admin(second)
    match = await consented(players, participants=[ParticipantDraft(second.id)])
    for actor in (players.partner, host):
        await actions.accept(match, no_conflict=True, actor=actor, now=later(hours=1))
    await approve(match, players, now=later(hours=2))
    for place in (players.provider, second):
        await suspend(place, by)
    for place, state in ((second, S.SUSPENDED), (players.provider, S.APPROVED)):
        await organizations.reinstate(place, reason="Clear", actor=by, now=later(days=2))
        await actions.provider_reinstated(place.id, actor=by, now=later(days=2))
        assert (await fresh(match)).state is state


async def test_the_clock_takes_up_what_was_verified_otherwise() -> None:
    players, by = await cast(), await officer()
    match = await approved(players)
    await suspend(players.provider, by)
    assert await clocks.run(later(days=2)) == 0
    await Organization.filter(id=players.provider.id).update(verification=Verification.VERIFIED)
    assert await clocks.run(later(days=2)) == 1
    assert (await fresh(match)).state is S.APPROVED
    assert await clocks.run(later(days=2)) == 0


async def test_reinstating_needs_a_reason_and_an_officer(browse: Browse) -> None:
    players, by = await cast(), await officer()
    await suspend(players.provider, by)
    assert await reinstate(browse, players.provider, by, reason="") == 422
    for actor in (players.coordinator, players.approver):
        for reason in ("", "Clear"):
            assert await reinstate(browse, players.provider, actor, reason=reason) == 403
    place = await Organization.get(id=players.provider.id)
    assert place.verification is Verification.SUSPENDED
