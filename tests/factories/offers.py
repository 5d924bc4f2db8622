"""Offers in each state, as rows."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from concord.offers.models import Offer, OfferExclusion, OfferSlot
from concord.offers.states import Funding, OfferState
from concord.organizations.models import Organization
from concord.reference.identifiers import new_public_id
from tests.conftest import NOW
from tests.factories.history import set_down
from tests.factories.people import provider

Line = tuple[str, str, int | None, str | None]
"""Topic, modality, capacity, unit."""
COURSE: Line = ("INV.02", "training_course", 20, "training_places")
YEAR = timedelta(days=365)


async def offer(
    state: OfferState,
    of: Organization | None = None,
    *,
    slots: Sequence[Line] = (COURSE,),
    excluded: Sequence[str] = (),
    directed: str | None = None,
    funding: Funding = Funding.FULL,
    **columns: Any,
) -> Offer:
    """An offer of a provider (a new, verified one) with its slots; `columns` override the row."""
    place = of or await provider()
    given: dict[str, Any] = {
        "title": "First responder course on digital evidence",
        "description": "Five days for station officers, taught by serving officers.",
        "delivery_languages": ["en", "fr"],
        "starts_on": date(2027, 2, 1),
        "ends_on": date(2027, 12, 31),
    }
    made = await Offer.create(
        public_id=new_public_id("OFR"),
        organization=place,
        directed_state_id=directed,
        state_since=NOW,
        scope_changed_at=NOW,
        **(given | columns),
    )
    for position, (topic, modality, capacity, unit) in enumerate(slots, 1):
        await OfferSlot.create(
            offer=made,
            position=position,
            topic_id=topic,
            modality_id=modality,
            capacity=capacity,
            unit_id=unit,
            funding=funding,
        )
    await OfferExclusion.bulk_create(
        [OfferExclusion(offer=made, state_id=code) for code in excluded]
    )
    if state is not OfferState.DRAFT:
        await set_down(made, state=state)
    return made


async def draft(of: Organization | None = None, **given: Any) -> Offer:
    return await offer(OfferState.DRAFT, of, **given)


async def submitted(of: Organization | None = None, **given: Any) -> Offer:
    due = NOW + timedelta(days=14)
    return await offer(OfferState.SUBMITTED, of, **({"submitted_at": NOW, "due_at": due} | given))


async def returned(of: Organization | None = None, **given: Any) -> Offer:
    return await offer(OfferState.RETURNED, of, **({"submitted_at": NOW} | given))


async def published(of: Organization | None = None, *, at: datetime = NOW, **given: Any) -> Offer:
    dates = {"submitted_at": at, "published_at": at, "expires_at": at + YEAR, "due_at": at + YEAR}
    return await offer(OfferState.PUBLISHED, of, **(dates | given))


async def expired(of: Organization | None = None, **given: Any) -> Offer:
    dates = {"submitted_at": NOW - YEAR, "published_at": NOW - YEAR, "expires_at": NOW}
    return await offer(OfferState.EXPIRED, of, **(dates | given))


async def withdrawn(of: Organization | None = None, **given: Any) -> Offer:
    return await offer(OfferState.WITHDRAWN, of, **({"submitted_at": NOW} | given))


async def slots_of(made: Offer) -> list[OfferSlot]:
    return await OfferSlot.filter(offer_id=made.id).order_by("position")
