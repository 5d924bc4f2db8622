"""What every action on a request does: lock, move, keep the step, tell, ask, audit."""

from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from concord import audit, jobs
from concord.actor import FOCAL_POINTS, Actor, Role
from concord.database import transaction
from concord.errors import NotAllowed, StaleVersion
from concord.inbox.actions import open_task, tell
from concord.requests.models import Request, RequestStep
from concord.requests.policy import states_of
from concord.requests.queries import assigned, case_of, live_disclosures, lock
from concord.requests.states import (
    CIRCULATED_CLASSES,
    MACHINE,
    MERGEABLE,
    Confidentiality,
    RequestState,
)
from notifications.messages import Message

NOT_YOURS = "You may not do this with this request."
STALE = "Somebody has changed this request since you opened it."
KIND = "request"


@asynccontextmanager
async def locked(request: Request, *, version: int | None = None) -> AsyncIterator[Request]:
    """The same request read again and locked, in one transaction; `version` is the form's."""
    async with transaction():
        found = await lock(request.id)
        if version is not None and found.version != version:
            raise StaleVersion(STALE)
        yield found


def allow(condition: bool) -> None:
    if not condition:
        raise NotAllowed(NOT_YOURS)


def allow_state(
    condition: bool, request: Request, *, actor: Actor, on_behalf_of: str | None
) -> None:
    """A State's own act, or one that UNODC recorded on paper and a second person confirmed."""
    recorded = on_behalf_of in states_of(request) and actor.is_secretariat
    allow(recorded if on_behalf_of else condition)


async def move(
    request: Request,
    verb: str,
    target: RequestState,
    *,
    actor: Actor,
    now: datetime,
    reasons: Iterable[str] = (),
    note: str = "",
    note_seen_by: str = "secretariat",
    on_behalf_of: str | None = None,
) -> None:
    """Check the table, save the row with all that the caller has set, and keep the step."""
    source = request.state
    MACHINE.check(verb, source, target)
    if target is not source:
        request.state = target
        request.state_since = now
        if target not in MERGEABLE - {RequestState.SUSPENDED}:
            request.merge_asked_into_id = None  # what was asked of it is over
    request.version += 1
    await request.save()
    await RequestStep.create(
        request_id=request.id,
        verb=verb,
        source=source.value,
        target=target.value,
        at=now,
        person_id=actor.person_id,
        on_behalf_of=on_behalf_of,
        reasons=list(reasons),
        note=note,
        note_seen_by=note_seen_by,
    )


async def tell_about(
    request: Request,
    event: str,
    *messages: Message,
    actor: Actor,
    now: datetime,
    providers: bool = False,
) -> None:
    """Owe messages about this version; `providers` adds those that see the request."""
    circulated = (
        providers
        and request.circulated_at is not None
        and request.confidentiality in CIRCULATED_CLASSES
    )
    asked = await live_disclosures(request.id) if providers else frozenset()
    await tell(
        *messages,
        case=await case_of(request, actor=actor, circulated=circulated, asked=asked),
        event=f"request:{request.id}:{event}:{request.version}",
        now=now,
    )


async def ask_states(
    request: Request,
    kind: str,
    *,
    states: Collection[str],
    now: datetime,
    due_at: datetime | None = None,
    roles: Collection[Role] = FOCAL_POINTS,
) -> None:
    """Let something wait for each of these States."""
    for state in sorted(states):
        await open_task(
            kind,
            subject_kind=KIND,
            subject_id=request.id,
            subject_public_id=request.public_id,
            roles=roles,
            state=state,
            now=now,
            due_at=due_at,
        )


async def ask_secretariat(
    request: Request, kind: str, *, role: Role, now: datetime, due_at: datetime | None = None
) -> None:
    """Let something wait for this role at UNODC; on a sealed request, for those named on it."""
    persons: list[UUID | None] = [None]
    if request.confidentiality is Confidentiality.SEALED:
        named = await assigned(request.id)
        persons = [one.person_id for one in named if one.role == role]
    for person_id in persons:
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


async def rank(request: Request, *, now: datetime, duplicates: bool = False) -> None:
    """Ask the workers to rank, and to look for requests that this one repeats."""
    await jobs.enqueue(jobs.RANK_REQUEST, now=now, request_id=request.id)
    if duplicates:
        await look_for_duplicates(request, now=now)


async def look_for_duplicates(request: Request, *, now: datetime) -> None:
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=now, request_id=request.id)


async def record(
    request: Request,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    on_behalf_of: str | None = None,
    **facts: str | int | bool | list[str] | None,
) -> None:
    """The last thing in a transaction."""
    await audit.record(
        f"request.{verb}",
        actor=actor,
        subject_kind=KIND,
        subject_id=request.id,
        now=now,
        on_behalf_of=on_behalf_of,
        state=request.state.value,
        version=request.version,
        **facts,
    )
