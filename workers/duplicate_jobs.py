"""Looks for records that may say the same, and for work that may be repeated; a person answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from concord import jobs
from concord.activities.models import ExternalActivity
from concord.database import transaction
from concord.duplicates.values import FlagKind
from concord.offers.models import Offer
from concord.offers.states import OfferState
from concord.organizations.models import Organization
from concord.pairings import duplicates
from concord.pairings.repetition import requests_in
from concord.pairings.vectors import Part
from concord.requests.models import Request
from concord.requests.states import RequestState
from matching.duplicates import Record
from matching.excerpts import SIGNS_ENCODED, digest, whole
from matching.types import Window
from workers.context import Context
from workers.match_vectors import known_vectors

PAST = (RequestState.DRAFT, RequestState.RETURNED, RequestState.WITHDRAWN, RequestState.MERGED)
NEWEST = 500


async def check_duplicates(payload: Mapping[str, Any], context: Context) -> None:
    """Flag what repeats a request of the same State, an offer of the same provider, or a name.

    Newly imported activities, names that got a State and approved matches are held against the
    open requests of their States.
    """
    now = context.clock()
    if "request_id" in payload:
        await _requests(UUID(payload["request_id"]), context, now)
    elif "repetition_of" in payload:
        await _repetitions(UUID(payload["repetition_of"]), now)
    elif "offer_id" in payload:
        await _offers(UUID(payload["offer_id"]), context, now)
    elif "organization_id" in payload:
        await _organizations(UUID(payload["organization_id"]), now)
    else:
        await _spread(payload, now)


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
    await _repetitions(request_id, now)


async def _repetitions(request_id: UUID, now: datetime) -> None:
    request = await Request.get_or_none(id=request_id)
    if request is not None and request.state not in PAST:
        await duplicates.raise_repetitions(request, now=now)


async def _spread(payload: Mapping[str, Any], now: datetime) -> None:
    """Ask for every open request of the States concerned to be held against what is new."""
    own = None
    if "approved_of" in payload:
        request = await Request.get(id=UUID(payload["approved_of"]))
        own, states = request.id, {request.lead_state_id, *request.co_states}
    elif "import_id" in payload:
        states = await _states_of(imported_id=UUID(payload["import_id"]))
    else:
        states = await _states_of(names__contains=[payload["name_key"]])
    async with transaction():
        for request_id in await requests_in(sorted(states), but=own):
            await jobs.enqueue(jobs.CHECK_DUPLICATES, now=now, repetition_of=request_id)


async def _states_of(**condition: object) -> set[str]:
    rows = await ExternalActivity.filter(**condition).distinct().values_list("states", flat=True)
    return {str(state) for states in rows if isinstance(states, list) for state in states}


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
    """Texts whose vectors are kept are not read again."""
    if not others:
        return
    texts = [_part(kind, one) for one in (record, *others)]
    vectors = await known_vectors(context.pool, texts)
    version, found = await context.pool.duplicates(record, others, vectors)
    async with transaction():
        await duplicates.raise_flags(kind, found, model_version=version, now=now)


def _part(kind: FlagKind, record: Record) -> Part:
    """A record's text as it is kept for ranking too."""
    of = "request" if kind is FlagKind.REQUESTS else "offer"
    return Part(of, UUID(record.id), 0, record.text, digest(record.text))


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
    told = "\n".join(filter(None, (request.description, request.outcome)))
    return Record(
        id=str(request.id),
        text=whole(request.title, told)[:SIGNS_ENCODED],
        language=request.language,
        state=request.lead_state_id,
        topics=topics + tuple(request.tags),
        period=Window(request.starts_on, request.ends_on),
    )


def _offer(offer: Offer) -> Record:
    return Record(
        id=str(offer.id),
        text=whole(offer.title, offer.description)[:SIGNS_ENCODED],
        language=offer.language,
        organization=str(offer.organization_id),
        topics=tuple(slot.topic_id for slot in offer.slots),
        period=Window(offer.starts_on, offer.ends_on),
    )
