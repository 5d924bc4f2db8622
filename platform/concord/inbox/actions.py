"""Tells people and opens or closes what waits for them, in the caller's transaction."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from concord import jobs
from concord.actor import Role
from concord.inbox.models import Notice, Task
from concord.inbox.queries import memberships_for
from notifications.messages import Message, dump
from notifications.recipients import Case, recipients


async def tell(
    *messages: Message, case: Case[UUID], event: str, now: datetime, at: datetime | None = None
) -> None:
    """Owe each message to everyone whom its rule names, not before `at`.

    `event` names what happened once and for all (`request:<id>:submitted:<version>`): telling it
    again owes nothing more, and `jobs.forget(f"tell:{event}")` takes it back before `at`.
    """
    people = await memberships_for(case)
    for message in messages:
        await jobs.owe(
            message.name,
            dump(message),
            to=recipients(type(message), people=people, case=case),
            dedup=f"{event}:{message.name}",
            now=now,
            at=at,
        )


async def open_task(
    kind: str,
    *,
    subject_kind: str,
    subject_id: UUID,
    subject_public_id: str,
    roles: Collection[Role],
    now: datetime,
    due_at: datetime | None = None,
    organization_id: UUID | None = None,
    state: str | None = None,
    person_id: UUID | None = None,
) -> None:
    """Let something wait for those roles (of an organization or State); once while open."""
    await Task.bulk_create(
        [
            Task(
                kind=kind,
                subject_kind=subject_kind,
                subject_id=subject_id,
                subject_public_id=subject_public_id,
                roles=sorted(roles),
                organization_id=organization_id,
                state_code=state,
                person_id=person_id,
                opened_at=now,
                due_at=due_at,
            )
        ],
        ignore_conflicts=True,
    )


async def close_tasks(
    subject_id: UUID,
    *kinds: str,
    now: datetime,
    state: str | None = None,
    organization_id: UUID | None = None,
) -> None:
    """Close what waits on a subject: all of it, or the given kinds, or one side's part."""
    waiting = Task.filter(subject_id=subject_id, closed_at=None)
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    if state is not None:
        waiting = waiting.filter(state_code=state)
    if organization_id is not None:
        waiting = waiting.filter(organization_id=organization_id)
    await waiting.update(closed_at=now)


async def mark_read(person_id: UUID, *ids: UUID, now: datetime) -> None:
    """Mark a person's notices read: the given ones, or all of them."""
    unread = Notice.filter(person_id=person_id, read_at=None)
    await (unread.filter(id__in=ids) if ids else unread).update(read_at=now)
