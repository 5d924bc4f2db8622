"""Flags that wait for an answer, those that were answered, and what answers teach."""

from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from concord.duplicates.models import DuplicateAnswer, DuplicateFlag
from concord.duplicates.thresholds import Thresholds, learned
from concord.duplicates.values import REPETITIONS, Answer, FlagKind
from concord.errors import NotFound

MOST_LEARNED_FROM = 2000


def open_flags(kind: FlagKind) -> QuerySet[DuplicateFlag]:
    return DuplicateFlag.filter(kind=kind, answer=None).order_by("-score", "id")


def answered_flags(kind: FlagKind) -> QuerySet[DuplicateFlag]:
    return DuplicateFlag.filter(kind=kind).exclude(answer=None).order_by("-answered_at", "id")


def flags_about(subject_id: UUID) -> QuerySet[DuplicateFlag]:
    return DuplicateFlag.filter(Q(left_id=subject_id) | Q(right_id=subject_id)).order_by(
        "-score", "id"
    )


async def unanswered(subject_id: UUID) -> list[DuplicateFlag]:
    """Warnings that must be answered before anything is proposed on this subject."""
    return await flags_about(subject_id).filter(answer=None)


async def flag_between(kind: FlagKind, one: UUID, other: UUID) -> DuplicateFlag | None:
    """The flag of this pair, answered or not."""
    left, right = ordered(kind, one, other)
    return await DuplicateFlag.get_or_none(kind=kind, left_id=left, right_id=right)


def ordered(kind: FlagKind, one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Two of a kind by id; a request before what it may repeat."""
    return (one, other) if kind in REPETITIONS or one < other else (other, one)


async def flag_for(identifier: str) -> DuplicateFlag:
    try:
        found = await DuplicateFlag.get_or_none(id=UUID(identifier))
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found


async def answers_of(flag: DuplicateFlag) -> list[DuplicateAnswer]:
    """Every answer to it, the latest first."""
    return await DuplicateAnswer.filter(flag_id=flag.id).order_by("-answered_at", "-created_at")


async def thresholds_of(kind: FlagKind) -> Thresholds:
    """Those in force: learned from the latest answers, or the usual ones."""
    rows = await answered_flags(kind).limit(MOST_LEARNED_FROM).values_list("score", "answer")
    return learned([(float(score), answer == Answer.SAME) for score, answer in rows])
