"""Why an offer stands where it stands, and what would move it."""

from collections.abc import Callable, Mapping

from matching.eligibility import capacity_share, same_unit
from matching.features import Case, Value
from matching.scoring import MILLION, Configuration, contribution
from matching.topics import closeness
from matching.types import (
    Change,
    Explanation,
    FeatureCode,
    ItemProfile,
    Reason,
    SlotProfile,
    SuggestedLine,
)

LARGEST = 4
MOST_ROOM = 2
SHARED_TERMS = 8
ORDER = list(FeatureCode)


def explain(
    values: Mapping[FeatureCode, Value],
    *,
    contributions: Mapping[FeatureCode, int],
    shared_terms: tuple[str, ...],
    rank_at: Callable[[int], int],
    configuration: Configuration,
) -> Explanation:
    """`rank_at`: the rank that this offer would have at a score in millionths."""
    largest = sorted(contributions, key=lambda code: (-contributions[code], ORDER.index(code)))
    named = [code for code in largest if contributions[code] > 0][:LARGEST]
    room = {
        code: contribution(code, 1.0, configuration) - part for code, part in contributions.items()
    }
    wide = sorted(room, key=lambda code: (-room[code], ORDER.index(code)))
    score = sum(contributions.values())

    def changed(code: FeatureCode, difference: int) -> Change:
        now, left = score + difference, contributions[code] + difference
        return Change(code, left / MILLION, now / MILLION, rank_at(now))

    return Explanation(
        reasons=tuple(
            Reason(code, contributions[code] / MILLION, round(value, 6), parameters)
            for code in named
            for value, parameters in [values[code]]
        ),
        shared_terms=shared_terms,
        without=tuple(changed(code, -contributions[code]) for code in named),
        gains=tuple(changed(code, room[code]) for code in wide[:MOST_ROOM] if room[code] > 0),
    )


def suggested_lines(this: Case) -> tuple[SuggestedLine, ...]:
    """For each item the slot that fits best; a slot's capacity is spent once."""
    left = {slot.id: slot.capacity_left for slot in this.offer.slots}
    lines: list[SuggestedLine] = []
    for item in this.request.items:
        slots = [slot for asked, slot in this.pairs if asked.id == item.id and left[slot.id] != 0]
        if not slots:
            continue
        slot = max(slots, key=lambda slot: (_fit(this, item, slot), slot.id))
        quantity = _quantity(item, slot, left[slot.id])
        lines.append(SuggestedLine(item.id, slot.id, quantity, item.unit or slot.unit))
        spare = left[slot.id]
        if spare is not None and quantity is not None:
            left[slot.id] = spare - quantity
    return tuple(lines)


def _fit(this: Case, item: ItemProfile, slot: SlotProfile) -> tuple[float, float, bool]:
    near = closeness(item.topic, slot.topic, this.topics) if item.topic and slot.topic else 0.0
    return near, capacity_share(item, slot), same_unit(item, slot)


def _quantity(item: ItemProfile, slot: SlotProfile, left: int | None) -> int | None:
    if not item.quantity or not same_unit(item, slot):
        return None
    return item.quantity if left is None else min(item.quantity, left)
