"""Suspension of matches from approval to delivery, and their return to where they were."""

from datetime import datetime

from concord.actor import Actor, Role
from concord.database import transaction
from concord.errors import Conflict
from concord.matches.actions import telling
from concord.matches.actions.delivering import derive_delivered
from concord.matches.actions.locking import Locked, check_may, lock_match
from concord.matches.actions.moving import SUSPENSION_TASK, Word, close, move, record
from concord.matches.actions.waiting import ask_sides, due_of
from concord.matches.models import Match
from concord.matches.states import MACHINE, MatchState
from concord.matches.values import SuspendedFor
from concord.organizations.policy import may_provide
from concord.requests.states import OPEN_STATES, RequestState


async def suspend(
    match: Match, *, note: str = "", actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Either side or an approver; reservations stay."""
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("suspend", actor, locked)
        MACHINE.check("suspend", locked.match.state)
        word = Word(note=note)
        await suspended(locked, _holder(actor), actor=actor, now=now, word=word)
        await record(locked, "suspend", actor=actor, now=now, word=word)


def _holder(actor: Actor) -> SuspendedFor:
    if actor.role is Role.APPROVER:
        return SuspendedFor.APPROVER
    return SuspendedFor.PROVIDER if actor.is_provider else SuspendedFor.STATE


async def suspended(
    locked: Locked, holder: SuspendedFor, *, actor: Actor, now: datetime, word: Word
) -> None:
    """The transition itself, for the cascades too; the audit entry is theirs."""
    await move(
        locked.match,
        "suspend",
        MatchState.SUSPENDED,
        actor=actor,
        now=now,
        word=word,
        state_before=locked.match.state,
        suspended_for=holder.value,
        due_at=None,
    )
    await close(locked.match.id, now=now)
    await telling.announce(
        locked, *telling.suspended(locked), verb="suspended", actor=actor, now=now
    )


async def resume(
    match: Match, *, note: str = "", actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Back to where it was; a suspended provider has to be verified again first."""
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("resume", actor, locked)
        MACHINE.check("resume", locked.match.state)
        if locked.request.state not in OPEN_STATES | {RequestState.SUSPENDED}:
            raise Conflict("The request is no longer open.")
        word = Word(note=note)
        await resumed(locked, actor=actor, now=now, word=word)


def may_go_on(locked: Locked, *, now: datetime) -> bool:
    """Whether every participant may provide now."""
    participants = locked.match.participants
    return all(may_provide(participant.organization, now=now) for participant in participants)


async def resumed(locked: Locked, *, actor: Actor, now: datetime, word: Word) -> None:
    """Back, with its audit entry; and on to delivered, where the last delivery ended meanwhile."""
    if not may_go_on(locked, now=now):
        raise Conflict("A participant is not verified at present.")
    back = locked.match.state_before or MatchState.APPROVED
    await move(
        locked.match,
        "resume",
        back,
        actor=actor,
        now=now,
        word=word,
        state_before=None,
        suspended_for=None,
        stalled_at=None,
        due_at=await due_of(locked, back, now=now),
    )
    await close(locked.match.id, SUSPENSION_TASK, now=now)
    await ask_sides(locked, now=now)
    await telling.announce(locked, *telling.resumed(locked), verb="resumed", actor=actor, now=now)
    await record(locked, "resume", actor=actor, now=now, word=word)
    if await derive_delivered(locked, actor=actor, now=now):
        await record(locked, "deliver", actor=actor, now=now)
