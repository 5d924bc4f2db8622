"""Raises a flag once, and keeps what a person answered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from concord import audit
from concord.actor import Actor
from concord.database import transaction
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.values import Answer, FlagKind
from concord.errors import Conflict


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
    first, second = sorted((left, right))
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
    """Keep a person's answer; the first one stays."""
    async with transaction():
        changed = await DuplicateFlag.filter(id=flag.id, answer=None).update(
            answer=found,
            answer_note=note,
            answered_by_id=actor.person_id,
            answered_at=now,
            version=flag.version + 1,
        )
        if not changed:
            raise Conflict("Somebody else has answered this. Reload the page to see the answer.")
        await audit.record(
            "duplicate.answered",
            actor=actor,
            subject_kind="duplicate",
            subject_id=flag.id,
            now=now,
            answer=found.value,
            kind=flag.kind,
        )
