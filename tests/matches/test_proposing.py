"""Proposing: what is written, what is refused, and the minute in which it can be undone."""

from datetime import date, timedelta

import pytest

from concord.accounts.models import Membership
from concord.actor import Role
from concord.errors import Conflict, InvalidInput, NotAllowed
from concord.jobs import Outbox
from concord.matches import actions
from concord.matches.models import Match, MatchLine, MatchStep, Participant
from concord.matches.states import MatchState
from concord.matches.values import LineDraft, Part, ParticipantDraft
from concord.offers.models import Offer, OfferSlot
from concord.requests.states import Confidentiality
from tests.conftest import NOW
from tests.factories import people
from tests.factories.matches import (
    FIRST,
    LAST,
    cast,
    items_of,
    later,
    offered,
    open_request,
    proposed,
    slots_of,
)
from tests.matches.seen import counts, open_tasks, told, trail

pytestmark = pytest.mark.usefixtures("database")


async def test_a_proposal_holds_capacity_and_asks_the_state() -> None:
    players = await cast()
    match = await proposed(players)
    assert (match.state, match.due_at, match.told_at) == (
        MatchState.PROPOSED,
        later(days=28).replace(hour=23, minute=59, second=59),
        later(seconds=60),
    )
    assert await counts(match) == {"slot": (10, 0), "item": (0, 0)}
    assert await open_tasks(match) == {"consent_to_match"}
    assert await told(match, players) == {
        ("match_proposed_to_state", "state"),
        ("match_proposed_to_approvers", "approver"),
    }
    assert await trail(match) == ["match.propose"]
    participant = await Participant.get(match=match)
    assert (participant.organization_id, participant.role, participant.invited_at) == (
        players.provider.id,
        "provider",
        None,
    )


async def test_its_notices_wait_a_minute() -> None:
    await proposed(await cast())
    assert {row.next_at for row in await Outbox.filter(name="tell")} == {later(seconds=60)}


async def test_undone_within_a_minute_nobody_hears_and_nothing_is_deleted() -> None:
    players = await cast()
    match = await proposed(players)
    await actions.undo(match, actor=players.coordinator, now=later(seconds=59))
    kept = await Match.get(id=match.id)
    assert (kept.state, kept.told_at) == (MatchState.CANCELLED, None)
    assert await told(match, players) == set()
    assert await counts(match) == {"slot": (0, 0), "item": (0, 0)}
    assert await open_tasks(match) == set()
    assert await trail(match) == ["match.propose", "match.undo"]


async def test_after_a_minute_it_is_not_undone() -> None:
    players = await cast()
    match = await proposed(players)
    with pytest.raises(NotAllowed):
        await actions.undo(match, actor=players.coordinator, now=later(seconds=60))


async def test_nobody_else_undoes() -> None:
    players = await cast()
    match = await proposed(players)
    with pytest.raises(NotAllowed):
        await actions.undo(match, actor=await people.coordinator("QMM"), now=NOW)


async def test_the_same_pair_is_proposed_again_at_once_after_undo() -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    first = await proposed(players, request=request, offer=offer)
    await actions.undo(first, actor=players.coordinator, now=NOW)
    again = await proposed(players, request=request, offer=offer)
    assert again.state is MatchState.PROPOSED


async def test_a_ratio_with_a_reason_is_taken() -> None:
    players = await cast()
    request = await open_request()
    offer = await offered(
        players.provider, slots=[("INV.02", "training_course", 6, "expert_days")]
    )
    item, slot = (await items_of(request))[0], (await slots_of(offer))[0]
    match = await proposed(
        players,
        request=request,
        offer=offer,
        lines=[LineDraft(item.id, slot.id, 20, 5, "One expert trains four people a day.")],
    )
    assert await counts(match) == {"slot": (5, 0), "item": (0, 0)}


async def test_an_unlimited_slot_takes_no_hold() -> None:
    players = await cast()
    request = await open_request(items=[("INV.02", "e_learning", "prosecution", 40, "licences")])
    offer = await offered(players.provider, slots=[("INV.02", "e_learning", None, "unlimited")])
    match = await proposed(players, request=request, offer=offer, quantity=40)
    assert await counts(match) == {"slot": (0, 0), "item": (0, 0)}


@pytest.mark.parametrize("missing", ["nothing", "foreign_slot", "retired_slot", "foreign_item"])
async def test_lines_are_of_this_request_and_this_offer(missing: str) -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    item, slot = (await items_of(request))[0], (await slots_of(offer))[0]
    if missing == "foreign_slot":
        slot = (await slots_of(await offered(players.provider)))[0]
    if missing == "foreign_item":
        item = (await items_of(await open_request()))[0]
    if missing == "retired_slot":
        await OfferSlot.filter(id=slot.id).update(retired_at=NOW)
    lines = [] if missing == "nothing" else [LineDraft(item.id, slot.id, 5, 5)]
    with pytest.raises(InvalidInput) as refused:
        await proposed(players, request=request, offer=offer, lines=lines)
    assert len(refused.value.fields) == 1


