"""Drafts: made, filled page by page, and kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from concord.actor import Actor, Role
from concord.database import transaction
from concord.errors import Conflict, InvalidInput, NotAllowed, Text
from concord.organizations.models import Organization
from concord.reference.identifiers import new_public_id
from concord.reference.queries import code_lists
from concord.requests.actions.recording import NOT_YOURS, allow, locked, record
from concord.requests.checking import check
from concord.requests.completeness import completeness
from concord.requests.models import (
    Request,
    RequestAssignment,
    RequestExclusion,
    RequestItem,
    RequestParty,
)
from concord.requests.policy import may_draft, may_edit
from concord.requests.queries import secretariat_people
from concord.requests.states import EDITABLE, Confidentiality
from concord.requests.values import DraftValues, ItemValues

TAKEN = "Part of this is already in a match: its quantity may not fall below what is taken."
NOT_EDITABLE = "This request has been submitted: its text can no longer be changed here."
FIELDS = (
    "title",
    "description",
    "language",
    "outcome",
    "existing",
    "starts_on",
    "ends_on",
    "confidentiality",
    "urgent",
    "urgent_reason",
    "needed_by",
)


async def create_draft(
    values: DraftValues, *, actor: Actor, now: datetime, follows: Request | None = None
) -> Request:
    """A draft of the actor's own State; `follows` is the request that it takes up again."""
    allow(may_draft(actor))
    if values.lead_state not in {"", actor.state}:
        raise NotAllowed(NOT_YOURS)
    async with transaction():
        request = await begin(
            values,
            lead_state=actor.state or "",
            authority_id=actor.organization_id,
            actor=actor,
            now=now,
        )
        if follows is not None:
            request.follows_id = follows.id
            await request.save(update_fields=["follows_id"])
        await record(request, "draft", actor=actor, now=now)
    return request


async def begin(
    values: DraftValues,
    *,
    lead_state: str,
    authority_id: UUID | None,
    actor: Actor,
    now: datetime,
    external_id: str | None = None,
    source: str | None = None,
) -> Request:
    """Insert the draft and its parts, in the caller's transaction."""
    request = Request(
        public_id=await _free_public_id(),
        lead_state_id=lead_state,
        authority_id=authority_id,
        created_by_id=actor.person_id,
        state_since=now,
        scope_changed_at=now,
        external_id=external_id,
        import_source=source,
    )
    await write(request, values)
    return request


async def edit(
    request: Request, values: DraftValues, *, version: int, actor: Actor, now: datetime
) -> Request:
    """Save a draft or a returned request; a changed text has to be confirmed again."""
    async with locked(request, version=version) as found:
        if found.state not in EDITABLE:
            raise Conflict(NOT_EDITABLE)
        allow(may_edit(actor, found))
        found.version += 1
        found.scope_changed_at = now
        await write(found, values)
    return found


async def write(request: Request, values: DraftValues) -> None:
    """Save the row and replace its parts by `values`, which are checked first."""
    await _check(request, values)
    for name in FIELDS:
        setattr(request, name, getattr(values, name))
    request.working_languages = list(values.working_languages)
    request.tags = list(values.tags)
    request.co_states = sorted(values.co_states)
    request.completeness = completeness(values).score
    await request.save()
    await write_items(request, values.items)
    await _write_parties(request, values.co_states)
    await RequestExclusion.filter(request_id=request.id).delete()
    await RequestExclusion.bulk_create(
        [RequestExclusion(request_id=request.id, organization_id=one) for one in values.excluded]
    )
    await _write_assignments(request, values)


async def _check(request: Request, values: DraftValues) -> None:
    lists = await code_lists()
    if request.lead_state_id in values.co_states:
        raise InvalidInput({"co_states": Text("Your own State already makes this request.")})
    check(values, lists)
    known = await Organization.filter(id__in=list(values.excluded)).count()
    if known != len(set(values.excluded)):
        raise InvalidInput({"excluded": Text("Choose organizations from the list.")})
    await check_named(request.lead_state_id, values)


async def check_named(state: str, values: DraftValues) -> None:
    """Those named on a sealed request hold the role that they are named for."""
    coordinators = set(values.coordinators)
    if coordinators and coordinators - set(await secretariat_people(Role.COORDINATOR, state)):
        raise InvalidInput({"coordinators": Text("Choose coordinators from the list.")})
    if values.approver and values.approver not in await secretariat_people(Role.APPROVER, state):
        raise InvalidInput({"approver": Text("Choose an approver from the list.")})


async def write_items(request: Request, items: tuple[ItemValues, ...]) -> None:
    """Items keep their place: the first stays the first, surplus ones go."""
    present = await RequestItem.filter(request_id=request.id).order_by("position")
    for position, values in enumerate(items, 1):
        if position <= len(present):
            await _rewrite(present[position - 1], values)
        else:
            await RequestItem.create(request_id=request.id, position=position, **_columns(values))
    for surplus in present[len(items) :]:
        if surplus.reserved + surplus.delivered:
            raise Conflict(TAKEN)
        await surplus.delete()


async def _rewrite(item: RequestItem, values: ItemValues) -> None:
    taken = item.reserved + item.delivered
    columns = _columns(values)
    moved = any(
        getattr(item, name) != columns[name] for name in ("topic_id", "modality_id", "unit_id")
    )
    if taken and (moved or (values.quantity or 0) < taken):
        raise Conflict(TAKEN)
    if any(getattr(item, name) != value for name, value in columns.items()):
        item.update_from_dict(columns)
        await item.save(update_fields=list(columns))


def _columns(values: ItemValues) -> dict[str, Any]:
    return {
        "topic_id": values.topic,
        "modality_id": values.modality,
        "beneficiary_id": values.beneficiary,
        "institution": values.institution,
        "quantity": values.quantity,
        "unit_id": values.unit,
    }


async def _write_parties(request: Request, states: tuple[str, ...]) -> None:
    """Every co-requesting State confirms the present text: what it confirmed before is gone."""
    await RequestParty.filter(request_id=request.id).exclude(state_id__in=list(states)).delete()
    kept = {party.state_id for party in await RequestParty.filter(request_id=request.id)}
    await RequestParty.bulk_create(
        [RequestParty(request_id=request.id, state_id=one) for one in states if one not in kept]
    )
    await unconfirm(request)


async def unconfirm(request: Request) -> None:
    await RequestParty.filter(request_id=request.id).update(
        confirmed_at=None, confirmed_by_id=None
    )


async def _write_assignments(request: Request, values: DraftValues) -> None:
    await RequestAssignment.filter(request_id=request.id).delete()
    if values.confidentiality is not Confidentiality.SEALED:
        return
    named = [(person, "coordinator") for person in dict.fromkeys(values.coordinators)]
    if values.approver is not None:
        named.append((values.approver, "approver"))
    await RequestAssignment.bulk_create(
        [
            RequestAssignment(request_id=request.id, person_id=person, role=role)
            for person, role in named
        ]
    )


async def _free_public_id() -> str:
    while await Request.exists(public_id=(candidate := new_public_id("REQ"))):
        pass
    return candidate
