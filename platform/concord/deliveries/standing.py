"""The match of an address, both sides of it, and what has followed its approval."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request as WebRequest

from concord.actor import Actor
from concord.deliveries import sides as all_sides
from concord.deliveries.life import Life, life_of
from concord.deliveries.sides import Side
from concord.errors import Conflict, DomainError, InvalidInput, NotAllowed
from concord.matches import policy
from concord.matches.actions.covering import flag_repetition
from concord.matches.actions.locking import DENIED
from concord.matches.models import Match
from concord.matches.policy import Sides
from concord.matches.queries import match_for, named_on
from concord.matches.states import PENDING
from concord.matches.views import audience_of, shown_state
from concord.requests.policy import states_of
from concord.web.forms import fields, first
from concord.web.i18n import gettext as _
from concord.web.problems import status_of

NO_STEP = "This step is not possible on this match now."
UNCHANGED = frozenset({"csrf_token", "idempotency_key", "version"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that the pages of one match after approval look at."""

    match: Match
    sides: Sides
    names: Sequence[Side]
    life: Life
    actor: Actor

    def offers(self, verb: str) -> bool:
        return policy.offered(verb, self.actor, self.sides)

    @property
    def here(self) -> str:
        return f"/matches/{self.match.public_id}"


async def standing_at(request: WebRequest) -> Standing:
    """Unseen and unknown are the same 404; before approval there is nothing to show."""
    actor: Actor = request.state.actor
    match = await match_for(actor, request.path_params["id"])
    return await standing_of(match, actor)


async def tell_of_hidden(request: WebRequest, standing: Standing, refused: DomainError) -> None:
    """A delivery that this side may not see stood in the way: its coordinators hear of it."""
    now = request.state.now
    await flag_repetition(standing.match, refused, actor=standing.actor, now=now)


async def standing_of(match: Match, actor: Actor) -> Standing:
    await match.fetch_related("participants__organization")
    names = all_sides.sides_of(match, list(match.participants), actor)
    return Standing(match, _sides(match), names, await life_of(match.id), actor)


def _sides(match: Match) -> Sides:
    return policy.sides_of(
        match,
        lead_state=match.request.lead_state_id,
        states=frozenset(states_of(match.request)),
        assigned=named_on(match),
    )


def check_ever(standing: Standing, verb: str) -> None:
    """Refuse whose step it never is, before anything typed is read or compared."""
    if standing.match.state in PENDING or not policy.may_ever(
        verb, standing.actor, standing.sides
    ):
        raise NotAllowed(DENIED)


def check_now(standing: Standing, verb: str) -> None:
    if not standing.offers(verb):
        raise NotAllowed(NO_STEP)


def answer_to(error: DomainError | None) -> dict[str, Any]:
    """What a page says after an error: beside the fields, or above all of them."""
    refused = error.fields if isinstance(error, InvalidInput) else {}
    problem = error.message if isinstance(error, Conflict) else ""
    return {"errors": refused, "problem": problem}


def status(error: DomainError | None) -> int:
    return status_of(error) if error else 200


async def typed_in(request: WebRequest) -> dict[str, str]:
    """The first value of every field, to be shown again."""
    raw = await fields(request)
    return {name: first(raw, name) for name in raw if name not in UNCHANGED}


def of_match(standing: Standing) -> dict[str, Any]:
    """What every page about a match shows of it."""
    match = standing.match
    return {
        "match": match,
        "shown_state": shown_state(match.state, audience_of(standing.actor)),
        "due_at": match.due_at,
        "here": standing.here,
        "back": standing.here,
        "crumbs": crumbs(match),
    }


def crumbs(match: Match) -> list[tuple[str, str]]:
    return [(_("Matches"), "/matches"), (match.public_id, f"/matches/{match.public_id}")]


def any_of(standing: Standing, verbs: Collection[str]) -> bool:
    return any(standing.offers(verb) for verb in verbs)
