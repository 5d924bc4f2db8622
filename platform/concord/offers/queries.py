"""Every read of offers: all start at what the actor may see."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.expressions import RawSQL
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.errors import NotFound
from concord.offers.dossier import HELD_WHEN_ASKED, dossier_of
from concord.offers.models import Offer, OfferClarification, OfferExclusion, OfferSlot
from concord.offers.policy import may_see_capacity
from concord.offers.states import OfferState
from concord.offers.values import OfferValues, SlotValues
from concord.offers.views import OfferView, SlotView, project, slot_view, slots_of
from concord.offers.visibility import standing_q, visible_q
from concord.organizations.models import Organization
from concord.reference.identifiers import normalized_public_id
from notifications.recipients import Case

__all__ = ["visible_q", "visible_to"]
ASKED = RawSQL(HELD_WHEN_ASKED)
HOLD = 'SELECT id FROM "offer" WHERE id = ANY($1) ORDER BY id FOR KEY SHARE'


def visible_to(actor: Actor) -> QuerySet[Offer]:
    return Offer.filter(visible_q(actor))


async def offer_for(actor: Actor, public_id: str) -> Offer:
    """The offer with its organization; `NotFound` for an unseen and an unknown one alike."""
    wanted = normalized_public_id(public_id) or ""
    found = await visible_to(actor).select_related("organization").get_or_none(public_id=wanted)
    if found is None:
        raise NotFound
    return found


async def view_of(actor: Actor, offer: Offer) -> OfferView:
    """The offer with its slots, steps and questions, as far as the actor may see them."""
    dossier = await dossier_of(offer.id)
    slots = slots_of(dossier, actor=actor, offer=offer)
    return project(offer, actor=actor, slots=slots, dossier=dossier)


async def page_of(
    actor: Actor, offers: QuerySet[Offer], *, offset: int, limit: int
) -> tuple[list[OfferView], int]:
    """One page of a list and how many there are in all; two queries, a third past the end."""
    counted = offers.annotate(total=RawSQL("count(*) OVER ()")).offset(offset).limit(limit)
    found = await counted.select_related("organization")
    if found:
        total: int = getattr(found[0], "total")  # noqa: B009 - annotated, no field of the model
        return await _rows(actor, found), total
    return [], await offers.count() if offset else 0


async def rows_of(actor: Actor, offers: QuerySet[Offer]) -> list[OfferView]:
    """Rows of a list: slots and provider, neither steps nor exclusions. Two queries."""
    return await _rows(actor, await offers.select_related("organization"))


async def _rows(actor: Actor, found: list[Offer]) -> list[OfferView]:
    slots: dict[UUID, list[OfferSlot]] = {offer.id: [] for offer in found}
    read = _slots(slots)
    for slot in await (read.annotate(asked=ASKED) if actor.is_provider else read):
        slots[slot.offer_id].append(slot)
    return [
        project(
            offer,
            actor=actor,
            slots=[_slot_view(slot, actor, offer) for slot in slots[offer.id]],
        )
        for offer in found
    ]


def _slot_view(slot: OfferSlot, actor: Actor, offer: Offer) -> SlotView:
    asked: int | None = getattr(slot, "asked", None)
    return slot_view(slot, counts=may_see_capacity(actor, offer), asked=asked)


def _slots(offer_ids: Iterable[UUID]) -> QuerySet[OfferSlot]:
    return OfferSlot.filter(offer_id__in=list(offer_ids), retired_at=None).order_by(
        "offer_id", "position"
    )


def rankable() -> QuerySet[Offer]:
    """Published offers of providers in good standing."""
    return Offer.filter(standing_q(), state=OfferState.PUBLISHED)


async def lock(offer_ids: Iterable[UUID]) -> list[Offer]:
    """The offers, locked in the order of their ids until the transaction ends."""
    found = await Offer.filter(id__in=sorted(set(offer_ids))).order_by("id").select_for_update()
    places = await Organization.in_bulk({offer.organization_id for offer in found}, "id")
    for offer in found:
        offer.organization = places[offer.organization_id]
    return found


async def hold(offer_ids: Iterable[UUID]) -> None:
    """Before rows that point to several offers are written: PostgreSQL would hold each offer in
    the order of the rows, and wait in a ring with who locks them in the order of their ids."""
    await get_connection("default").execute_query(HOLD, [sorted(set(offer_ids))])


async def lock_slots(slot_ids: Iterable[UUID]) -> list[OfferSlot]:
    """The slots, retired ones too, locked in the order of their ids."""
    return await OfferSlot.filter(id__in=sorted(set(slot_ids))).order_by("id").select_for_update()


async def lock_slots_of(offer_id: UUID) -> list[OfferSlot]:
    """All slots that an offer ever had, locked in the order of their ids."""
    return await OfferSlot.filter(offer_id=offer_id).order_by("id").select_for_update()


async def slots_in_lines(offer_id: UUID, *, live: bool) -> set[UUID]:
    """Slots of an offer that match lines point to: any line, or live ones alone."""
    slots = OfferSlot.filter(offer_id=offer_id)
    slots = slots.filter(lines__live=True) if live else slots.filter(lines__id__isnull=False)
    return {slot.id for slot in await slots.distinct()}


async def values_of(offer: Offer) -> OfferValues:
    """What the offer says now, as the form that edits it has it."""
    return OfferValues(
        title=offer.title,
        description=offer.description,
        language=offer.language,
        conditions=offer.conditions,
        delivery_languages=tuple(offer.delivery_languages),
        regions=tuple(offer.regions),
        tags=tuple(offer.tags),
        past=tuple(offer.past),
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
        directed_state=offer.directed_state_id,
        excluded_states=tuple([one.state_id for one in await exclusions_of(offer.id)]),
        slots=tuple([slot_values(slot) for slot in await _slots([offer.id])]),
    )


def exclusions_of(offer_id: UUID) -> QuerySet[OfferExclusion]:
    return OfferExclusion.filter(offer_id=offer_id).order_by("state_id")


def slot_values(slot: OfferSlot) -> SlotValues:
    return SlotValues(
        position=slot.position,
        topic=slot.topic_id,
        modality=slot.modality_id,
        capacity=slot.capacity,
        unit=slot.unit_id,
        funding=slot.funding,
        starts_on=slot.starts_on,
        ends_on=slot.ends_on,
    )


async def clarification_for(offer: Offer, clarification_id: UUID) -> OfferClarification:
    found = await OfferClarification.get_or_none(id=clarification_id, offer_id=offer.id)
    if found is None:
        raise NotFound
    return found


async def has_open_questions(offer_id: UUID) -> bool:
    return await OfferClarification.filter(offer_id=offer_id, answered_at=None).exists()


async def imported(external_id: str) -> Offer | None:
    return await Offer.get_or_none(external_id=external_id).select_related("organization")


def case_of(offer: Offer, *, actor: Actor | None = None) -> Case[UUID]:
    """Whom messages about this offer concern."""
    return Case(
        owner=offer.organization_id,
        lead_state=offer.directed_state_id,
        actor=actor.person_id if actor else None,
        authors=frozenset({offer.created_by_id} if offer.created_by_id else ()),
    )


async def due_for_reminder(now: datetime, *, before: datetime) -> list[UUID]:
    """Published offers that expire between the two and whose provider was not yet asked."""
    waiting = Offer.filter(
        state=OfferState.PUBLISHED,
        expires_at__gt=now,
        expires_at__lte=before,
        reconfirm_asked_at=None,
    )
    return [offer.id for offer in await waiting.order_by("expires_at", "id").only("id")]


async def due_for_expiry(now: datetime) -> list[UUID]:
    over = Offer.filter(state=OfferState.PUBLISHED, expires_at__lte=now)
    return [offer.id for offer in await over.order_by("expires_at", "id").only("id")]


async def take_due(offer_id: UUID, *, before: datetime) -> Offer | None:
    """The offer, locked, unless another clock has it or it is no longer due."""
    return await (
        Offer.filter(id=offer_id, state=OfferState.PUBLISHED, expires_at__lte=before)
        .select_for_update(skip_locked=True)
        .first()
    )
