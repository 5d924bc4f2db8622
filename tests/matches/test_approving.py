"""Approval: four eyes, newer consent and acceptance, reservations, cover and rivals."""

import pytest
from tortoise.exceptions import IntegrityError

from concord.accounts.models import Membership
from concord.actor import Role
from concord.errors import Conflict, InvalidInput, NotAllowed
from concord.matches import actions
from concord.matches.models import Consent, Match, Participant
from concord.matches.states import MatchState
from concord.offers.models import Offer, OfferExclusion, OfferSlot
from concord.offers.states import Funding
from concord.organizations.models import Organization
from concord.organizations.states import Verification
from concord.requests.models import Request, RequestItem
from concord.requests.states import Confidentiality, RequestState
from tests.conftest import NOW
from tests.factories import people
from tests.factories.matches import (
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
from tests.matches.seen import (
    counts,
    cover_rows,
    forget_told,
    line_of,
    open_tasks,
    queued,
    told,
    trail,
)

pytestmark = pytest.mark.usefixtures("database")
POLICE = ("INV.02", "training_course", "police", 20, "training_places")
SAFEGUARDED = ("INV.03", "training_course", "prosecution", 20, "training_places")


async def test_holds_become_reservations_and_cover_is_written() -> None:
    players = await cast()
    match = await accepted(players)
    await forget_told()
    await approve(match, players, now=later(days=1))
    match = await fresh(match)
    assert (match.state, match.approved_by_id, match.approved_at, match.hold_until) == (
        MatchState.APPROVED,
        players.approver.person_id,
        later(days=1),
        None,
    )
    assert await counts(match) == {"slot": (0, 10), "item": (10, 0)}
    assert await line_of(match) == ("reserved", True)
    assert await cover_rows() == 1
    assert await open_tasks(match) == {"draft_terms"}
    assert await told(match, players) == {
        ("match_approved_to_state", "state"),
        ("match_approved_to_coordinators", "coordinator"),
        ("match_approved_to_providers", "partner"),
    }
    assert await queued("rank_request") == 1
    assert (await trail(match))[-1] == "match.approve"


async def test_the_proposer_does_not_approve() -> None:
    players = await cast()
    match = await accepted(players)
    await Match.filter(id=match.id).update(proposed_by_id=players.approver.person_id)
    with pytest.raises(NotAllowed, match="Another person"):
        await approve(match, players)


async def test_the_database_refuses_four_eyes_of_one_person() -> None:
    match = await accepted(await cast())
    with pytest.raises(IntegrityError, match="approver_is_not_proposer"):
        await Match.filter(id=match.id).update(
            approved_by_id=match.proposed_by_id, state=MatchState.APPROVED
        )


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN, Role.DUE_DILIGENCE])
async def test_only_approvers_approve(role: Role) -> None:
    players = await cast()
    match = await accepted(players)
    players.approver = await people.actor(await people.member(role))
    with pytest.raises(NotAllowed):
        await approve(match, players)


async def test_an_approver_of_the_providing_programme_does_not_approve() -> None:
    players = await cast()
    unodc = await people.secretariat()
    players.partner, players.provider = await people.partner_admin(unodc), unodc
    match = await accepted(players)
    await Membership.create(
        person_id=players.approver.person_id, organization=unodc, role=Role.PARTNER_MEMBER
    )
    with pytest.raises(NotAllowed, match="organization that offers"):
        await approve(match, players)
    players.approver = await people.approver()
    await approve(match, players)


async def test_of_a_sealed_request_the_named_approver_approves() -> None:
    players = await cast()
    request = await open_request(
        confidentiality=Confidentiality.SEALED,
        assigned=[
            (players.coordinator, Role.COORDINATOR),
            (players.approver, Role.APPROVER),
        ],
    )
    match = await accepted(players, request=request)
    named, players.approver = players.approver, await people.approver()
    with pytest.raises(NotAllowed):
        await approve(match, players)
    players.approver = named
    await approve(match, players)
    assert (await fresh(match)).state is MatchState.APPROVED


@pytest.mark.parametrize("scope_of", ["request", "offer", "match"])
async def test_consent_is_newer_than_every_scope(scope_of: str) -> None:
    players = await cast()
    match = await accepted(players)
    if scope_of == "request":
        await Request.filter(id=match.request_id).update(scope_changed_at=later(seconds=1))
    elif scope_of == "offer":
        await Offer.filter(id=match.offer_id).update(scope_changed_at=later(seconds=1))
    else:
        await Match.filter(id=match.id).update(scope_changed_at=later(seconds=1))
    with pytest.raises(Conflict, match="consent"):
        await approve(match, players, now=later(seconds=2))
    await Consent.filter(match=match).update(given_at=later(seconds=1))
    with pytest.raises(Conflict, match="accept"):
        await approve(match, players, now=later(seconds=2))
    await Participant.filter(match=match).update(accepted_at=later(seconds=1))
    await approve(match, players, now=later(seconds=2))


