"""Proposing a match: gates re-checked under lock, capacity held, notices owed in a minute."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from concord.actor import Actor
from concord.database import transaction
from concord.deadlines import Step, deadline, hold_limit
from concord.errors import InvalidInput, NotAllowed, Text
from concord.inbox.actions import close_tasks
from concord.matches import gates
from concord.matches.actions import telling
from concord.matches.actions.admitting import check_gates
from concord.matches.actions.capacity import hold
from concord.matches.actions.locking import Locked, assigned_to, lock_matches, lock_offers
from concord.matches.actions.moving import Word, ask_states, record, write_step
from concord.matches.models import Match, MatchLine, Participant
from concord.matches.policy import may_propose
from concord.matches.states import MatchState
from concord.matches.undertakings import undertakings
from concord.matches.values import LineDraft, Part, ParticipantDraft, Proposal, distinct
from concord.offers import queries as offers
from concord.offers.models import Offer, OfferSlot
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind
from concord.pairings.actions import PROPOSE_TASK
from concord.pairings.models import Pairing
from concord.reference.identifiers import new_public_id
from concord.reference.queries import code_lists
from concord.requests import queries as requests
from concord.requests.models import Request, RequestItem

UNDO = timedelta(seconds=60)
ALTERNATIVES = 5
NOT_YOURS = "Only a coordinator who serves the requesting State proposes a match."


async def propose(
    request: Request,
    offer: Offer,
    *,
    lines: Sequence[LineDraft],
    participants: Sequence[ParticipantDraft] = (),
    starts_on: date,
    ends_on: date,
    data_shared: Sequence[str],
    rationale: str = "",
    no_conflict: bool,
    actor: Actor,
    now: datetime,
) -> Match:
    """A new match with its holds. `Conflict` names the gate that fails, `InvalidInput` the field.

    The notices wait a minute, in which the proposer may undo it.
    """
    shared = distinct(data_shared)
    proposal = Proposal(
        tuple(lines), tuple(participants), starts_on, ends_on, shared, rationale, no_conflict
    )
    async with transaction():
        fresh = await requests.lock(request.id)
        if not may_propose(actor, fresh.lead_state_id, await assigned_to(fresh)):
            raise NotAllowed(NOT_YOURS)
        given = (await lock_offers([offer.id]))[offer.id]
        return await _propose(fresh, given, proposal, actor=actor, now=now)


async def _propose(
    request: Request, offer: Offer, proposal: Proposal, *, actor: Actor, now: datetime
) -> Match:
    organizations = await _organizations(offer, proposal)
    await check_gates(request, offer, organizations, actor=actor, now=now)
    items, slots = await _lines(request, offer, proposal, now=now)
    _check_declarations(offer, proposal)
    match = await _create(request, offer, proposal, actor=actor, now=now)
    await _create_lines(match, proposal, items, slots)
    await _create_participants(match, offer, proposal)
    locked = (await lock_matches({request.id: request}, Q(id=match.id)))[0]
    await _ask(locked, proposal, actor=actor, now=now)
    await record(locked, "propose", actor=actor, now=now)
    return locked.match


async def _ask(locked: Locked, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Hold the capacity, ask the States, and owe the notices a minute from now."""
    await hold(list(locked.match.lines))
    await write_step(
        locked.match,
        "propose",
        source=None,
        actor=actor,
        now=now,
        word=Word(note=proposal.rationale),
    )
    await close_tasks(locked.request.id, PROPOSE_TASK, now=now)
    await ask_states(locked, locked.states, now=now)
    await telling.announce(
        locked,
        *telling.proposed(locked),
        verb="proposed",
        actor=actor,
        now=now,
        at=locked.match.told_at,
    )


async def _organizations(offer: Offer, proposal: Proposal) -> list[Organization]:
    """The offer's organization and everyone else who would take part."""
    wanted = {draft.organization_id for draft in proposal.participants} - {offer.organization_id}
    others = await Organization.filter(id__in=sorted(wanted)).order_by("id")
    if len(others) != len(wanted):
        raise InvalidInput({"participants": Text("One of the participants is not known.")})
    return [offer.organization, *others]


