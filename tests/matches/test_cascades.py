"""What a withdrawn, suspended or changed request, offer or provider does to matches."""

from dataclasses import replace

import pytest

from concord.actor import CLOCK
from concord.errors import Conflict, NotAllowed, StaleVersion
from concord.matches import actions
from concord.matches.models import Consent, Match
from concord.matches.states import MatchState
from concord.offers.models import Offer
from concord.offers.queries import values_of as offer_values
from concord.offers.states import OfferState
from concord.organizations.models import Organization
from concord.organizations.states import Verification
from concord.requests.models import Request
from concord.requests.queries import values_of as request_values
from concord.requests.states import RequestState
from tests.conftest import NOW
from tests.factories import people
from tests.factories.matches import (
    Cast,
    accepted,
    approve,
    approved,
    cast,
    consented,
    fresh,
    later,
    offered,
    open_request,
    proposed,
)
from tests.matches.seen import counts, cover_rows, forget_told, live_disclosures, told, trail

pytestmark = pytest.mark.usefixtures("database")
S = MatchState


async def one_of_each(players: Cast, request: Request) -> list[Match]:
    """Proposed, consented, accepted and approved, each of an offer of its own."""
    return [
        await stage(players, request=request, offer=await offered(players.provider), quantity=5)
        for stage in (proposed, consented, accepted, approved)
    ]


async def states(matches: list[Match]) -> list[MatchState]:
    return [(await fresh(match)).state for match in matches]


async def test_a_withdrawn_request_takes_its_matches_along() -> None:
    players = await cast()
    request = await open_request()
    matches = await one_of_each(players, request)
    await forget_told()
    done = await actions.withdraw_request(
        request, note="Funds came from elsewhere.", actor=players.focal_point, now=later(days=1)
    )
    assert done == 4
    assert await states(matches) == [S.CANCELLED] * 4
    assert (await Request.get(id=request.id)).state is RequestState.WITHDRAWN
    for match in matches:
        assert await counts(match) == {"slot": (0, 0), "item": (0, 0)}
        assert (await trail(match))[-1] == "match.cancel"
    assert await cover_rows() == 0
    assert await told(matches[0], players) == {("match_cancelled", "coordinator")}
    assert await told(matches[1], players) == {
        ("match_cancelled", "coordinator"),
        ("match_ended_to_providers", "partner"),
    }


async def test_only_the_lead_state_or_its_coordinator_withdraws() -> None:
    players = await cast()
    request = await open_request()
    for stranger in (await people.focal_point("QZZ"), players.partner, players.approver):
        with pytest.raises(NotAllowed):
            await actions.withdraw_request(request, actor=stranger, now=NOW)


async def test_a_stale_withdrawal_is_refused() -> None:
    players = await cast()
    request = await open_request()
    with pytest.raises(StaleVersion):
        await actions.withdraw_request(
            request, actor=players.focal_point, now=NOW, version=request.version + 1
        )


async def test_a_suspended_request_suspends_what_is_approved() -> None:
    players = await cast()
    request = await open_request()
    matches = await one_of_each(players, request)
    kept = await approved(
        players, request=request, offer=await offered(players.provider), quantity=5
    )
    await actions.suspend_request(
        request, keep=[kept.id], actor=players.focal_point, now=later(days=1)
    )
    assert await states([*matches, kept]) == [
        S.LAPSED,
        S.LAPSED,
        S.LAPSED,
        S.SUSPENDED,
        S.APPROVED,
    ]
    assert await counts(matches[3]) == {"slot": (0, 5), "item": (10, 0)}
    assert (await Request.get(id=request.id)).state is RequestState.SUSPENDED
    await actions.resume_request(request, actor=players.focal_point, now=later(days=2))
    assert (await fresh(matches[3])).state is S.APPROVED
    assert (await Request.get(id=request.id)).state is RequestState.OPEN


async def test_resuming_leaves_what_was_suspended_for_itself() -> None:
    players = await cast()
    request = await open_request()
    match = await approved(players, request=request)
    await actions.suspend(match, actor=players.approver, now=later(hours=1))
    await actions.suspend_request(request, actor=players.focal_point, now=later(days=1))
    await actions.resume_request(request, actor=players.focal_point, now=later(days=2))
    assert (await fresh(match)).state is S.SUSPENDED


async def test_a_request_resumes_although_one_of_its_providers_is_suspended() -> None:
    """The State is not held up by a provider: that match waits for an approver."""
    players, request = await cast(), await open_request()
    match = await approved(players, request=request, quantity=5)
    other = await cast()
    kept = await approved(other, request=request, quantity=5)
    await actions.suspend_request(request, actor=players.focal_point, now=later(days=1))
    place = Organization.filter(id=players.provider.id)
    await place.update(verification=Verification.SUSPENDED)
    resumed = await actions.resume_request(request, actor=players.focal_point, now=later(days=2))
    assert (resumed, await states([match, kept])) == (1, [S.SUSPENDED, S.APPROVED])
    assert (await Request.get(id=request.id)).state is RequestState.OPEN
    assert (await fresh(match)).suspended_for == "verification"
    await place.update(verification=Verification.VERIFIED)
    await actions.resume(match, actor=players.approver, now=later(days=3))
    assert (await fresh(match)).state is S.APPROVED


