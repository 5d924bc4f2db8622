"""Which provider may see how much, who at UNODC is named, and who has read."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from concord.actor import SECRETARIAT_ROLES, Actor, Role
from concord.errors import InvalidInput, Text
from concord.inbox.actions import open_task
from concord.inbox.models import Task
from concord.requests.actions.drafting import check_named
from concord.requests.actions.recording import KIND, allow, locked, record
from concord.requests.models import Disclosure, Request, RequestAssignment, RequestReading
from concord.requests.policy import may_assign, may_name_provider
from concord.requests.queries import (
    assigned,
    check_assigned,
    excluded_organizations,
    verified_providers,
)
from concord.requests.values import DraftValues, Level

DELETE_WITHIN = timedelta(days=30)
CONSENT = "consent"
NAMED = "named_by_state"


async def disclose(
    request: Request,
    organization_id: UUID,
    *,
    level: Level,
    basis: str,
    match_id: UUID | None,
    now: datetime,
    parts: Collection[str] = (),
) -> Disclosure:
    """Let an organization see a request, once per organization and match; no `parts` is all."""
    present = await Disclosure.filter(
        request_id=request.id, organization_id=organization_id, match_id=match_id, ended_at=None
    ).first()
    found = present or Disclosure(
        request_id=request.id,
        organization_id=organization_id,
        match_id=match_id,
        granted_at=now,
    )
    found.level, found.basis, found.parts = level.value, basis, sorted(parts)
    await found.save()
    return found


async def end_disclosures(match_id: UUID, *, now: datetime) -> int:
    """No further sharing for this match; what was shared is to be deleted within 30 days."""
    live = Disclosure.filter(match_id=match_id, ended_at=None)
    return await live.update(ended_at=now, delete_by=now + DELETE_WITHIN)


async def name_provider(
    request: Request, *, organization_id: UUID, version: int, actor: Actor, now: datetime
) -> Request:
    """The State shows its restricted request in full to a verified provider of its choice."""
    async with locked(request, version=version) as found:
        allow(may_name_provider(actor, found))
        verified = await verified_providers().filter(id=organization_id).exists()
        if not verified or organization_id in await excluded_organizations(found.id):
            raise InvalidInput({"organization": Text("Choose an organization from the list.")})
        await disclose(
            found, organization_id, level=Level.FULL, basis=NAMED, match_id=None, now=now
        )
        found.version += 1
        await found.save(update_fields=["version"])
        await record(found, "name_provider", actor=actor, now=now, on_behalf_of=actor.state)
    return found


async def end_naming(request: Request, *, now: datetime) -> None:
    """Providers that the State named of itself see the request no longer."""
    await Disclosure.filter(request_id=request.id, basis=NAMED, ended_at=None).update(
        ended_at=now, delete_by=now + DELETE_WITHIN
    )


async def assign(
    request: Request,
    *,
    person_id: UUID,
    role: Role,
    version: int,
    actor: Actor,
    now: datetime,
) -> Request:
    """Name a coordinator more, or another approver, on a sealed request; their tasks follow."""
    async with locked(request, version=version) as found:
        allow(may_assign(actor, found))
        if actor.is_secretariat:
            await check_assigned(actor, found)
        named = (
            DraftValues(approver=person_id)
            if role is Role.APPROVER
            else DraftValues(coordinators=(person_id,))
        )
        await check_named(found.lead_state_id, named)
        await _put(found, person_id, role, now=now)
        found.version += 1
        await found.save(update_fields=["version"])
        await record(found, "assign", actor=actor, now=now, role=role.value)
    return found


async def _put(request: Request, person_id: UUID, role: Role, *, now: datetime) -> None:
    present = RequestAssignment.filter(request_id=request.id, role=role)
    waiting = await Task.filter(
        subject_id=request.id, closed_at=None, roles__contains=[role.value]
    )
    if role is Role.APPROVER:
        await present.delete()
        await Task.filter(id__in=[task.id for task in waiting]).update(closed_at=now)
    await RequestAssignment.bulk_create(
        [RequestAssignment(request_id=request.id, person_id=person_id, role=role.value)],
        ignore_conflicts=True,
    )
    for kind, due_at in {task.kind: task.due_at for task in waiting}.items():
        await open_task(
            kind,
            subject_kind=KIND,
            subject_id=request.id,
            subject_public_id=request.public_id,
            roles=[role],
            state=request.lead_state_id,
            person_id=person_id,
            now=now,
            due_at=due_at,
        )


async def name_tasks(request: Request, *, now: datetime) -> None:
    """What waits for UNODC on a request that has become sealed waits for those named alone."""
    named = await assigned(request.id)
    waiting = Task.filter(
        subject_public_id=request.public_id, closed_at=None, person_id=None, organization_id=None
    )
    for task in await waiting.order_by("id"):
        roles = SECRETARIAT_ROLES & {Role(role) for role in task.roles}
        if not roles:
            continue
        await Task.filter(id=task.id).update(closed_at=now)
        for one in named:
            if one.role in roles:
                await open_task(
                    task.kind,
                    subject_kind=task.subject_kind,
                    subject_id=task.subject_id,
                    subject_public_id=task.subject_public_id,
                    roles=[Role(one.role)],
                    state=task.state_code,
                    person_id=one.person_id,
                    now=now,
                    due_at=task.due_at,
                )


async def note_reading(request: Request, *, actor: Actor, now: datetime) -> None:
    """Keep that this person opened the request, once an hour: the State reads this log."""
    await note_readings([request.id], actor=actor, now=now)


async def note_readings(request_ids: Collection[UUID], *, actor: Actor, now: datetime) -> None:
    """The same for several that were read together, in a list that leaves the platform."""
    if actor.is_state or actor.person_id is None or not request_ids:
        return
    await RequestReading.bulk_create(
        [
            RequestReading(
                request_id=request_id,
                person_id=actor.person_id,
                organization_id=actor.organization_id,
                role=actor.role or "",
                hour=now.replace(minute=0, second=0, microsecond=0),
            )
            for request_id in sorted(set(request_ids))
        ],
        ignore_conflicts=True,
    )
