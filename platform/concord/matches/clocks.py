"""What time does to matches, one transaction each; safe to run twice at once."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from concord.actor import CLOCK
from concord.matches import queries
from concord.matches.actions import (
    ask_decision,
    lapse,
    overdue,
    provider_reinstated,
    provider_suspended,
    scope_changed,
    warn,
)


class Step(Protocol):
    def __call__(self, match_id: UUID, /, *, now: datetime) -> Awaitable[bool]: ...


DUE: Sequence[tuple[Callable[[datetime], Awaitable[list[UUID]]], Step]] = (
    (queries.due_to_lapse, lapse),
    (queries.due_to_lose_hold, overdue),
    (queries.due_to_warn, warn),
    (queries.due_to_decide, ask_decision),
)


async def run(now: datetime) -> int:
    """Everything that is due; how many matches it touched."""
    done = 0
    for due, step in DUE:
        for match_id in await due(now):
            done += await step(match_id, now=now)
    for request in await queries.requests_changed_since_consent():
        done += await scope_changed(request=request, actor=CLOCK, now=now)
    for offer in await queries.offers_changed_since_consent():
        done += await scope_changed(offer=offer, actor=CLOCK, now=now)
    for organization_id in await queries.suspended_providers():
        done += await provider_suspended(organization_id, actor=CLOCK, now=now)
    for organization_id in await queries.reinstated_providers():
        done += await provider_reinstated(organization_id, actor=CLOCK, now=now)
    return done
