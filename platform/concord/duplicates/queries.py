"""Flags that wait for an answer, and those that were answered."""

from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from concord.duplicates.models import DuplicateFlag
from concord.duplicates.values import FlagKind
from concord.errors import NotFound


def open_flags(kind: FlagKind) -> QuerySet[DuplicateFlag]:
    return DuplicateFlag.filter(kind=kind, answer=None).order_by("-score", "id")


def flags_about(subject_id: UUID) -> QuerySet[DuplicateFlag]:
    return DuplicateFlag.filter(Q(left_id=subject_id) | Q(right_id=subject_id)).order_by(
        "-score", "id"
    )


async def unanswered(subject_id: UUID) -> list[DuplicateFlag]:
    """Warnings that must be answered before anything is proposed on this subject."""
    return await flags_about(subject_id).filter(answer=None)


async def flag_between(kind: FlagKind, one: UUID, other: UUID) -> DuplicateFlag | None:
    """The flag of this pair, answered or not."""
    left, right = sorted((one, other))
    return await DuplicateFlag.get_or_none(kind=kind, left_id=left, right_id=right)


async def flag_for(identifier: str) -> DuplicateFlag:
    try:
        found = await DuplicateFlag.get_or_none(id=UUID(identifier))
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found
