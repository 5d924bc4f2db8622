"""What one reader may know of an offer: the only form in which pages receive it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from msgspec import structs

from concord.actor import Actor
from concord.offers.dossier import Dossier, Question, Slot, Stage
from concord.offers.models import Offer, OfferSlot
from concord.offers.policy import (
    CASE_OFFICERS,
    may_see_capacity,
    may_see_every_hold,
    may_see_exclusions,
    may_see_steps,
    provides,
)
from concord.offers.states import Funding, OfferState


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """One thing on offer; what is taken of it is None where it is not shown."""

    id: UUID
    position: int
    topic: str
    modality: str
    capacity: int | None
    unit: str | None
    funding: Funding
    starts_on: date | None
    ends_on: date | None
    held: int | None = None
    reserved: int | None = None
    delivered: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationView:
    """A question; `asked_by` is named to UNODC and to the asking side alone."""

    id: UUID
    version: int
    question: str
    language: str
    asked_at: datetime
    asked_by: str | None
    due_at: datetime | None
    answer: str | None
    answer_language: str
    answered_at: datetime | None
    shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """An offer; `excluded_states`, `steps` and the dates of a review are None where not shown."""

    id: UUID
    public_id: str
    version: int
    state: OfferState
    state_since: datetime
    title: str
    description: str
    language: str
    conditions: str
    delivery_languages: tuple[str, ...]
    regions: tuple[str, ...]
    tags: tuple[str, ...]
    past: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    directed_state: str | None
    organization_id: UUID
    organization_public_id: str
    organization_name: str
    organization_kind: str
    published_at: datetime | None
    expires_at: datetime | None
    due_at: datetime | None
    imported_from: str | None
    mine: bool
    slots: tuple[SlotView, ...]
    excluded_states: tuple[str, ...] | None = None
    steps: tuple[Stage, ...] | None = None
    clarifications: tuple[ClarificationView, ...] = ()


def project(
    offer: Offer, *, actor: Actor, slots: Iterable[SlotView], dossier: Dossier | None = None
) -> OfferView:
    """What `actor` may know; the organization is loaded. Without a dossier: a row of a list."""
    found = dossier or Dossier()
    inside = may_see_steps(actor, offer)
    excluded = found.excluded if dossier and may_see_exclusions(actor, offer) else None
    return OfferView(
        **{name: getattr(offer, name) for name in _COPIED},
        delivery_languages=tuple(offer.delivery_languages),
        regions=tuple(offer.regions),
        tags=tuple(offer.tags),
        past=tuple(offer.past),
        directed_state=offer.directed_state_id,
        organization_public_id=offer.organization.public_id,
        organization_name=offer.organization.name,
        organization_kind=offer.organization.kind.value,
        due_at=offer.due_at if inside else None,
        imported_from=offer.import_source if inside else None,
        mine=provides(actor, offer),
        slots=tuple(slots),
        excluded_states=excluded,
        steps=_steps(actor, found.steps) if dossier and inside else None,
        clarifications=tuple(
            _question(actor, one)
            for one in found.clarifications
            if one.shared or _takes_part(actor, offer, one)
        ),
    )


_COPIED = (
    *("id", "public_id", "version", "state", "state_since", "title", "description", "language"),
    *("conditions", "starts_on", "ends_on", "organization_id", "published_at", "expires_at"),
)


def slot_view(slot: OfferSlot, *, counts: bool, asked: int | None = None) -> SlotView:
    """`asked` is what is held as far as the provider itself was asked."""
    return SlotView(
        id=slot.id,
        position=slot.position,
        topic=slot.topic_id,
        modality=slot.modality_id,
        capacity=slot.capacity,
        unit=slot.unit_id,
        funding=slot.funding,
        starts_on=slot.starts_on,
        ends_on=slot.ends_on,
        held=(slot.held if asked is None else asked) if counts else None,
        reserved=slot.reserved if counts else None,
        delivered=slot.delivered if counts else None,
    )


def slots_of(dossier: Dossier, *, actor: Actor, offer: Offer) -> list[SlotView]:
    shown = [_slot(slot, every=may_see_every_hold(actor)) for slot in dossier.slots]
    if may_see_capacity(actor, offer):
        return shown
    return [replace(slot, held=None, reserved=None, delivered=None) for slot in shown]


def _slot(slot: Slot, *, every: bool) -> SlotView:
    found = {name: getattr(slot, name) for name in slot.__struct_fields__ if name != "asked"}
    return SlotView(**(found if every else found | {"held": slot.asked}))


def _steps(actor: Actor, steps: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """A provider reads its own people's names; those of UNODC's officers stay with UNODC."""
    if not actor.is_provider:
        return steps
    return tuple(
        step
        if step.organization_id == actor.organization_id
        else structs.replace(step, name=None, person_id=None)
        for step in steps
    )


def _takes_part(actor: Actor, offer: Offer, question: Question) -> bool:
    """UNODC's case officers, the provider that answers, and the side that asked."""
    if actor.role in CASE_OFFICERS or provides(actor, offer):
        return True
    same_place = question.organization_id == actor.organization_id
    return actor.is_signed_in and same_place


def _question(actor: Actor, question: Question) -> ClarificationView:
    knows = actor.role in CASE_OFFICERS or (
        actor.is_signed_in and question.organization_id == actor.organization_id
    )
    return ClarificationView(
        id=question.id,
        version=question.version,
        question=question.question,
        language=question.language,
        asked_at=question.asked_at,
        asked_by=question.organization if knows else None,
        due_at=question.due_at,
        answer=question.answer,
        answer_language=question.answer_language,
        answered_at=question.answered_at,
        shared=question.shared,
    )