async def test_the_database_refuses_approval_without_consent() -> None:
    players = await cast()
    match = await accepted(players)
    await Consent.filter(match=match).update(withdrawn_at=NOW)
    with pytest.raises(IntegrityError, match="consent is missing"):
        await Match.filter(id=match.id).update(
            approved_by_id=players.approver.person_id, state=MatchState.APPROVED
        )


@pytest.mark.parametrize("spoiled", ["offer", "provider", "exclusion", "request"])
async def test_gates_are_checked_again(spoiled: str) -> None:
    players = await cast()
    match = await accepted(players)
    if spoiled == "offer":
        await Offer.filter(id=match.offer_id).update(expires_at=NOW)
    elif spoiled == "provider":
        await Organization.filter(id=players.provider.id).update(verification=Verification.EXPIRED)
    elif spoiled == "exclusion":
        await OfferExclusion.create(offer_id=match.offer_id, state_id="QMM")
    else:
        await Request.filter(id=match.request_id).update(state=RequestState.CLOSED)
    with pytest.raises(Conflict):
        await approve(match, players)
    assert await counts(match) == {"slot": (10, 0), "item": (0, 0)}


@pytest.mark.parametrize("item", [POLICE, SAFEGUARDED], ids=["security force", "safeguard"])
async def test_a_risk_is_noted_with_its_mitigation(
    item: tuple[str, str, str | None, int, str],
) -> None:
    players = await cast()
    request = await open_request(items=[item])
    offer = await offered(
        players.provider, slots=[(item[0], "training_course", 20, "training_places")]
    )
    match = await accepted(players, request=request, offer=offer)
    with pytest.raises(InvalidInput) as refused:
        await approve(match, players)
    assert set(refused.value.fields) == {"risk_note", "risk_mitigation"}
    await approve(match, players, risk_note="Use against critics.", risk_mitigation="Vetting.")
    kept = await fresh(match)
    assert (kept.risk_note, kept.risk_mitigation) == ("Use against critics.", "Vetting.")


@pytest.mark.parametrize("funding", [Funding.PARTIAL, Funding.NONE])
async def test_the_unfunded_part_is_covered(funding: Funding) -> None:
    players = await cast()
    match = await accepted(players)
    await OfferSlot.filter(offer_id=match.offer_id).update(funding=funding)
    with pytest.raises(InvalidInput) as refused:
        await approve(match, players)
    assert set(refused.value.fields) == {"funding_note"}
    await approve(match, players, funding_note="The programme pays travel.")
    assert (await fresh(match)).funding_note == "The programme pays travel."


async def test_the_approval_that_fills_an_item_lapses_its_other_proposals() -> None:
    players = await cast()
    request = await open_request()
    asked, unasked, winner = [
        await stage(players, request=request, offer=await offered(players.provider), quantity=20)
        for stage in (consented, proposed, accepted)
    ]
    await forget_told()
    await approve(winner, players, now=later(days=1))
    states = [(await fresh(match)).state for match in (asked, unasked, winner)]
    assert states == [MatchState.LAPSED, MatchState.LAPSED, MatchState.APPROVED]
    assert await told(asked, players) == {
        ("match_ended_to_state", "state"),
        ("match_ended_to_providers", "partner"),
        ("match_lapsed", "coordinator"),
    }
    assert await told(unasked, players) == {
        ("match_ended_to_state", "state"),
        ("match_lapsed", "coordinator"),
    }
    for match in (asked, unasked):
        assert (await counts(match))["slot"] == (0, 0)


async def test_alternatives_stay_while_something_is_left() -> None:
    players = await cast()
    request = await open_request()
    other = await proposed(players, request=request, offer=await offered(players.provider))
    await approved(players, request=request, offer=await offered(players.provider))
    assert (await fresh(other)).state is MatchState.PROPOSED


async def test_what_is_covered_is_not_reserved_twice() -> None:
    players = await cast()
    request = await open_request()
    late = await accepted(
        players, request=request, offer=await offered(players.provider), quantity=15
    )
    await approved(players, request=request, offer=await offered(players.provider), quantity=10)
    with pytest.raises(Conflict, match="already covered"):
        await approve(late, players)
    assert (await fresh(late)).state is MatchState.PARTNER_ACCEPTED
    assert (await RequestItem.get(request=request)).reserved == 10


async def test_a_lost_hold_is_taken_again() -> None:
    players = await cast()
    match = await accepted(players)
    assert await actions.overdue(match.id, now=later(days=60))
    assert await counts(match) == {"slot": (0, 0), "item": (0, 0)}
    await approve(match, players, now=later(days=61))
    assert await counts(match) == {"slot": (0, 10), "item": (10, 0)}


async def test_a_lost_hold_may_be_gone() -> None:
    players = await cast()
    match = await accepted(players)
    assert await actions.overdue(match.id, now=later(days=60))
    await OfferSlot.filter(offer_id=match.offer_id).update(held=11)
    with pytest.raises(Conflict, match="no capacity left"):
        await approve(match, players, now=later(days=61))
    assert (await fresh(match)).state is MatchState.PARTNER_ACCEPTED