async def test_a_withdrawn_offer_cancels_matches_of_every_request() -> None:
    players = await cast()
    offer = await offered(players.provider)
    one = await approved(players, offer=offer, quantity=5)
    other = await consented(players, offer=offer, quantity=5)
    await actions.withdraw_offer(offer, note="", actor=players.partner, now=later(days=1))
    assert await states([one, other]) == [S.CANCELLED, S.CANCELLED]
    assert (await Offer.get(id=offer.id)).state is OfferState.WITHDRAWN
    assert await counts(one) == {"slot": (0, 0), "item": (0, 0)}


async def test_nobody_else_withdraws_an_offer() -> None:
    players = await cast()
    offer = await offered(players.provider)
    for stranger in (await people.partner_admin(), players.focal_point, players.approver):
        with pytest.raises(NotAllowed):
            await actions.withdraw_offer(offer, actor=stranger, now=NOW)


async def test_a_request_that_changes_scope_is_consented_to_anew() -> None:
    players = await cast()
    request = await open_request()
    matches = await one_of_each(players, request)
    values = await request_values(request)
    changed = replace(values, items=(replace(values.items[0], quantity=30),))
    await forget_told()
    assert await actions.change_request(
        request, changed, version=request.version, actor=players.focal_point, now=later(days=1)
    )
    assert await states(matches) == [S.PROPOSED, S.PROPOSED, S.PROPOSED, S.APPROVED]
    for match in matches[1:3]:
        assert await counts(match) == {"slot": (5, 0), "item": (5, 0)}
        assert await live_disclosures(match) == 0
        assert await Consent.filter(match=match, withdrawn_at=None).count() == 0
        assert await told(match, players) == {
            ("match_back_to_proposed_to_state", "state"),
            ("match_back_to_proposed_to_coordinators", "coordinator"),
            ("match_back_to_proposed_to_providers", "partner"),
        }
    assert await told(matches[0], players) == set()


async def test_an_offer_that_changes_scope_is_consented_to_anew() -> None:
    players = await cast()
    offer = await offered(players.provider)
    match = await accepted(players, offer=offer)
    values = await offer_values(offer)
    changed = replace(values, conditions="The State pays for the venue.")
    assert await actions.change_offer(
        offer, changed, version=offer.version, actor=players.partner, now=later(days=1)
    )
    assert (await fresh(match)).state is S.PROPOSED
    await actions.consent(match, data_shared=(), actor=players.focal_point, now=later(days=2))
    await actions.accept(match, no_conflict=True, actor=players.partner, now=later(days=2))
    with pytest.raises(Conflict, match="not published"):
        await approve(match, players, now=later(days=3))


async def test_a_suspended_provider_loses_what_is_being_decided() -> None:
    players = await cast()
    matches = await one_of_each(players, await open_request())
    await Organization.filter(id=players.provider.id).update(verification=Verification.SUSPENDED)
    await forget_told()
    assert await actions.provider_suspended(players.provider.id, actor=CLOCK, now=NOW) == 4
    assert await states(matches) == [S.LAPSED, S.LAPSED, S.LAPSED, S.SUSPENDED]
    assert await told(matches[3], players) == {
        ("match_suspended_to_state", "state"),
        ("match_suspended_to_coordinators", "coordinator"),
        ("match_suspended_to_providers", "partner"),
    }
    assert await counts(matches[3]) == {"slot": (0, 5), "item": (5, 0)}


async def test_it_resumes_once_the_provider_is_verified_again() -> None:
    players = await cast()
    match = await approved(players)
    place = Organization.filter(id=players.provider.id)
    await place.update(verification=Verification.SUSPENDED)
    await actions.provider_suspended(players.provider.id, actor=CLOCK, now=NOW)
    with pytest.raises(Conflict, match="not verified"):
        await actions.resume(match, actor=players.approver, now=NOW)
    await place.update(verification=Verification.VERIFIED)
    await actions.resume(match, actor=players.approver, now=NOW)
    assert (await fresh(match)).state is S.APPROVED


@pytest.mark.parametrize("who", ["focal_point", "partner", "approver"])
async def test_either_side_suspends_and_resumes(who: str) -> None:
    players = await cast()
    match = await approved(players)
    actor = getattr(players, who)
    await actions.suspend(match, actor=actor, now=later(days=1))
    assert (await fresh(match)).state_before is S.APPROVED
    assert await counts(match) == {"slot": (0, 10), "item": (10, 0)}
    assert await cover_rows() == 1
    await actions.resume(match, actor=actor, now=later(days=2))
    assert (await fresh(match)).state is S.APPROVED
