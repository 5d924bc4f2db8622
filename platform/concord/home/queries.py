"""Numbers for the first page and for the public statistics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tortoise.connection import get_connection
from tortoise.functions import Count
from tortoise.models import Model
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.matches.queries import visible_to as visible_matches
from concord.offers.queries import visible_to as visible_offers
from concord.requests.queries import visible_to as visible_requests

M = TypeVar("M", bound=Model)
LEAST_REQUESTS = 5
LEAST_STATES = 3

REQUESTS_BY_GROUP = "SELECT topic_group, requests, states FROM requests_by_group()"
OFFERS_BY_GROUP = """
SELECT split_part(s.topic_id, '.', 1) AS topic_group, count(DISTINCT o.id) AS offers
FROM offer_slot s JOIN offer o ON o.id = s.offer_id JOIN organization p ON p.id = o.organization_id
WHERE o.state = 'published' AND o.directed_state_id IS NULL AND s.retired_at IS NULL
  AND p.verification = 'verified' GROUP BY 1
"""


async def request_counts(actor: Actor) -> dict[str, int]:
    """Requests that the actor sees, by state."""
    return await _by_state(visible_requests(actor))


async def offer_counts(actor: Actor) -> dict[str, int]:
    return await _by_state(visible_offers(actor))


async def match_counts(actor: Actor) -> dict[str, int]:
    return await _by_state(visible_matches(actor))


async def _by_state(visible: QuerySet[M]) -> dict[str, int]:
    counted = visible.order_by().annotate(rows=Count("id", distinct=True)).group_by("state")
    return {str(state): int(rows) for state, rows in await counted.values_list("state", "rows")}


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One topic group; `requests` is None where the cell is too small to be told."""

    group: str
    requests: int | None
    offers: int


async def figures(groups: Sequence[str]) -> list[GroupFigures]:
    """Requests opened and offers published, by topic group.

    A cell of fewer than 5 requests or of fewer than 3 States is suppressed, and nobody is given
    a total from which it could be worked out.
    """
    connection = get_connection("default")
    asked = await connection.execute_query_dict(REQUESTS_BY_GROUP)
    given = await connection.execute_query_dict(OFFERS_BY_GROUP)
    requests: Mapping[str, int] = {
        row["topic_group"]: row["requests"]
        for row in asked
        if row["requests"] >= LEAST_REQUESTS and row["states"] >= LEAST_STATES
    }
    offers: Mapping[str, int] = {row["topic_group"]: row["offers"] for row in given}
    return [GroupFigures(code, requests.get(code), offers.get(code, 0)) for code in groups]
