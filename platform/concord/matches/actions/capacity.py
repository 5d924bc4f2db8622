"""Holds and reservations on slots and items: conditional updates that never take too much."""

from collections.abc import Sequence
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
            await _change(UNRESERVE, line.slot_id, line.slot_quantity, FULL_SLOT)
    for line in sorted(reserved, key=lambda line: line.item_id):
        await _change(UNRESERVE_ITEM, line.item_id, line.item_quantity, COVERED_ITEM)
    await MatchLine.filter(match_id=match.id).update(status="released", live=False)
    for line in live:
        line.status, line.live = "released", False


def counted(lines: Sequence[MatchLine]) -> list[MatchLine]:
    """The lines on slots that can run out, in the order in which slots are locked."""
    return sorted(
        (line for line in lines if line.slot.capacity is not None), key=lambda line: line.slot_id
    )


async def _change(statement: str, row_id: UUID, quantity: int, refusal: str) -> None:
    changed, _ = await get_connection("default").execute_query(statement, [row_id, quantity])
    if not changed:
        raise Conflict(refusal)
