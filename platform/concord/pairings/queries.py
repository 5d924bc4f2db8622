"""Candidates of a request as the workbench shows them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.offers.models import Offer
from concord.offers.queries import visible_to as visible_offers
from concord.pairings import wording
from concord.pairings.models import Pairing, Ranking
from concord.pairings.views import (
    MissingOffer,
    PairingView,
    Period,
    RankingView,
    pairing_view,
)
from concord.reference.identifiers import normalized_public_id
from concord.reference.queries import code_lists
from concord.requests.models import Request
from concord.requests.queries import visible_to as visible_requests
from concord.requests.states import MATCHABLE, RequestState

SHOWN = 20
QUEUE = (*sorted(MATCHABLE), RequestState.SUBMITTED)
MOST_QUEUED = 100


def queue(actor: Actor) -> QuerySet[Request]:
    """What a coordinator works on, the most pressing first."""
    return (
        visible_requests(actor)
        .filter(state__in=QUEUE)
        .order_by("-urgent", "due_at", "state_since", "id")
    )


async def ranking_of(request: Request) -> RankingView | None:
    found = await Ranking.get_or_none(request_id=request.id)
    if found is None:
        return None
    return RankingView(found.considered, found.eligible, found.computed_at, found.model_version)


async def pairings_of(request: Request, *, limit: int = SHOWN) -> list[PairingView]:
    """The best candidates, best first: three queries whatever their number."""
    lists = await code_lists()
    rows = await Pairing.filter(request_id=request.id).order_by("rank").limit(limit)
    offers = {
        offer.id: offer
        for offer in await Offer.filter(id__in=[row.offer_id for row in rows])
        .select_related("organization")
        .prefetch_related("slots")
    }
    items = {str(item.id): item for item in await request.items.all()}
    asked = Period(request.starts_on, request.ends_on)
    return [
        pairing_view(row, offers[row.offer_id], items, asked, lists)
        for row in rows
        if row.offer_id in offers
    ]


async def why_missing(actor: Actor, request: Request, public_id: str) -> MissingOffer | None:
    """Why an offer is not among the candidates; None for one that the actor may not see.

    Exclusions of either side are never told: such an offer has no reason that can be shown.
    """
    offer = await visible_offers(actor).get_or_none(
        public_id=normalized_public_id(public_id) or ""
    )
    ranking = await Ranking.get_or_none(request_id=request.id)
    if offer is None or ranking is None:
        return None
    listed = await Pairing.get_or_none(request_id=request.id, offer_id=offer.id)
    gates = ranking.barred.get(str(offer.id), [])
    return MissingOffer(
        public_id=offer.public_id,
        rank=listed.rank if listed else None,
        reasons=await _worded(gates),
    )


async def _worded(gates: Sequence[Mapping[str, object]]) -> list[str]:
    lists = await code_lists()
    found = []
    for gate in gates:
        parameters = gate["parameters"]
        if not gate["unodc_only"] and isinstance(parameters, Mapping):
            found.append(wording.gate(str(gate["code"]), parameters, lists))
    return found


async def ranked_ids(request_id: UUID) -> list[UUID]:
    rows = await Pairing.filter(request_id=request_id).order_by("rank")
    return [row.offer_id for row in rows]
