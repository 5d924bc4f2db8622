"""How many offers were barred by what, without naming one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.columns import Bits, Columns, any_of
from matching.eligibility import PAIR_GATES as OF_PAIRS
from matching.judging import Gates, Judged, Sitting
from matching.postings import Integers
from matching.topics import SIBLING
from matching.types import BarredCounts, GateCode, ItemProfile

UNTOLD = frozenset({GateCode.EXCLUDED, GateCode.CAPACITY})
# What a slot fails by itself.
PAIR_GATES = frozenset({*OF_PAIRS, GateCode.NO_SLOT})


@dataclass(frozen=True, slots=True)
class Told:
    """For each offer what a State may be told of it, as if nobody excluded anybody and no match
    had used anything up: the `gates` that fail; whether a slot is on a topic `near` to an item's,
    and whether such a slot is `suited` to it in kind, unit and dates too."""

    gates: Gates
    near: Bits
    suited: Bits


def barred_counts(judged: Judged, offers: Columns) -> BarredCounts:
    """What is counted openly and alone depends on no exclusion and on nobody's use of an offer,
    and takes in only offers of which a line could be proposed: a slot on a near topic, and where
    one change is one of the request's languages or places, of the kind, unit and dates too."""
    told = _told(judged)
    failures = sum((bits.astype(np.int64) for bits in told.gates.values()), np.zeros(len(offers)))
    alone = {
        code: bits & (failures == 1) & (told.near if code in PAIR_GATES else told.suited)
        for code, bits in told.gates.items()
    }
    return BarredCounts(
        offers=int(judged.barred.sum()),
        openly=int(((failures > 0) | ~told.suited).sum()),
        by_gate=_counted(judged.gates),
        alone=_counted(alone),
        given={
            code: values
            for code, values in (
                (GateCode.LANGUAGE, _languages(alone[GateCode.LANGUAGE], offers)),
                (GateCode.MODALITY, _modalities(alone[GateCode.MODALITY], offers)),
            )
            if values
        },
    )


def _told(judged: Judged) -> Told:
    sitting = judged.sitting
    slots, items = sitting.offers.slots, sitting.request.items
    gates = {code: bits for code, bits in judged.gates.items() if code not in UNTOLD}
    near = [_near(sitting, item) for item in items]
    suited = [one & other for one, other in zip(near, sitting.whole, strict=True)]
    silent = ~sitting.has_slots if items else np.ones(len(sitting.offers), bool)
    if items:
        missing = gates[GateCode.MODALITY] | gates[GateCode.UNIT] | gates[GateCode.WINDOW]
        paired = slots.any(any_of(sitting.whole, sitting.timely))
        gates[GateCode.NO_SLOT] = ~silent & ~missing & ~paired
    return Told(
        gates,
        silent | slots.any(any_of(near, sitting.timely)),
        silent | slots.any(any_of(suited, sitting.timely)),
    )


def _near(sitting: Sitting, item: ItemProfile) -> Bits:
    """Slots on a topic with which a line can be proposed, or where either side names none."""
    column = sitting.offers.topic
    if not item.topic:
        return np.ones(len(column.numbers), bool)
    return (sitting.closeness(column, item.topic) >= SIBLING) | ~column.stated


def _counted(gates: Gates) -> dict[GateCode, int]:
    counts = {code: int(bits.sum()) for code, bits in gates.items()}
    return {code: count for code, count in counts.items() if count}


def _languages(chosen: Bits, offers: Columns) -> dict[str, int]:
    column = offers.languages
    tally: Counter[str] = Counter()
    for number, count in _tallied(column.numbers[chosen]):
        value = column.values[number]
        for language in set(value) if isinstance(value, tuple) else ():
            tally[str(language)] += count
    return dict(tally)


def _modalities(chosen: Bits, offers: Columns) -> dict[str, int]:
    """Offers by kind of help; one that gives a kind in two slots counts once."""
    column, owner = offers.modality, offers.slots.owner
    rows = chosen[owner] & column.stated if len(owner) else np.zeros(0, bool)
    pairs = np.unique(np.stack([owner[rows], column.numbers[rows]], axis=1), axis=0)
    return {str(column.values[number]): count for number, count in _tallied(pairs[:, 1])}


def _tallied(numbers: Integers) -> Iterator[tuple[int, int]]:
    found, counts = np.unique(numbers, return_counts=True)
    return zip(found.tolist(), counts.tolist(), strict=True)
