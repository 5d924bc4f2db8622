"""The provider starts what was agreed."""

from datetime import date, datetime

from concord.actor import Actor
from concord.database import transaction
from concord.errors import Conflict, InvalidInput, Text
from concord.matches.actions.covering import move_cover
from concord.matches.actions.locking import check_may, lock_match
from concord.matches.actions.moving import close, move, record
from concord.matches.actions.suspending import may_go_on
from concord.matches.actions.telling_deliveries import tell_match
from concord.matches.actions.waiting import ask_sides
from concord.matches.models import Match
from concord.matches.states import MACHINE, MatchState

NOT_YET = "The work starts on the day on which it is recorded, or before."
BEFORE = "It cannot have started before it was agreed."
LATE = "The time to start is over."
NOT_VERIFIED = "A participant is not verified at present."


async def start(
    match: Match,
    *,
    starts_on: date | None = None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Deliveries can begin; cover moves to the day of the start. None starts today."""
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("start", actor, locked)
        MACHINE.check("start", locked.match.state)
        found = locked.match
        day = starts_on or now.date()
        if day > now.date():
            raise InvalidInput({"starts_on": Text(NOT_YET)})
        if found.agreed_at and day < found.agreed_at.date():
            raise InvalidInput({"starts_on": Text(BEFORE)})
        if found.due_at and found.due_at < now:
            raise Conflict(LATE)
        if not may_go_on(locked, now=now):
            raise Conflict(NOT_VERIFIED)
        await move(
            found,
            "start",
            MatchState.IN_DELIVERY,
            actor=actor,
            now=now,
            started_at=now,
            due_at=None,
            starts_on=day,
            ends_on=max(day, found.ends_on),
        )
        await move_cover(locked, actor=actor)
        await close(found.id, now=now)
        await ask_sides(locked, now=now)
        await tell_match(locked, "started", actor=actor, now=now)
        await record(locked, "start", actor=actor, now=now)
