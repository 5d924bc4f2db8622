"""What follows approval: told by the area that comes after matches, shown on a match's page."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from concord.actor import Actor
from concord.matches.states import EXITS, PENDING, MatchState
from concord.matches.views import Dossier
from concord.web.elements import Text


@dataclass(frozen=True, slots=True)
class Sequel:
    """`waiting_for` names who acts next; `shown` is laid out by that area's own template."""

    waiting_for: str = ""
    actions: tuple[tuple[Text, str], ...] = ()
    shown: Mapping[str, object] = field(default_factory=dict)


NOTHING = Sequel()
Teller = Callable[[Actor, Dossier, datetime], Awaitable[Sequel]]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Called once, where the routes of that area are put together."""
    if teller not in _tellers:
        _tellers.append(teller)


async def sequel_of(actor: Actor, dossier: Dossier, now: datetime) -> Sequel:
    """Nothing before a match was approved, and no query for it."""
    for teller in _tellers:
        if was_approved(dossier):
            return await teller(actor, dossier, now)
    return NOTHING


def was_approved(dossier: Dossier) -> bool:
    state = dossier.match.state
    if state in EXITS:
        return any(row.step.target == MatchState.APPROVED for row in dossier.steps)
    return state not in PENDING
