"""Terms of reference: drafted by either side or UNODC, agreed to by every side, by hash."""

from datetime import datetime
from typing import Any
from uuid import UUID

from concord.actor import Actor
from concord.database import transaction
from concord.deliveries.values import TermsDraft
from concord.deliveries.wording import canonical, dates_text, hash_of, terms_text
from concord.errors import Conflict, InvalidInput, Text
from concord.inputs import LONG, REQUIRED, TOO_LONG
from concord.matches.actions.covering import move_cover
from concord.matches.actions.locking import Locked, check_may, lock_match
from concord.matches.actions.moving import SILENCE, Word, close, move, record, stay
from concord.matches.actions.telling_deliveries import tell_match
from concord.matches.actions.waiting import (
    AGREE_TASK,
    DRAFT_TASK,
    ask_sides,
    due_of,
    present_terms,
    start_by,
)
from concord.matches.models import Match, Terms, TermsAgreement
from concord.matches.states import MACHINE, MatchState
from concord.matches.values import OnBehalf
from concord.reference.queries import code_lists

BOTH_DATES = "Give the first and the last day, or neither."
ORDER = "The last day is before the first one."
PAST = "The first day is over."
NONE_YET = "There are no terms of reference yet."
ANOTHER_TEXT = "The terms of reference have changed: read the present text before you agree."
OVER = "The time to start under these terms is over: draft them again with other dates."
ALREADY = "Your side has agreed to this text already."


async def draft_terms(
    match: Match, draft: TermsDraft, *, actor: Actor, now: datetime, version: int | None = None
) -> Terms:
    """A new version, agreed to by nobody yet; agreements to an older one fall."""
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("draft_terms", actor, locked)
        MACHINE.check("draft_terms", locked.match.state)
        _check(draft, now=now)
        older = Terms.filter(match_id=match.id)
        number = 1 + await older.count()
        await older.filter(superseded_at=None).update(superseded_at=now)
        made = await _create(locked, draft, number, actor=actor, now=now)
        await stay(locked.match, "draft_terms", actor=actor, now=now)
        await close(match.id, DRAFT_TASK, AGREE_TASK, now=now)
        await ask_sides(locked, now=now)
        await tell_match(locked, "terms_drafted", actor=actor, now=now)
        await record(locked, "draft_terms", actor=actor, now=now, word=Word(note=made.sha256))
    return made


def _check(draft: TermsDraft, *, now: datetime) -> None:
    errors: dict[str, str] = {}
    if not draft.body.strip():
        errors["body"] = Text(REQUIRED)
    elif len(draft.body) > LONG:
        errors["body"] = Text(TOO_LONG, limit=LONG, length=len(draft.body))
    if (draft.starts_on is None) != (draft.ends_on is None):
        errors["ends_on" if draft.ends_on is None else "starts_on"] = Text(BOTH_DATES)
    elif draft.starts_on and draft.ends_on:
        if draft.ends_on < draft.starts_on:
            errors["ends_on"] = Text(ORDER)
        if draft.starts_on < now.date():
            errors["starts_on"] = Text(PAST)
    if errors:
        raise InvalidInput(errors)


async def _create(
    locked: Locked, draft: TermsDraft, number: int, *, actor: Actor, now: datetime
) -> Terms:
    body = canonical(draft.body).strip()
    text = terms_text(
        locked.match,
        number=number,
        body=body,
        dates=dates_text(draft.starts_on, draft.ends_on),
        lines=sorted(locked.match.lines, key=lambda line: (line.item.position, line.id)),
        lists=await code_lists(),
    )
    return await Terms.create(
        match_id=locked.match.id,
        number=number,
        body=body,
        text=text,
        language=draft.language,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        sha256=hash_of(text),
        drafted_by_id=actor.person_id,
        drafted_for_id=actor.organization_id,
        drafted_at=now,
    )


async def agree_terms(
    match: Match,
    *,
    sha256: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> bool:
    """One side agrees to the text with this hash; True when it was the last one.

    Then the match is agreed for the dates of its terms, and its cover moves to them: `Repeats`
    where something else is covered then.
    """
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("agree", actor, locked, on_behalf)
        MACHINE.check("agree", locked.match.state)
        terms = await present_terms(match.id)
        if terms is None:
            raise Conflict(NONE_YET)
        if terms.sha256 != sha256:
            raise Conflict(ANOTHER_TEXT)
        if terms.starts_on and start_by(locked.match, terms.starts_on, now=now) <= now:
            raise Conflict(OVER)
        word = Word(on_behalf=on_behalf)
        await _keep(locked, terms, actor=actor, now=now, on_behalf=on_behalf)
        agreed = await TermsAgreement.filter(terms_id=terms.id)
        sides: set[str | UUID | None] = {each.state_id or each.organization_id for each in agreed}
        last = locked.states <= sides and locked.asked <= sides
        if last:
            await _agreed(locked, terms, actor=actor, now=now, word=word)
        else:
            await stay(locked.match, "agree", actor=actor, now=now, word=word)
        await record(locked, "agree", actor=actor, now=now, word=word)
    return last


async def _keep(
    locked: Locked, terms: Terms, *, actor: Actor, now: datetime, on_behalf: OnBehalf | None
) -> None:
    state = on_behalf.state if on_behalf else None
    if actor.is_state:
        state = actor.state
    organization_id = None if state else actor.organization_id
    side: dict[str, Any] = {"state_id": state, "organization_id": organization_id}
    if await TermsAgreement.filter(terms_id=terms.id, **side).exists():
        raise Conflict(ALREADY)
    await TermsAgreement.create(
        terms_id=terms.id,
        sha256=terms.sha256,
        person_id=actor.person_id,
        agreed_at=now,
        on_behalf_note=on_behalf.note if on_behalf else None,
        **side,
    )
    mine: dict[str, Any] = {"state": state} if state else {"organization_id": organization_id}
    await close(locked.match.id, AGREE_TASK, now=now, **mine)


async def _agreed(
    locked: Locked, terms: Terms, *, actor: Actor, now: datetime, word: Word = SILENCE
) -> None:
    match = locked.match
    await move(
        match,
        "agree",
        MatchState.AGREED,
        actor=actor,
        now=now,
        word=word,
        agreed_at=now,
        due_at=await _start_by(locked, terms, now=now),
        starts_on=terms.starts_on or match.starts_on,
        ends_on=terms.ends_on or match.ends_on,
    )
    await move_cover(locked, actor=actor)
    await close(match.id, now=now)
    await ask_sides(locked, now=now)
    await tell_match(locked, "agreed", actor=actor, now=now)


async def _start_by(locked: Locked, terms: Terms, *, now: datetime) -> datetime | None:
    """As the terms say; without dates, never sooner than a month from now."""
    if terms.starts_on:
        return start_by(locked.match, terms.starts_on, now=now)
    named = start_by(locked.match, None, now=now)
    return max(named, await due_of(locked, MatchState.AGREED, now=now) or named)
