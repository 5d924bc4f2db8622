"""One transition of a match: the state compared and set, its step, its tasks and its entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from concord import audit
from concord.actor import FOCAL_POINTS, Actor, Role
from concord.errors import Conflict
from concord.inbox.actions import close_tasks, open_task
from concord.matches.actions.locking import Locked
from concord.matches.models import Match, MatchStep
from concord.matches.states import MACHINE, MatchState
from concord.matches.values import OnBehalf

CONSENT_TASK = "consent_to_match"
ACCEPT_TASK = "accept_match"
APPROVE_TASK = "approve_match"
SUSPENSION_TASK = "decide_suspended_match"
MOVED = "This match has just moved on. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Word:
    """What is said with a step: coded reason, note, and for which State it was recorded."""

    reason: str | None = None
    note: str = ""
    on_behalf: OnBehalf | None = None


SILENCE = Word()


async def move(
    match: Match,
    verb: str,
    target: MatchState,
    *,
    actor: Actor,
    now: datetime,
    word: Word = SILENCE,
    **changes: Any,
) -> None:
    """Compare and set; `Conflict` when the machine or another command says no."""
    MACHINE.check(verb, match.state, target)
    source = match.state
    changed = dict(changes, state=target, version=match.version + 1)
    if target is not source:
        changed["state_since"] = now
    if not await Match.filter(id=match.id, state=source, version=match.version).update(**changed):
        raise Conflict(MOVED)
    match.update_from_dict(changed)
    await write_step(match, verb, source=source, actor=actor, now=now, word=word)


async def stay(
    match: Match, verb: str, *, actor: Actor, now: datetime, word: Word = SILENCE, **changes: Any
) -> None:
    """A step that leaves the state as it is: checked, counted as a change, and kept."""
    MACHINE.check(verb, match.state)
    changed = dict(changes, version=match.version + 1)
    if not await Match.filter(id=match.id, version=match.version).update(**changed):
        raise Conflict(MOVED)
    match.update_from_dict(changed)
    await write_step(match, verb, source=match.state, actor=actor, now=now, word=word)


async def write_step(
    match: Match,
    verb: str,
    *,
    source: MatchState | None,
    actor: Actor,
    now: datetime,
    word: Word = SILENCE,
) -> None:
    await MatchStep.create(
        match_id=match.id,
        verb=verb,
        source=source,
        target=match.state,
        at=now,
        person_id=actor.person_id,
        organization_id=actor.organization_id,
        on_behalf_of=word.on_behalf.state if word.on_behalf else None,
        reason=word.reason,
        note=word.note,
    )


async def record(
    locked: Locked, verb: str, *, actor: Actor, now: datetime, word: Word = SILENCE
) -> None:
    """The entry in the audit trail: ids and counts, written last."""
    match = locked.match
    await audit.record(
        f"match.{verb}",
        actor=actor,
        subject_kind="match",
        subject_id=match.id,
        now=now,
        on_behalf_of=word.on_behalf.state if word.on_behalf else None,
        state=match.state.value,
        version=match.version,
        reason=word.reason,
        request=str(match.request_id),
        offer=str(match.offer_id),
        lines=len(match.lines),
    )


async def ask_states(locked: Locked, states: frozenset[str], *, now: datetime) -> None:
    """Let consent wait for the focal points of these States."""
    for state in sorted(states):
        await _open(CONSENT_TASK, locked.match, roles=FOCAL_POINTS, now=now, state=state)


async def ask_participants(locked: Locked, *, now: datetime) -> None:
    """Let acceptance wait for every participant that has not accepted."""
    for participant in locked.match.participants:
        if participant.accepted_at is None:
            await _open(
                ACCEPT_TASK,
                locked.match,
                roles=frozenset({Role.PARTNER_ADMIN}),
                now=now,
                organization_id=participant.organization_id,
            )


async def ask_approvers(kind: str, locked: Locked, *, now: datetime) -> None:
    """Let a decision wait for the approvers; of a sealed request, for those named on it."""
    for person in sorted(locked.assigned) if locked.assigned is not None else [None]:
        await _open(
            kind, locked.match, roles=frozenset({Role.APPROVER}), now=now, person_id=person
        )


async def close(match_id: UUID, *kinds: str, now: datetime, **side: Any) -> None:
    await close_tasks(match_id, *kinds, now=now, **side)


async def _open(
    kind: str, match: Match, *, roles: frozenset[Role], now: datetime, **whom: Any
) -> None:
    await open_task(
        kind,
        subject_kind="match",
        subject_id=match.id,
        subject_public_id=match.public_id,
        roles=roles,
        now=now,
        due_at=match.due_at,
        **whom,
    )
