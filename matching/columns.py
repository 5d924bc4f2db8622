"""The stated fields of all offers as columns, so that a request is judged against all at once."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matching.features import FUNDED
from matching.postings import Floats, Integers
from matching.types import OfferProfile, Window

Bits = NDArray[np.bool_]

FIRST, LAST = date.min.toordinal() - 1, date.max.toordinal() + 1  # sides that are open
NONE = 0  # the code of what is left open
A_YEAR = 365


class Codes:
    """Numbers for the values of a column; what is left open has number 0."""

    def __init__(self) -> None:
        self.values: list[Hashable] = [None]
        self._numbers: dict[Hashable, int] = {None: NONE}

    def number(self, value: Hashable) -> int:
        found = self._numbers.setdefault(value, len(self.values))
        if found == len(self.values):
            self.values.append(value)
        return found


@dataclass(frozen=True, slots=True)
class Column:
    """A value for each offer (or slot), each different value once: `values[numbers]`."""

    values: Sequence[Hashable]
    numbers: Integers

    @property
    def stated(self) -> Bits:
        """Where something is said at all."""
        return np.array([bool(value) for value in self.values], bool)[self.numbers]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Several rows for each of n owners, in their order: row r belongs to `owner[r]`."""

    owner: Integers
    size: int

    def any(self, bits: Bits) -> Bits:
        """Whether any row of the owner holds, (n,)."""
        return np.bincount(self.owner[bits], minlength=self.size) > 0

    def highest(self, values: Floats, *, otherwise: float) -> Floats:
        """The highest of the owner's rows, (n,)."""
        result = np.full(self.size, otherwise)
        np.maximum.at(result, self.owner, values)
        return result


class Columns:
    """Offers in the order given; slots and tags in the order of their offers."""

    def __init__(self, offers: Sequence[OfferProfile]) -> None:
        self.offers = offers
        self.organization = _column([offer.organization for offer in offers])
        self.verified: Bits = np.array([offer.verified for offer in offers], bool)
        self.place = _column(
            [
                (o.organization_state, o.directed_state, o.excluded_states, o.regions)
                for o in offers
            ]
        )
        self.languages = _column([offer.delivery_languages for offer in offers])
        self.record = _column([offer.track_record for offer in offers])
        self.start, self.end = _days([offer.window for offer in offers])
        slots = [(n, slot) for n, offer in enumerate(offers) for slot in offer.slots]
        self.slots = _ragged([n for n, _ in slots], len(offers))
        self.topic = _column([slot.topic for _, slot in slots])
        self.modality = _column([slot.modality for _, slot in slots])
        self.unit = _column([slot.unit for _, slot in slots])
        self.capacity: Floats = np.array(
            [np.inf if s.capacity_left is None else s.capacity_left for _, s in slots], np.float64
        )
        self.funding: Floats = np.array(
            [FUNDED[slot.funding] if slot.funding else -1.0 for _, slot in slots], np.float64
        )
        self.slot_start, self.slot_end = _days([slot.window for _, slot in slots])
        tags = [(n, tag) for n, offer in enumerate(offers) for tag in offer.tags]
        self.tags = _ragged([n for n, _ in tags], len(offers))
        self.tag = _column([tag for _, tag in tags])

    def __len__(self) -> int:
        return len(self.offers)


def _column(values: Sequence[Hashable]) -> Column:
    codes = Codes()
    numbers = np.fromiter((codes.number(value) for value in values), np.int64, len(values))
    return Column(codes.values, numbers)


def _ragged(owners: Sequence[int], size: int) -> Ragged:
    return Ragged(np.array(owners, np.int64), size)


def _days(windows: Sequence[Window]) -> tuple[Integers, Integers]:
    starts = [FIRST if each.start is None else each.start.toordinal() for each in windows]
    ends = [LAST if each.end is None else each.end.toordinal() for each in windows]
    return np.array(starts, np.int64), np.array(ends, np.int64)


def bounds(window: Window) -> tuple[int, int]:
    """The first and the last day, as numbers."""
    start = FIRST if window.start is None else window.start.toordinal()
    return start, LAST if window.end is None else window.end.toordinal()


def shares(wanted: Window, start: Integers, end: Integers) -> Floats:
    """Which share of the wanted days is given, as `matching.windows.overlap_share` has it."""
    first, last = bounds(wanted)
    start, end = np.maximum(start, first), np.minimum(end, last)
    whole = last - first + 1 if first != FIRST and last != LAST else A_YEAR
    share = np.minimum(1.0, (end - start + 1) / whole)
    share = np.where((start == FIRST) | (end == LAST), 1.0, share)
    return np.where(end < start, 0.0, share)


def any_of(rows: Sequence[Bits], like: Bits) -> Bits:
    """Where any of the rows holds; nowhere if there are none, in the shape of `like`."""
    found = np.zeros(like.shape, bool)
    for row in rows:
        found |= row
    return found
