"""What time does to matches, one transaction each; safe to run twice at once."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from concord.actor import CLOCK
from concord.database import one_by_one
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
    """Everything that is due; how many steps were taken."""
    done = 0
    for due, step in DUE:
        done += await one_by_one(await due(now), partial(step, now=now))
    changed = partial(scope_changed, actor=CLOCK, now=now)
    done += await one_by_one(
        await queries.requests_changed_since_consent(), lambda request: changed(request=request)
    )
    done += await one_by_one(
        await queries.offers_changed_since_consent(), lambda offer: changed(offer=offer)
    )
    suspended = partial(provider_suspended, actor=CLOCK, now=now)
    done += await one_by_one(await queries.suspended_providers(), suspended)
    reinstated = partial(provider_reinstated, actor=CLOCK, now=now)
    return done + await one_by_one(await queries.reinstated_providers(), reinstated)
