"""Which request another is merged into, asked to be merged into, or may be, for one reader."""

from tortoise.expressions import Q

from concord.actor import Actor
from concord.requests.models import Request
from concord.requests.policy import may_ask_merge, states_of
from concord.requests.queries import visible_to
from concord.requests.states import MERGEABLE

MOST = 100


async def partner_of(actor: Actor, request: Request) -> Request | None:
    """The request that this one was or is asked to be merged into, if the reader may see it.

    Providers never learn of a merger.
    """
    other = request.merged_into_id or request.merge_asked_into_id
    if other is None or not (actor.is_state or actor.is_secretariat):
        return None
    return await visible_to(actor).get_or_none(id=other)


async def mergeable_with(actor: Actor, request: Request) -> list[Request]:
    """Other requests of the same States that this coordinator may name as the one that stays."""
    states = sorted(states_of(request))
    among = Q(lead_state_id__in=states, state__in=sorted(MERGEABLE), merge_asked_into_id=None)
    rows = visible_to(actor).filter(among).exclude(id=request.id).order_by("public_id")
    return [
        row
        for row in await rows.limit(MOST)
        if states_of(row) == states_of(request) and may_ask_merge(actor, row)
    ]
