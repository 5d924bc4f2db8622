"""Every read of an export: what a person may see, or what circulates to providers anyway."""

from collections.abc import AsyncIterator
from typing import Any

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.offers.models import Offer
from concord.offers.queries import visible_to as visible_offers
from concord.pairings.models import Pairing
from concord.requests.models import Request
from concord.requests.queries import visible_q
from concord.requests.states import CIRCULATED_CLASSES

BATCH = 500


def requests_for(actor: Actor) -> QuerySet[Request]:
    """For the operator, who is nobody in particular: neither restricted nor sealed ones."""
    seen = visible_q(actor) if actor.is_signed_in else circulated_q()
    return Request.filter(seen)


def circulated_q() -> Q:
    return Q(confidentiality__in=list(CIRCULATED_CLASSES))


def offers_for(actor: Actor) -> QuerySet[Offer]:
    return visible_offers(actor) if actor.is_signed_in else Offer.all()


async def requests(actor: Actor) -> AsyncIterator[Request]:
    """In the order of their public ids, with items and co-requesting States."""
    found = requests_for(actor).order_by("public_id").prefetch_related("items", "parties")
    async for each in _batches(found):
        yield each


async def offers(actor: Actor) -> AsyncIterator[Offer]:
    """In the order of their public ids, with provider, slots and exclusions."""
    found = (
        offers_for(actor)
        .order_by("public_id")
        .select_related("organization")
        .prefetch_related("slots", "exclusions")
    )
    async for each in _batches(found):
        yield each


async def pairings(actor: Actor) -> AsyncIterator[Pairing]:
    """Request by request, best first, with both ends."""
    found = (
        Pairing.filter(request_id__in=Subquery(requests_for(actor).values("id")))
        .order_by("request__public_id", "rank")
        .select_related("request", "offer")
    )
    async for each in _batches(found):
        yield each


async def _batches(found: QuerySet[Any]) -> AsyncIterator[Any]:
    """Row by row, a few hundred in memory at a time."""
    start = 0
    while rows := await found.offset(start).limit(BATCH):
        for row in rows:
            yield row
        start += len(rows)
