"""Locks a delivery with its match: request, offer and slots first, as every command does."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from concord.actor import Actor, Role
from concord.database import transaction
from concord.deliveries.policy import is_possible, may
from concord.errors import Conflict, NotAllowed, NotFound, StaleVersion
from concord.inbox.actions import open_task
from concord.matches.actions.locking import Locked, lock_match
from concord.matches.delivery_states import MACHINE
from concord.matches.models import Delivery, Match
from concord.matches.values import OnBehalf

STALE = "This delivery has changed since the page was opened. Look at it again before you decide."
DENIED = "Your role does not allow this step on this delivery."
NOT_NOW = "The match of this delivery does not allow this step at present."


@asynccontextmanager
async def locked_delivery(
    delivery: Delivery,
    verb: str,
    *,
    actor: Actor,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> AsyncIterator[tuple[Locked, Delivery]]:
    """The delivery as it is now, in one transaction; the actor may and the tables allow `verb`."""
    async with transaction():
        locked, fresh = await lock_delivery(delivery.id)
        if version is not None and fresh.version != version:
            raise StaleVersion(STALE)
        check_may(verb, actor, locked, on_behalf)
        MACHINE.check(verb, fresh.state)
        check_possible(verb, locked)
        yield locked, fresh


async def lock_delivery(delivery_id: UUID) -> tuple[Locked, Delivery]:
    """Read again after the locks, with its lines."""
    seen = await Delivery.get_or_none(id=delivery_id)
    if seen is None:
        raise NotFound
    locked = await lock_match(await Match.get(id=seen.match_id))
    return locked, await Delivery.get(id=delivery_id).prefetch_related("lines")


def check_may(verb: str, actor: Actor, locked: Locked, on_behalf: OnBehalf | None = None) -> None:
    """Raise `NotAllowed` unless the actor may; an act on behalf was confirmed by two persons."""
    if on_behalf is not None:
        if on_behalf.state not in locked.states or not actor.is_secretariat:
            raise NotAllowed(DENIED)
    elif not may(verb, actor, locked.sides):
        raise NotAllowed(DENIED)


def check_possible(verb: str, locked: Locked) -> None:
    if not is_possible(verb, locked.sides):
        raise Conflict(NOT_NOW)


async def wait_for(
    delivery: Delivery,
    kind: str,
    roles: Collection[Role],
    *,
    now: datetime,
    states: Collection[str] = (),
    organizations: Collection[UUID] = (),
    persons: Collection[UUID | None] = (),
) -> None:
    """Let something wait for these States, organizations or persons (None: for the role)."""
    sides: list[tuple[str | None, UUID | None, UUID | None]] = [
        *((state, None, None) for state in sorted(states)),
        *((None, organization, None) for organization in sorted(organizations)),
        *((None, None, person) for person in persons),
    ]
    for state, organization_id, person_id in sides:
        await open_task(
            kind,
            subject_kind="delivery",
            subject_id=delivery.id,
            subject_public_id=delivery.public_id,
            roles=roles,
            now=now,
            due_at=delivery.due_at,
            state=state,
            organization_id=organization_id,
            person_id=person_id,
        )
