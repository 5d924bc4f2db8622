"""Both sides say how it went; the match closes, and the State answers for the lesson."""

from datetime import datetime
from typing import Any

from concord import audit
from concord.actor import Actor
from concord.database import transaction
from concord.deliveries.checking import check, evaluation_errors
from concord.deliveries.values import EvaluationForm
from concord.errors import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion, Text
from concord.inputs import REQUIRED
from concord.matches.actions.closing import closed, silent
from concord.matches.actions.locking import DENIED, Locked, check_may, lock_match
from concord.matches.actions.moving import close as close_tasks_of
from concord.matches.actions.moving import move, record, stay
from concord.matches.actions.telling_deliveries import tell_match
from concord.matches.actions.waiting import EVALUATE_TASK
from concord.matches.models import Evaluation, LessonDraft, Match
from concord.matches.policy import may_answer_lesson
from concord.matches.states import MACHINE, MatchState

ALREADY = "Your side has evaluated this match already."
NOT_IN = "A side has not evaluated this match yet; it closes by itself when the time is over."
ANSWERED = "This lesson has been answered already."
STALE = "This lesson has changed since the page was opened. Read it again."


async def evaluate(
    match: Match,
    form: EvaluationForm,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> bool:
    """One side's form, once; True when every side's is in."""
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("evaluate", actor, locked)
        MACHINE.check("evaluate", locked.match.state)
        check(evaluation_errors(form, side="state" if actor.is_state else "provider"))
        await _keep(locked, form, actor=actor, now=now)
        given = await Evaluation.filter(match_id=match.id)
        last = not silent(locked, given)
        if last:
            await move(locked.match, "evaluate", MatchState.EVALUATED, actor=actor, now=now)
            await close_tasks_of(match.id, now=now)
            await tell_match(locked, "evaluated", actor=actor, now=now)
        else:
            await stay(locked.match, "evaluate", actor=actor, now=now)
        await record(locked, "evaluate", actor=actor, now=now)
    return last


async def _keep(locked: Locked, form: EvaluationForm, *, actor: Actor, now: datetime) -> None:
    match = locked.match
    state = actor.state if actor.is_state else None
    organization_id = None if state else actor.organization_id
    side: dict[str, Any] = {"state_id": state, "organization_id": organization_id}
    if await Evaluation.filter(match_id=match.id, **side).exists():
        raise Conflict(ALREADY)
    await Evaluation.create(
        match_id=match.id,
        ratings=dict(form.ratings),
        text=form.text.strip(),
        change=form.change.strip(),
        language=form.language,
        person_id=actor.person_id,
        given_at=now,
        **side,
    )
    mine: dict[str, Any] = {"state": state} if state else {"organization_id": organization_id}
    await close_tasks_of(match.id, EVALUATE_TASK, now=now, **mine)


async def close(match: Match, *, actor: Actor, now: datetime, version: int | None = None) -> None:
    """A coordinator closes what every side has evaluated; the clock closes the rest."""
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("close", actor, locked)
        MACHINE.check("close", locked.match.state)
        if locked.match.state is not MatchState.EVALUATED:
            raise Conflict(NOT_IN)
        await closed(locked, actor=actor, now=now)
        await record(locked, "close", actor=actor, now=now)


async def answer_lesson(
    match: Match,
    *,
    agreed: bool,
    text: str | None = None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> LessonDraft:
    """The State agrees that this text is published, as drafted or as it words it; or it does not.

    `version` is that of the draft. Nothing is published here.
    """
    async with transaction():
        locked = await lock_match(match)
        if not may_answer_lesson(actor, locked.sides):
            raise NotAllowed(DENIED)
        lesson = await LessonDraft.filter(match_id=match.id).select_for_update().get_or_none()
        if lesson is None:
            raise NotFound
        if version is not None and lesson.version != version:
            raise StaleVersion(STALE)
        if lesson.answered_at is not None:
            raise Conflict(ANSWERED)
        if text is not None and not text.strip():
            raise InvalidInput({"text": Text(REQUIRED)})
        lesson.text = lesson.text if text is None else text.strip()
        lesson.agreed, lesson.answered_at, lesson.person_id = agreed, now, actor.person_id
        lesson.version += 1
        await lesson.save()
        await audit.record(
            "match.answer_lesson",
            actor=actor,
            subject_kind="match",
            subject_id=match.id,
            now=now,
            agreed=agreed,
            lesson=str(lesson.id),
        )
    return lesson
