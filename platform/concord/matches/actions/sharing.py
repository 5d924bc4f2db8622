"""After the agreement a consent no longer ends a match: it stops what providers are shown."""

from datetime import datetime

from concord.actor import Actor
from concord.database import transaction
from concord.errors import Conflict
from concord.matches.actions.delivering import is_working
from concord.matches.actions.locking import Locked, check_may, lock_match
from concord.matches.actions.moving import SILENCE, Word, record, stay
from concord.matches.actions.telling_deliveries import tell_match
from concord.matches.models import Consent, Match
from concord.matches.states import AGREED_ON
from concord.matches.values import OnBehalf
from concord.requests import actions as requests

NOT_GIVEN = "Your State has not consented to this match."
NOT_AGREED = "Until terms of reference are agreed, consent itself can be withdrawn."


async def stop_sharing(
    match: Match,
    *,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """A requesting State stops further sharing; the match goes on."""
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("stop_sharing", actor, locked, on_behalf)
        word = Word(note=note, on_behalf=on_behalf)
        await sharing_stopped(locked, actor=actor, now=now, word=word)


def is_bound(locked: Locked) -> bool:
    """Whether terms of reference are agreed."""
    return locked.match.state in AGREED_ON or is_working(locked)


async def sharing_stopped(
    locked: Locked, *, actor: Actor, now: datetime, word: Word = SILENCE
) -> None:
    """In the caller's transaction: the consent ends, and with it what every provider sees."""
    if not is_bound(locked):
        raise Conflict(NOT_AGREED)
    match = locked.match
    state = word.on_behalf.state if word.on_behalf else actor.state or ""
    given = Consent.filter(match_id=match.id, state_id=state, withdrawn_at=None)
    if not await given.update(withdrawn_at=now):
        raise Conflict(NOT_GIVEN)
    await stay(match, "stop_sharing", actor=actor, now=now, word=word)
    await requests.end_disclosures(match.id, now=now)
    await tell_match(locked, "sharing_stopped", actor=actor, now=now)
    await record(locked, "stop_sharing", actor=actor, now=now, word=word)
