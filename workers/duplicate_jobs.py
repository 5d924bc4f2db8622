"""Looks for records that may say the same; a person answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from concord.database import transaction
from concord.duplicates.values import FlagKind
from concord.offers.models import Offer
from concord.offers.states import OfferState
from concord.organizations.models import Organization
from concord.pairings import duplicates
from concord.requests.models import Request
from concord.requests.states import RequestState
from matching.duplicates import Record
from matching.types import Window
from workers.context import Context

PAST = (RequestState.DRAFT, RequestState.RETURNED, RequestState.WITHDRAWN, RequestState.MERGED)
NEWEST = 500


async def check_duplicates(payload: Mapping[str, Any], context: Context) -> None:
    """Flag what repeats a request of the same State, an offer of the same provider, or a name."""
    now = context.clock()
    if "request_id" in payload:
        await _requests(UUID(payload["request_id"]), context, now)
    elif "offer_id" in payload:
        await _offers(UUID(payload["offer_id"]), context, now)
    elif "organization_id" in payload:
        await _organizations(UUID(payload["organization_id"]), now)


async def _requests(request_id: UUID, context: Context, now: datetime) -> None:
    request = await Request.get_or_none(id=request_id).prefetch_related("items")
    if request is None:
        return
    others = (
        await Request.filter(lead_state_id=request.lead_state_id)
        .exclude(id=request_id)
        .exclude(state__in=PAST)
        .order_by("-created_at", "id")
        .limit(NEWEST)
        .prefetch_related("items")
    )
    pool = [_request(other) for other in others]
    await _flag(FlagKind.REQUESTS, _request(request), pool, context, now)


async def _offers(offer_id: UUID, context: Context, now: datetime) -> None:
    offer = await Offer.get_or_none(id=offer_id).prefetch_related("slots")
    if offer is None:
        return
    others = (
        await Offer.filter(organization_id=offer.organization_id)
        .exclude(id=offer_id)
        .exclude(state__in=(OfferState.DRAFT, OfferState.RETURNED, OfferState.WITHDRAWN))
        .order_by("-created_at", "id")
        .limit(NEWEST)
        .prefetch_related("slots")
    )
    await _flag(FlagKind.OFFERS, _offer(offer), [_offer(other) for other in others], context, now)


async def _flag(
    kind: FlagKind, record: Record, others: Sequence[Record], context: Context, now: datetime
) -> None:
    if not others:
        return
    version, found = await context.pool.duplicates(record, others)
    async with transaction():
        await duplicates.raise_flags(kind, found, model_version=version, now=now)


async def _organizations(organization_id: UUID, now: datetime) -> None:
    """The same normalized name in the same country."""
    organization = await Organization.get_or_none(id=organization_id)
    if organization is None:
        return
    namesakes = await Organization.filter(
        name_key=organization.name_key, state_id=organization.state_id
    ).exclude(id=organization_id)
    async with transaction():
        await duplicates.raise_namesakes(organization.id, [one.id for one in namesakes], now=now)


def _request(request: Request) -> Record:
    topics = tuple(item.topic_id for item in request.items)
    return Record(
        id=str(request.id),
        text="\n".join(filter(None, (request.title, request.description))),
        language=request.language,
        state=request.lead_state_id,
        topics=topics + tuple(request.tags),
        period=Window(request.starts_on, request.ends_on),
    )


def _offer(offer: Offer) -> Record:
    return Record(
        id=str(offer.id),
        text="\n".join(filter(None, (offer.title, offer.description))),
        language=offer.language,
        organization=str(offer.organization_id),
        topics=tuple(slot.topic_id for slot in offer.slots),
        period=Window(offer.starts_on, offer.ends_on),
    )
