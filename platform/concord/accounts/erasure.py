"""What else is kept of a person: areas register how theirs is erased."""

from collections.abc import Awaitable, Callable
from uuid import UUID

Hook = Callable[[UUID, frozenset[UUID]], Awaitable[None]]
"""Erases, in the caller's transaction, what is kept of a person and of these memberships."""

_hooks: list[Hook] = []


def register(hook: Hook) -> None:
    """Called once an area, by the composition root."""
    if hook not in _hooks:
        _hooks.append(hook)


async def erase_elsewhere(person_id: UUID, membership_ids: frozenset[UUID]) -> None:
    for hook in _hooks:
        await hook(person_id, membership_ids)