async def _lines(
    request: Request, offer: Offer, proposal: Proposal, *, now: datetime
) -> tuple[dict[UUID, RequestItem], dict[UUID, OfferSlot]]:
    """Items and slots under lock. `InvalidInput` names the line and field that does not fit."""
    locked = await offers.lock_slots([line.slot_id for line in proposal.lines])
    slots = {slot.id: slot for slot in locked if slot.retired_at is None}
    items = {item.id: item for item in await requests.lock_items(request.id)}
    errors = gates.check_period(
        proposal.starts_on, proposal.ends_on, request=request, offer=offer, now=now
    )
    if not proposal.lines:
        errors["lines"] = Text("Choose at least one item and the slot that serves it.")
    lists = await code_lists()
    for number, draft in enumerate(proposal.lines):
        item, slot = items.get(draft.item_id), slots.get(draft.slot_id)
        if item is None or slot is None or slot.offer_id != offer.id:
            errors[f"line-{number}-item"] = Text("Choose an item of the request and a slot.")
            continue
        line = _gate_line(draft, item, slot, proposal)
        if problem := gates.line_problem(line, lists):
            errors[f"line-{number}-{problem[0]}"] = problem[1]
    if errors:
        raise InvalidInput(errors)
    return items, slots


def _gate_line(
    draft: LineDraft, item: RequestItem, slot: OfferSlot, proposal: Proposal
) -> gates.Line:
    return gates.Line(
        item=item,
        slot=slot,
        item_quantity=draft.item_quantity,
        slot_quantity=draft.slot_quantity,
        ratio_reason=draft.ratio_reason,
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
    )


def _check_declarations(offer: Offer, proposal: Proposal) -> None:
    errors: dict[str, str] = {}
    if not proposal.no_conflict:
        errors["no_conflict"] = Text("Declare that you have no conflict of interest.")
    if offer.organization.kind is OrganizationKind.SECRETARIAT and not proposal.rationale:
        errors["rationale"] = Text("Say why UNODC's own programme and none of the alternatives.")
    if errors:
        raise InvalidInput(errors)


async def _create(
    request: Request, offer: Offer, proposal: Proposal, *, actor: Actor, now: datetime
) -> Match:
    pairing = await Pairing.get_or_none(request_id=request.id, offer_id=offer.id)
    due = await deadline(
        Step.CONSENT, start=now, state=request.lead_state_id, urgent=request.urgent
    )
    made = Match(
        request=request,
        offer=offer,
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
        data_shared=list(proposal.data_shared),
        state=MatchState.PROPOSED,
        state_since=now,
        due_at=due,
        hold_until=min(due, hold_limit(now)),
        scope_changed_at=now,
        told_at=now + UNDO,
        proposed_by_id=actor.person_id,
        proposed_at=now,
        rationale=await _with_alternatives(request, offer, proposal.rationale),
        model_version=pairing.model_version if pairing else "",
        rank=pairing.rank if pairing else None,
    )
    return await _saved(made)


async def _with_alternatives(request: Request, offer: Offer, rationale: str) -> str:
    """For UNODC's own programme, the best-ranked other offers are kept with the reason."""
    if offer.organization.kind is not OrganizationKind.SECRETARIAT:
        return rationale
    others = (
        await Pairing.filter(request_id=request.id)
        .exclude(offer_id=offer.id)
        .order_by("rank")
        .limit(ALTERNATIVES)
        .values_list("offer__public_id", flat=True)
    )
    return "\n".join([rationale, *(str(public_id) for public_id in others)])


async def _saved(match: Match) -> Match:
    """Store it under a public id that nobody has: one collision in 33 million is tried again."""
    while True:
        match.public_id = new_public_id("MAT")
        try:
            async with transaction():
                await match.save(force_create=True)
        except IntegrityError:
            if not await Match.exists(public_id=match.public_id):
                raise
        else:
            return match


async def _create_lines(
    match: Match,
    proposal: Proposal,
    items: dict[UUID, RequestItem],
    slots: dict[UUID, OfferSlot],
) -> None:
    shared = undertakings(items.values(), await code_lists())
    for draft in proposal.lines:
        counted = slots[draft.slot_id].capacity is not None
        await MatchLine.create(
            match=match,
            item=items[draft.item_id],
            slot=slots[draft.slot_id],
            item_quantity=draft.item_quantity,
            slot_quantity=draft.slot_quantity if counted else draft.item_quantity,
            ratio_reason=draft.ratio_reason,
            undertaking_id=shared[draft.item_id],
        )


async def _create_participants(match: Match, offer: Offer, proposal: Proposal) -> None:
    wanted = {(offer.organization_id, Part.PROVIDER)}
    wanted |= {(draft.organization_id, draft.role) for draft in proposal.participants}
    for organization_id, role in sorted(wanted):
        await Participant.create(match=match, organization_id=organization_id, role=role)
