"""Matches in each state, played by the people who have a part in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from concord.actor import Actor, Role
from concord.matches import actions
from concord.matches.models import Match
from concord.matches.values import LineDraft, ParticipantDraft
from concord.offers.models import Offer, OfferSlot
from concord.organizations.models import Organization
from concord.reference.identifiers import new_public_id
from concord.requests.models import Request, RequestAssignment, RequestItem, RequestParty
from concord.requests.states import Confidentiality, RequestState
from tests.conftest import NOW
from tests.factories import people
from tests.factories.history import set_down
from tests.factories.offers import Line, published

Item = tuple[str, str, str | None, int, str]
"""Topic, modality, beneficiary, quantity, unit."""
TRAINING: Item = ("INV.02", "training_course", "prosecution", 20, "training_places")
SLOT: Line = ("INV.02", "training_course", 20, "training_places")
FIRST, LAST = date(2027, 3, 1), date(2027, 3, 5)
PARTS = ("description", "outcome")


@dataclass(slots=True)
class Cast:
    """One of each: the focal point, coordinator, approver, and the provider's administrator."""

    focal_point: Actor
    coordinator: Actor
    approver: Actor
    partner: Actor
    provider: Organization
    others: dict[str, Actor] = field(default_factory=dict)


async def cast(state: str = "QMM") -> Cast:
    place = await people.provider()
    return Cast(
        focal_point=await people.focal_point(state),
        coordinator=await people.coordinator(state),
        approver=await people.approver(),
        partner=await people.partner_admin(place),
        provider=place,
    )


async def open_request(
    state: str = "QMM",
    *,
    items: Sequence[Item] = (TRAINING,),
    co_states: Sequence[str] = (),
    confidentiality: Confidentiality = Confidentiality.PARTNERS,
    assigned: Sequence[tuple[Actor, Role]] = (),
    **columns: Any,
) -> Request:
    """A request that is open, with its items; `assigned` names people on a sealed one."""
    given: dict[str, Any] = {
        "title": "Training of prosecutors",
        "description": "Forty prosecutors handle electronic evidence without training.",
        "outcome": "Prosecutors present electronic evidence in court.",
        "existing": "A two-day introduction in 2025.",
        "working_languages": ["en"],
        "starts_on": date(2027, 2, 1),
        "ends_on": date(2027, 12, 31),
        "circulation_text": "Training of prosecutors in a State of the region.",
        "circulated_at": NOW,
        "submitted_at": NOW,
        "opened_at": NOW,
    }
    made = await Request.create(
        public_id=new_public_id("REQ"),
        lead_state_id=state,
        co_states=list(co_states),
        confidentiality=confidentiality,
        state_since=NOW,
        scope_changed_at=NOW,
        **(given | columns),
    )
    for position, (topic, modality, beneficiary, quantity, unit) in enumerate(items, 1):
        await RequestItem.create(
            request=made,
            position=position,
            topic_id=topic,
            modality_id=modality,
            beneficiary_id=beneficiary,
            quantity=quantity,
            unit_id=unit,
        )
    for code in co_states:
        await RequestParty.create(request=made, state_id=code, confirmed_at=NOW)
    for person, role in assigned:
        await RequestAssignment.create(request=made, person_id=person.person_id, role=role.value)
    await set_down(made, state=RequestState.OPEN)
    return made


async def items_of(request: Request) -> list[RequestItem]:
    return await RequestItem.filter(request=request).order_by("position")


async def slots_of(offer: Offer) -> list[OfferSlot]:
    return await OfferSlot.filter(offer=offer).order_by("position")


async def offered(of: Organization, *, slots: Sequence[Line] = (SLOT,), **given: Any) -> Offer:
    return await published(of, slots=slots, **given)


async def proposed(
    players: Cast,
    *,
    request: Request | None = None,
    offer: Offer | None = None,
    quantity: int = 10,
    lines: Sequence[LineDraft] | None = None,
    participants: Sequence[ParticipantDraft] = (),
    dates: tuple[date, date] = (FIRST, LAST),
    now: datetime = NOW,
) -> Match:
    """Proposed by the cast's coordinator: one line unless `lines` are given."""
    request = request or await open_request()
    offer = offer or await offered(players.provider)
    if lines is None:
        item, slot = (await items_of(request))[0], (await slots_of(offer))[0]
        lines = [LineDraft(item.id, slot.id, quantity, quantity)]
    return await actions.propose(
        request,
        offer,
        lines=lines,
        participants=participants,
        starts_on=dates[0],
        ends_on=dates[1],
        data_shared=PARTS,
        rationale="The closest in topic and language.",
        no_conflict=True,
        actor=players.coordinator,
        now=now,
    )


async def consented(players: Cast, *, now: datetime = NOW, **given: Any) -> Match:
    match = await proposed(players, now=now, **given)
    await actions.consent(match, data_shared=PARTS, actor=players.focal_point, now=now)
    return await fresh(match)


async def accepted(players: Cast, *, now: datetime = NOW, **given: Any) -> Match:
    match = await consented(players, now=now, **given)
    await actions.accept(match, no_conflict=True, actor=players.partner, now=now)
    return await fresh(match)


async def approved(players: Cast, *, now: datetime = NOW, **given: Any) -> Match:
    match = await accepted(players, now=now, **given)
    await approve(match, players, now=now)
    return await fresh(match)


async def approve(
    match: Match,
    players: Cast,
    *,
    now: datetime = NOW,
    risk_note: str = "",
    risk_mitigation: str = "",
    funding_note: str = "",
    join_reason: str = "",
) -> None:
    await actions.approve(
        match,
        risk_note=risk_note,
        risk_mitigation=risk_mitigation,
        funding_note=funding_note,
        join_reason=join_reason,
        actor=players.approver,
        now=now,
    )


async def fresh(match: Match) -> Match:
    return await Match.get(id=match.id)


def later(**duration: float) -> datetime:
    return NOW + timedelta(**duration)
