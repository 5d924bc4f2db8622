"""Writes the slots of an offer without touching what matches have taken of them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from concord.errors import Conflict
from concord.offers.models import Offer, OfferSlot
from concord.offers.queries import lock_slots_of, slot_values, slots_in_lines
from concord.offers.values import SlotValues

TOO_LOW = (
    "Matches have taken %(taken)s of line %(position)s: its capacity cannot be lowered below that."
)
IN_USE = (
    "Line %(position)s is in a match: it cannot be removed, and its topic, modality and unit"
    " cannot change. Add another line instead."
)


async def write_slots(offer: Offer, wanted: Iterable[SlotValues], *, now: datetime) -> None:
    """Change, add and take out slots; each is known by its position within the offer.

    Raises `Conflict` where a live match stands in the way. A slot that only ended matches point to
    is retired.
    """
    present = {slot.position: slot for slot in await lock_slots_of(offer.id)}
    busy = await slots_in_lines(offer.id, live=True) if present else set()
    kept = set()
    for values in wanted:
        slot = present.get(values.position)
        if slot is None or slot.retired_at is not None:
            slot = await _add(offer, values, taken=present)
            present[slot.position] = slot
        else:
            await _rewrite(slot, values, busy)
        kept.add(slot.id)
    gone = [slot for slot in present.values() if slot.id not in kept and slot.retired_at is None]
    if gone:
        await _take_out(gone, busy, now=now)


async def _add(offer: Offer, values: SlotValues, *, taken: Collection[int]) -> OfferSlot:
    """A form does not know of retired slots: a position of theirs becomes the next free one."""
    position = max(taken) + 1 if values.position in taken else values.position
    return await OfferSlot.create(offer_id=offer.id, position=position, **_columns(values))


async def _rewrite(slot: OfferSlot, values: SlotValues, busy: set[UUID]) -> None:
    before, taken = slot_values(slot), _taken(slot)
    moved = (before.topic, before.modality, before.unit) != (
        values.topic,
        values.modality,
        values.unit,
    )
    if moved and (taken or slot.id in busy):
        raise Conflict(IN_USE, position=slot.position)
    if values.capacity is not None and values.capacity < taken:
        raise Conflict(TOO_LOW, taken=taken, position=slot.position)
    if before != values:
        slot.update_from_dict(_columns(values))
        slot.version += 1
        await slot.save()


async def _take_out(slots: list[OfferSlot], busy: set[UUID], *, now: datetime) -> None:
    referred = await slots_in_lines(slots[0].offer_id, live=False)
    for slot in slots:
        if slot.id in busy or _taken(slot):
            raise Conflict(IN_USE, position=slot.position)
        if slot.id in referred:
            slot.retired_at = now
            slot.version += 1
            await slot.save(update_fields=["retired_at", "version"])
        else:
            await slot.delete()


def _taken(slot: OfferSlot) -> int:
    return slot.held + slot.reserved + slot.delivered


def _columns(values: SlotValues) -> dict[str, Any]:
    return {
        "topic_id": values.topic,
        "modality_id": values.modality,
        "capacity": values.capacity,
        "unit_id": values.unit,
        "funding": values.funding,
        "starts_on": values.starts_on,
        "ends_on": values.ends_on,
    }
