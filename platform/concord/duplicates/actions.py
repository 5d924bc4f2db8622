"""Raises a flag once, and keeps every answer that a person gives."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from concord import audit
from concord.actor import Actor
from concord.database import transaction
from concord.duplicates.models import DuplicateAnswer, DuplicateFlag
from concord.duplicates.queries import ordered
from concord.duplicates.values import Answer, FlagKind
from concord.errors import Conflict

ANSWERED = "Somebody else has answered this. Reload the page to see the answer."
OPENED = "Somebody else has opened this again. Reload the page to answer it."


async def flag(
    kind: FlagKind,
    left: UUID,
    right: UUID,
    *,
    score: float,
    verdict: str,
    agreeing: Sequence[str],
    model_version: str,
) -> DuplicateFlag | None:
    """Raise a flag; None where this pair was flagged before: nobody is asked twice."""
    first, second = ordered(kind, left, right)
    made, created = await DuplicateFlag.get_or_create(
        {
            "score": score,
            "verdict": verdict,
            "agreeing": {"fields": list(agreeing)},
            "model_version": model_version,
        },
        kind=kind,
        left_id=first,
        right_id=second,
    )
    return made if created else None


async def answer(
    flag: DuplicateFlag, found: Answer, *, note: str, actor: Actor, now: datetime
) -> None:
    """Keep a person's answer; the first one stays until somebody opens it again."""
    async with transaction():
        changed = await DuplicateFlag.filter(id=flag.id, answer=None).update(
            answer=found,
            answer_note=note,
            answered_by_id=actor.person_id,
            answered_at=now,
            version=flag.version + 1,
        )
        if not changed:
            raise Conflict(ANSWERED)
        await _keep(flag, found, note=note, actor=actor, now=now)
        await audit.record(
            "duplicate.answered",
            actor=actor,
            subject_kind="duplicate",
            subject_id=flag.id,
            now=now,
            answer=found.value,
            kind=flag.kind,
        )


async def open_again(flag: DuplicateFlag, *, note: str, actor: Actor, now: datetime) -> None:
    """Take the answer back, with a note why; it stays in the history."""
    async with transaction():
        changed = await DuplicateFlag.filter(id=flag.id, answer=flag.answer).update(
            answer=None,
            answer_note="",
            answered_by_id=None,
            answered_at=None,
            version=flag.version + 1,
        )
        if not changed or flag.answer is None:
            raise Conflict(OPENED)
        await _keep(flag, None, note=note, actor=actor, now=now)
        await audit.record(
            "duplicate.opened_again",
            actor=actor,
            subject_kind="duplicate",
            subject_id=flag.id,
            now=now,
            kind=flag.kind,
        )


async def _keep(
    flag: DuplicateFlag, found: Answer | None, *, note: str, actor: Actor, now: datetime
) -> None:
    await DuplicateAnswer.create(
        flag=flag, answer=found, note=note, answered_by_id=actor.person_id, answered_at=now
    )
