"""Other matches of the same undertaking: what State and providers learn of each other."""

from dataclasses import dataclass
from datetime import date

from tortoise.connection import get_connection

from concord.actor import Actor, Role
from concord.matches.models import Match
from concord.matches.queries import companion_ids, visible_q

COMPANIONS = "SELECT provider, starts_on, ends_on FROM companions_of_provider($1)"


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
    if actor.is_provider:
        return await _told_to_provider(match)
    seen = Match.filter(visible_q(actor), id__in=list(ids)).select_related("offer__organization")
    return [
        Companion(other.offer.organization.name, other.public_id, other.starts_on, other.ends_on)
        for other in await seen.order_by("starts_on", "id")
    ]


async def _told_to_provider(match: Match) -> list[Companion]:
    """Who else delivers, unless it serves a request that only some may know of."""
    rows = await get_connection("default").execute_query_dict(COMPANIONS, [match.id])
    return [Companion(row["provider"], "", row["starts_on"], row["ends_on"]) for row in rows]
