"""Other matches of the same undertaking: what State and providers learn of each other."""

from dataclasses import dataclass
from datetime import date

from concord.actor import Actor, Role
from concord.matches.models import Match
from concord.matches.queries import companion_ids, visible_q
from concord.requests.states import CIRCULATED_CLASSES


@dataclass(frozen=True, slots=True)
class Companion:
    """Another delivery of one purpose; no name and no address where it may not be known."""

    provider: str
    public_id: str
    starts_on: date
    ends_on: date


async def companions_of(actor: Actor, match: Match) -> list[Companion]:
    """As this reader may know them; `match_for` found the match."""
    ids = companion_ids(match)
    if not ids or actor.role is Role.AUDITOR:
        return []
    rows = Match.filter(id__in=list(ids)).select_related("request", "offer__organization")
    if actor.is_provider:
        others = await rows.exclude(request_id=match.request_id).order_by("starts_on", "id")
        return [_to_provider(other) for other in others]
    seen = await rows.filter(visible_q(actor)).order_by("starts_on", "id")
    return [_companion(other, other.public_id) for other in seen]


def _companion(other: Match, public_id: str) -> Companion:
    return Companion(other.offer.organization.name, public_id, other.starts_on, other.ends_on)


def _to_provider(other: Match) -> Companion:
    """Who else delivers, unless it serves a request that only some may know of."""
    if other.request.confidentiality in CIRCULATED_CLASSES:
        return _companion(other, "")
    return Companion("", "", other.starts_on, other.ends_on)
