"""Holds and reservations on slots and items: conditional updates that never take too much."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tortoise.connection import get_connection

from concord.errors import Conflict
from concord.matches.models import Match, MatchLine

HOLD = """
UPDATE offer_slot SET held = held + $2
WHERE id = $1 AND held + reserved + delivered + $2 <= capacity
"""
UNHOLD = "UPDATE offer_slot SET held = held - $2 WHERE id = $1"
HELD_TO_RESERVED = """
UPDATE offer_slot SET held = held - $2, reserved = reserved + $2
WHERE id = $1 AND held >= $2
"""
FREE_TO_RESERVED = """
UPDATE offer_slot SET reserved = reserved + $2
WHERE id = $1 AND held + reserved + delivered + $2 <= capacity
"""
UNRESERVE = "UPDATE offer_slot SET reserved = reserved - $2 WHERE id = $1"
RESERVE_ITEM = """
UPDATE request_item SET reserved = reserved + $2
WHERE id = $1 AND reserved + delivered + $2 <= quantity
"""
UNRESERVE_ITEM = "UPDATE request_item SET reserved = reserved - $2 WHERE id = $1"
DELIVER_SLOT = """
UPDATE offer_slot SET reserved = reserved - $2, delivered = delivered + $2
WHERE id = $1 AND reserved >= $2
"""
DELIVER_ITEM = """
UPDATE request_item SET reserved = reserved - $2, delivered = delivered + $2
WHERE id = $1 AND reserved >= $2
"""
DELIVER_ITEM_UNCONFIRMED = """
UPDATE request_item
SET reserved = reserved - $2, delivered = delivered + $2, unconfirmed = unconfirmed + $2
WHERE id = $1 AND reserved >= $2
"""
DELIVER_LINE = """
UPDATE match_line SET delivered_item = delivered_item + $2, delivered_slot = delivered_slot + $3
WHERE id = $1 AND status = 'reserved' AND delivered_item + $2 <= item_quantity
"""
ACKNOWLEDGE_ITEM = """
UPDATE request_item SET unconfirmed = unconfirmed - $2 WHERE id = $1 AND unconfirmed >= $2
"""
TOO_MUCH = "More would be delivered than is reserved. Nothing was changed."
FULL_SLOT = "The offer has no capacity left for this. Nothing was changed."
COVERED_ITEM = "What was asked for is already covered. Nothing was changed."


async def hold(lines: Sequence[MatchLine]) -> None:
    """Take free capacity of the slots. `Conflict` when there is not enough."""
    for line in counted(lines):
        await _change(HOLD, line.slot_id, line.slot_quantity, FULL_SLOT)


async def lose_hold(match: Match, *, now: datetime) -> None:
    """Give the holds of a match back although it still waits."""
    for line in counted(list(match.lines)):
        await _change(UNHOLD, line.slot_id, line.slot_quantity, FULL_SLOT)
    await Match.filter(id=match.id).update(hold_lost_at=now)
    match.hold_lost_at = now


async def retake_hold(match: Match) -> None:
    """Before a step on a lost hold: take it anew, or `Conflict`."""
    if match.hold_lost_at is None:
        return
    await hold(list(match.lines))
    await Match.filter(id=match.id).update(hold_lost_at=None)
    match.hold_lost_at = None


async def reserve(match: Match) -> None:
    """Turn holds into reservations on slots, then on items; a lost hold is taken anew."""
    statement = FREE_TO_RESERVED if match.hold_lost_at else HELD_TO_RESERVED
    for line in counted(list(match.lines)):
        await _change(statement, line.slot_id, line.slot_quantity, FULL_SLOT)
    for line in sorted(match.lines, key=lambda line: line.item_id):
        await _change(RESERVE_ITEM, line.item_id, line.item_quantity, COVERED_ITEM)
    await MatchLine.filter(match_id=match.id).update(status="reserved")
    for line in match.lines:
        line.status = "reserved"


async def release(match: Match) -> None:
    """Everything that is not delivered returns to slots and items; the lines are over."""
    live = [line for line in match.lines if line.live]
    held = [line for line in live if line.status == "held" and not match.hold_lost_at]
    reserved = [line for line in live if line.status == "reserved"]
    for line in counted(live):
        if line in held:
            await _change(UNHOLD, line.slot_id, line.slot_quantity, FULL_SLOT)
        elif line in reserved:
            left = line.slot_quantity - line.delivered_slot
            await _change(UNRESERVE, line.slot_id, left, FULL_SLOT)
    for line in sorted(reserved, key=lambda line: line.item_id):
        left = line.item_quantity - line.delivered_item
        await _change(UNRESERVE_ITEM, line.item_id, left, COVERED_ITEM)
    await MatchLine.filter(match_id=match.id).update(status="released", live=False)
    for line in live:
        line.status, line.live = "released", False


async def deliver(match: Match, quantities: Mapping[UUID, int], *, confirmed: bool) -> None:
    """Turn reservations into deliveries, by line and in the item's unit.

    What no State `confirmed` is delivered too, and counted apart. `Conflict` beyond a reservation.
    """
    lines = [line for line in match.lines if quantities.get(line.id)]
    slots = {line.id: slot_share(line, quantities[line.id]) for line in lines}
    for line in counted(lines):
        await _change(DELIVER_SLOT, line.slot_id, slots[line.id], TOO_MUCH)
    for line in sorted(lines, key=lambda line: line.item_id):
        statement = DELIVER_ITEM if confirmed else DELIVER_ITEM_UNCONFIRMED
        await _change(statement, line.item_id, quantities[line.id], TOO_MUCH)
    for line in sorted(lines, key=lambda line: line.id):
        line.delivered_item += quantities[line.id]
        line.delivered_slot += slots[line.id]
        taken = [line.id, quantities[line.id], slots[line.id]]
        changed, _ = await get_connection("default").execute_query(DELIVER_LINE, taken)
        if not changed:
            raise Conflict(TOO_MUCH)


async def acknowledge(quantities: Mapping[UUID, int]) -> None:
    """What was delivered without a State's word is confirmed now; quantities by request item."""
    for item_id in sorted(quantities):
        await _change(ACKNOWLEDGE_ITEM, item_id, quantities[item_id], TOO_MUCH)


def slot_share(line: MatchLine, quantity: int) -> int:
    """The slot's part of a delivered quantity: rounded up, and exact once all is delivered."""
    after = line.delivered_item + quantity
    return -(-after * line.slot_quantity // line.item_quantity) - line.delivered_slot


def counted(lines: Sequence[MatchLine]) -> list[MatchLine]:
    """The lines on slots that can run out, in the order in which slots are locked."""
    return sorted(
        (line for line in lines if line.slot.capacity is not None), key=lambda line: line.slot_id
    )


async def _change(statement: str, row_id: UUID, quantity: int, refusal: str) -> None:
    changed, _ = await get_connection("default").execute_query(statement, [row_id, quantity])
    if not changed:
        raise Conflict(refusal)
