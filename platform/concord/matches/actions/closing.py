"""The good end of a match: closed, with who was silent and a lesson drafted."""

from datetime import datetime

from concord.actor import Actor
from concord.matches.actions.locking import Locked
from concord.matches.actions.moving import SILENCE, Word, close, move
from concord.matches.actions.telling_deliveries import tell_match
from concord.matches.lessons import draft_of
from concord.matches.models import Evaluation, LessonDraft
from concord.matches.states import MatchState
from concord.reference.queries import code_lists
from concord.requests import actions as requests


async def closed(locked: Locked, *, actor: Actor, now: datetime, word: Word = SILENCE) -> None:
    """Everything of the closing but the audit entry.

    Cover for what was delivered stays; what was shared is to be deleted.
    """
    match = locked.match
    given = await Evaluation.filter(match_id=match.id).order_by("given_at", "id")
    await move(
        match,
        "close",
        MatchState.CLOSED,
        actor=actor,
        now=now,
        word=word,
        due_at=None,
        silent=silent(locked, given),
    )
    await requests.end_disclosures(match.id, now=now)
    await close(match.id, now=now)
    title, text = draft_of(list(match.lines), given, await code_lists())
    await LessonDraft.create(match_id=match.id, title=title, text=text, drafted_at=now)
    await tell_match(locked, "closed", actor=actor, now=now)


def silent(locked: Locked, given: list[Evaluation]) -> list[str]:
    """Sides that did not say how it went: “state:QMM”, or the id of an organization."""
    states = locked.states - {each.state_id for each in given}
    organizations = locked.asked - {each.organization_id for each in given}
    return [
        *(f"state:{state}" for state in sorted(states)),
        *(str(each) for each in sorted(organizations)),
    ]
