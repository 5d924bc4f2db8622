"""Numbers for the first page and for the public statistics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tortoise.connection import get_connection
from tortoise.functions import Count
from tortoise.models import Model
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.deliveries.queries import visible_to as visible_deliveries
from concord.matches.queries import visible_to as visible_matches
from concord.offers.queries import visible_to as visible_offers
from concord.requests.queries import visible_to as visible_requests
from concord.small_cells import Cell, suppressed

M = TypeVar("M", bound=Model)

REQUESTS_BY_GROUP = "SELECT * FROM requests_by_group()"
OFFERS_BY_GROUP = "SELECT * FROM offers_by_group()"


async def request_counts(actor: Actor) -> dict[str, int]:
    """Requests that the actor sees, by state."""
    return await _by_state(visible_requests(actor))


async def offer_counts(actor: Actor) -> dict[str, int]:
    return await _by_state(visible_offers(actor))


async def match_counts(actor: Actor) -> dict[str, int]:
    return await _by_state(visible_matches(actor))


async def delivery_counts(actor: Actor) -> dict[str, int]:
    return await _by_state(visible_deliveries(actor))


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
    """Requests opened and offers published, by topic group; small figures are not told."""
    connection = get_connection("default")
    asked = await connection.execute_query_dict(REQUESTS_BY_GROUP)
    given = await connection.execute_query_dict(OFFERS_BY_GROUP)
    cells = {(code, "requests"): Cell() for code in groups}
    cells |= {(row.pop("topic_group"), "requests"): Cell(**row) for row in asked}
    told = suppressed(cells).cells
    offers: Mapping[str, int] = {row["topic_group"]: row["offers"] for row in given}
    return [GroupFigures(code, told[code, "requests"], offers.get(code, 0)) for code in groups]
