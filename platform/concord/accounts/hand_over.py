"""What becomes of a person's open work: areas register how theirs moves to somebody else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concord.actor import Role

NOBODY_LEFT = (
    "Open tasks wait for this person and for nobody else. Choose an active colleague in the"
    " same role to take them over, or invite one first."
)
"""What a hook says when it raises `Conflict`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Somebody gave up roles, or a coordinator some States: `membership_ids` say where.

    The memberships are already ended or changed when a hook runs. `roles` are those that the
    person holds nowhere any longer; tasks by name move to `heir_id`, who holds `heir_roles`.
    """

    person_id: UUID
    membership_ids: frozenset[UUID]
    roles: frozenset[Role]
    heir_id: UUID | None = None
    heir_roles: frozenset[Role] = frozenset()


Hook = Callable[[Departure, datetime], Awaitable[int]]
"""Moves open work in the caller's transaction and counts it; `Conflict` if nobody can take it."""

_hooks: list[Hook] = []


def register(hook: Hook) -> None:
    """Called once an area, by the composition root."""
    if hook not in _hooks:
        _hooks.append(hook)


async def hand_over(departure: Departure, *, now: datetime) -> int:
    """Run every hook; how many pieces of work the heir received."""
    return sum([await hook(departure, now) for hook in _hooks])
