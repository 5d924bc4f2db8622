"""Requests on which a clock has run out."""

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.functions import Count, Max

from concord.requests.models import Request, RequestItem
from concord.requests.states import ENDED_MATCHES, MATCHABLE, RequestState


async def due_requests(now: datetime, *states: str) -> list[UUID]:
    rows = await (
        Request.filter(state__in=states, due_at__lte=now)
        .order_by("due_at", "id")
        .values_list("id", flat=True)
    )
    return [UUID(str(row)) for row in rows]


async def unmatched_requests(opened_before: datetime) -> list[UUID]:
    """Open ones without the flag that were opened long enough ago to look at."""
    rows = await (
        Request.filter(state__in=MATCHABLE, unmatched_since=None, opened_at__lte=opened_before)
        .order_by("opened_at", "id")
        .values_list("id", flat=True)
    )
    return [UUID(str(row)) for row in rows]


async def ended_requests() -> list[tuple[UUID, datetime]]:
    """Requests for which something was delivered, whose matches have all ended, and when.

    What silence confirmed leaves a request open, and counts here: the same State is silent.
    """
    some = RequestItem.filter(unconfirmed__gt=0).values("request_id")
    met = Q(state__in=[RequestState.PARTIALLY_MET, RequestState.MET])
    rows = await (
        Request.filter(met | Q(state=RequestState.OPEN, id__in=Subquery(some)))
        .annotate(
            live=Count("matches", _filter=~Q(matches__state__in=sorted(ENDED_MATCHES))),
            last=Max("matches__state_since"),
        )
        .filter(live=0, last__isnull=False)
        .values_list("id", "last")
    )
    return [(row[0], row[1]) for row in rows]
