"""What time does to a match: it lapses, loses its hold, or is called to mind."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from concord.actor import CLOCK
from concord.database import transaction
from concord.deadlines import hold_limit
from concord.matches.actions import telling
from concord.matches.actions.capacity import lose_hold
from concord.matches.actions.ending import end, settle
from concord.matches.actions.locking import Locked, lock_matches
from concord.matches.actions.moving import SUSPENSION_TASK, ask_approvers, record
from concord.matches.models import Match
from concord.matches.queries import SOON, SUSPENSION
from concord.matches.states import PENDING, MatchState
from concord.requests.models import Request
from notifications.messages.matches import MatchHoldLapsesSoon, MatchStepOverdue

_S = MatchState


async def lapse(match_id: UUID, *, now: datetime) -> bool:
    """End a match whose step or whose 90 days of holding are over; whether it was still due."""

    async def act(locked: Locked) -> None:
        await end(locked, "lapse", actor=CLOCK, now=now)
        await settle([locked], "lapse", actor=CLOCK, now=now)

    return await _if(match_id, lambda match: is_over(match, now=now), act)


def is_over(match: Match, *, now: datetime) -> bool:
    """Whether a match lapses. One that waits for UNODC alone is called to mind first."""
    if match.state in {_S.APPROVED, _S.AGREED}:
        return match.due_at is not None and match.due_at <= now
    if match.state not in PENDING:
        return False
    late = match.due_at is not None and match.due_at <= now
    return hold_limit(match.proposed_at) <= now or (
        late and match.state is not _S.PARTNER_ACCEPTED
    )


async def overdue(match_id: UUID, *, now: datetime) -> bool:
    """An approval is late: its hold returns to the slots, and the coordinators hear of it."""

    async def act(locked: Locked) -> None:
        await lose_hold(locked.match, now=now)
        since = telling.due_day(locked)
        said = MatchStepOverdue(
            match=locked.match.public_id, request=locked.request.public_id, since=since
        )
        await telling.announce(locked, said, verb="overdue", actor=CLOCK, now=now)
        await record(locked, "lose_hold", actor=CLOCK, now=now)

    return await _if(match_id, lambda match: is_late(match, now=now), act)


def is_late(match: Match, *, now: datetime) -> bool:
    late = match.hold_until is not None and match.hold_until <= now
    return late and match.state is _S.PARTNER_ACCEPTED and match.hold_lost_at is None


async def warn(match_id: UUID, *, now: datetime) -> bool:
    """The hold ends within three days: the coordinators hear of it, once a hold."""

    async def act(locked: Locked) -> None:
        until = locked.match.hold_until or now
        said = MatchHoldLapsesSoon(
            match=locked.match.public_id, request=locked.request.public_id, due=until.date()
        )
        await telling.announce(locked, said, verb="hold_soon", actor=CLOCK, now=now)
        await Match.filter(id=locked.match.id).update(warned_for=until)

    return await _if(match_id, lambda match: lapses_soon(match, now=now), act)


def lapses_soon(match: Match, *, now: datetime) -> bool:
    until = match.hold_until
    soon = until is not None and now < until <= now + SOON
    return soon and match.state in PENDING and match.warned_for != until


async def ask_decision(match_id: UUID, *, now: datetime) -> bool:
    """Suspended for six months: an approver decides whether it ends."""

    async def act(locked: Locked) -> None:
        await ask_approvers(SUSPENSION_TASK, locked, now=now)
        await Match.filter(id=locked.match.id).update(warned_for=now)
        await record(locked, "ask_decision", actor=CLOCK, now=now)

    return await _if(match_id, lambda match: waits_too_long(match, now=now), act)


def waits_too_long(match: Match, *, now: datetime) -> bool:
    asked = match.warned_for is not None and match.warned_for >= match.state_since
    return match.state is _S.SUSPENDED and match.state_since + SUSPENSION <= now and not asked


async def _if(
    match_id: UUID,
    is_due: Callable[[Match], bool],
    act: Callable[[Locked], Awaitable[None]],
) -> bool:
    """Lock, look again, act; a match that somebody else holds is left for the next round."""
    async with transaction():
        match = await Match.get(id=match_id)
        free = Request.filter(id=match.request_id).select_for_update(skip_locked=True)
        request = await free.get_or_none()
        if request is None:
            return False
        locked = (await lock_matches({request.id: request}, Q(id=match_id)))[0]
        if not is_due(locked.match):
            return False
        await act(locked)
        return True
