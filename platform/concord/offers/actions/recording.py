"""What every action on an offer does: lock, move, keep the step, tell, ask, audit."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from concord import audit, jobs
from concord.actor import Actor, Role
from concord.database import transaction
from concord.errors import NotAllowed, NotFound, StaleVersion
from concord.inbox.actions import open_task, tell
from concord.offers.models import Offer, OfferStep
from concord.offers.queries import case_of, lock
from concord.offers.states import MACHINE, OfferState
from notifications.messages import Message

NOT_YOURS = "You may not do this with this offer."
STALE = "Somebody has changed this offer since you opened it."
KIND = "offer"


@asynccontextmanager
async def locked(offer_id: UUID, *, version: int | None = None) -> AsyncIterator[Offer]:
    """The offer read again and locked, in one transaction; `version` is the form's."""
    async with transaction():
        found = await lock([offer_id])
        if not found:
            raise NotFound
        if version is not None and found[0].version != version:
            raise StaleVersion(STALE)
        yield found[0]


def allow(condition: bool) -> None:
    if not condition:
        raise NotAllowed(NOT_YOURS)


async def move(
    offer: Offer,
    verb: str,
    target: OfferState,
    *,
    actor: Actor,
    now: datetime,
    reasons: Iterable[str] = (),
    note: str = "",
) -> None:
    """Check the table, save the row with all that the caller has set, and keep the step."""
    source = offer.state
    MACHINE.check(verb, source, target)
    if target is not source:
        offer.state = target
        offer.state_since = now
    offer.version += 1
    await offer.save()
    await OfferStep.create(
        offer_id=offer.id,
        verb=verb,
        source=source.value,
        target=target.value,
        at=now,
        person_id=actor.person_id,
        organization_id=actor.organization_id,
        reasons=list(reasons),
        note=note,
    )


async def tell_about(
    offer: Offer, event: str, *messages: Message, now: datetime, actor: Actor | None = None
) -> None:
    """Owe messages about this version of the offer."""
    await tell(
        *messages,
        case=case_of(offer, actor=actor),
        event=f"offer:{offer.id}:{event}:{offer.version}",
        now=now,
    )


async def ask_coordinators(
    offer: Offer, kind: str, *, now: datetime, due_at: datetime | None
) -> None:
    """Every coordinator sees it: an offer belongs to no set of States."""
    await _ask(offer, kind, roles={Role.COORDINATOR}, organization_id=None, now=now, due_at=due_at)


async def ask_provider(
    offer: Offer,
    kind: str,
    *,
    roles: Collection[Role],
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    await _ask(
        offer, kind, roles=roles, organization_id=offer.organization_id, now=now, due_at=due_at
    )


async def _ask(
    offer: Offer,
    kind: str,
    *,
    roles: Collection[Role],
    organization_id: UUID | None,
    now: datetime,
    due_at: datetime | None,
) -> None:
    await open_task(
        kind,
        subject_kind=KIND,
        subject_id=offer.id,
        subject_public_id=offer.public_id,
        roles=roles,
        organization_id=organization_id,
        now=now,
        due_at=due_at,
    )


async def rank(offer: Offer, *, now: datetime) -> None:
    """Ask the workers to rank again the requests that it may suit, or no longer suits."""
    await jobs.enqueue(jobs.RANK_OFFER, now=now, offer_id=offer.id)


async def look_for_duplicates(offer: Offer, *, now: datetime) -> None:
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=now, offer_id=offer.id)


async def record(
    offer: Offer,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    reasons: Sequence[str] | None = None,
    source: str | None = None,
) -> None:
    """The last thing in a transaction."""
    given: dict[str, Any] = {"reasons": reasons and list(reasons), "source": source}
    await audit.record(
        f"offer.{verb}",
        actor=actor,
        subject_kind=KIND,
        subject_id=offer.id,
        now=now,
        state=offer.state.value,
        version=offer.version,
        **{name: value for name, value in given.items() if value is not None},
    )