async def test_holds_of_alternatives_exceed_the_item_but_never_the_slot() -> None:
    players = await cast()
    request = await open_request()
    for _ in range(2):
        await proposed(
            players, request=request, offer=await offered(players.provider), quantity=20
        )
    offer = await offered(players.provider)
    await proposed(players, request=await open_request(), offer=offer, quantity=15)
    with pytest.raises(InvalidInput) as refused:
        await proposed(players, request=request, offer=offer, quantity=6)
    assert set(refused.value.fields) == {"line-0-slot_quantity"}
    assert await MatchLine.filter(item__request_id=request.id).count() == 2


@pytest.mark.parametrize("declined_by", ["state", "partner"])
async def test_a_declined_pair_rests_180_days_or_until_a_change(declined_by: str) -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    match = await proposed(players, request=request, offer=offer)
    if declined_by == "state":
        await actions.decline_by_state(
            match, reason="declined_by_state.timing", actor=players.focal_point, now=NOW
        )
    else:
        await actions.consent(match, data_shared=(), actor=players.focal_point, now=NOW)
        await actions.decline_by_partner(
            match, reason="declined_by_partner.timing", actor=players.partner, now=NOW
        )
    with pytest.raises(Conflict, match="declined"):
        await proposed(players, request=request, offer=offer, now=later(days=179))
    later_dates = (date(2027, 8, 1), date(2027, 8, 5))
    await proposed(
        players, request=request, offer=offer, dates=later_dates, now=later(days=180), quantity=2
    )
    await Offer.filter(id=offer.id).update(scope_changed_at=later(days=1))
    await proposed(players, request=request, offer=await offered(players.provider), quantity=2)


async def test_a_change_of_scope_ends_the_rest() -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    match = await proposed(players, request=request, offer=offer)
    await actions.decline_by_state(
        match, reason="declined_by_state.content", actor=players.focal_point, now=NOW
    )
    await Offer.filter(id=offer.id).update(scope_changed_at=NOW + timedelta(days=1))
    again = await proposed(players, request=request, offer=offer, now=later(days=2))
    assert again.state is MatchState.PROPOSED


async def test_a_lapse_is_no_decline() -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    match = await proposed(players, request=request, offer=offer)
    assert await actions.lapse(match.id, now=later(days=40))
    again = await proposed(players, request=request, offer=offer, now=later(days=40))
    assert again.state is MatchState.PROPOSED


async def test_only_a_coordinator_of_the_lead_state_proposes() -> None:
    players = await cast()
    for stranger in (await people.coordinator("QZZ"), players.approver, players.partner):
        players.coordinator = stranger
        with pytest.raises(NotAllowed):
            await proposed(players)


async def test_a_sealed_request_is_for_those_named() -> None:
    players = await cast()
    named = await people.coordinator("QMM")
    request = await open_request(
        confidentiality=Confidentiality.SEALED, assigned=[(named, Role.COORDINATOR)]
    )
    with pytest.raises(NotAllowed):
        await proposed(players, request=request)
    players.others["other coordinator"], players.coordinator = players.coordinator, named
    match = await proposed(players, request=request)
    assert await told(match, players) == {("match_proposed_to_state", "state")}


async def test_nobody_of_the_provider_proposes_for_it() -> None:
    players = await cast()
    unodc = await people.secretariat()
    member = await people.member(Role.PARTNER_MEMBER, unodc)
    coordinator = await people.actor(
        await Membership.create(
            person_id=member.person_id, organization=unodc, role=Role.COORDINATOR, states=["QMM"]
        )
    )
    players.coordinator = coordinator
    with pytest.raises(NotAllowed, match="organization that offers"):
        await proposed(players, offer=await offered(unodc))


async def test_the_programme_needs_a_reason() -> None:
    players = await cast()
    request, offer = await open_request(), await offered(await people.secretariat())
    item, slot = (await items_of(request))[0], (await slots_of(offer))[0]
    with pytest.raises(InvalidInput) as refused:
        await actions.propose(
            request,
            offer,
            lines=[LineDraft(item.id, slot.id, 1, 1)],
            starts_on=FIRST,
            ends_on=LAST,
            data_shared=(),
            no_conflict=True,
            actor=players.coordinator,
            now=NOW,
        )
    assert set(refused.value.fields) == {"rationale"}


async def test_a_funder_takes_part_too() -> None:
    players = await cast()
    funder = await people.provider()
    match = await proposed(players, participants=[ParticipantDraft(funder.id, Part.FUNDER)])
    rows = await Participant.filter(match=match).values_list("organization_id", "role")
    assert set(rows) == {(players.provider.id, "provider"), (funder.id, "funder")}


async def test_a_state_authority_is_no_participant() -> None:
    players = await cast()
    authority = await people.organization(state="QNN")
    with pytest.raises(Conflict):
        await proposed(players, participants=[ParticipantDraft(authority.id, Part.HOST)])


async def test_the_rationale_is_kept_for_unodc() -> None:
    match = await proposed(await cast())
    step = await MatchStep.get(match=match)
    assert (match.rationale, step.note) == ("The closest in topic and language.",) * 2
