"""Of very many pairs the few that an assignment needs to look at."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from matching.solver import Bits, Floats, Integers

# Rows looked at together: few enough to stay in the processor's cache.
ROWS = 32
IN_BLOCK = 20
CROWD = 3
FEW = 8


class Pairs(NamedTuple):
    """Request and offer indexes `(k,)`, in order, and what each pair is worth."""

    rows: Integers
    columns: Integers
    worth: Floats

    def only(self, places: Bits | Integers) -> "Pairs":
        return Pairs(self.rows[places], self.columns[places], self.worth[places])

    def keys(self, width: int) -> Integers:
        """One number a pair; `width` is the number of offers."""
        keys: Integers = self.rows * width + self.columns
        return keys


class Prices(NamedTuple):
    """What one more unit of each request `(n,)` and of each offer `(m,)` is worth."""

    asked: Floats
    offered: Floats

    @classmethod
    def zero(cls, asked: int, offered: int) -> "Prices":
        """Of so many requests and offers, when nothing is known yet."""
        return cls(np.zeros(asked), np.zeros(offered))


def joined(pairs: Pairs, more: Pairs, width: int) -> Pairs:
    """With those of `more` that are new, in order; `width` is the number of offers."""
    new = more.only(~np.isin(more.keys(width), pairs.keys(width)))
    both = _together([pairs, new])
    return both.only(np.argsort(both.keys(width)))


def chunks(scores: Floats, priority: Floats | None) -> Iterator[tuple[int, Floats]]:
    """First row and worth `(rows, m)` of each chunk: scores by priority, NaN where barred."""
    for start in range(0, len(scores), ROWS):
        worth = scores[start : start + ROWS]
        if priority is not None:
            worth = worth * priority[start : start + ROWS, None]
        yield start, worth


def best_pairs(
    scores: Floats,
    priority: Floats | None,
    *,
    offers: int,
    requests: int,
    prices: Prices | None = None,
) -> Pairs:
    """Each request's best offers and each offer's best requests, less the other's price: at least
    so many of those that bring anything, and of a crowd of equals some.

    The k-th highest of the maxima of blocks is no higher than the k-th highest of all, and is
    found in one pass.
    """
    if not scores.size:
        return _together([])
    by_row, by_column = _thresholds(scores, priority, offers, requests, prices)
    parts = []
    for start, worth in chunks(scores, priority):
        bought, sold = _less_prices(start, worth, prices)
        marked = (bought >= by_row[start : start + ROWS, None]) | (sold >= by_column)
        marked &= worth > 0
        parts.append(_kept(start, worth, marked, bought, most=CROWD * (offers + requests)))
    return _together(parts)


def _less_prices(start: int, worth: Floats, prices: Prices | None) -> tuple[Floats, Floats]:
    """What each pair brings the request, and what it brings the offer."""
    if prices is None:
        return worth, worth
    return worth - prices.offered, worth - prices.asked[start : start + ROWS, None]


def improving(
    scores: Floats,
    priority: Floats | None,
    *,
    asked: Floats,
    offered: Floats,
    above: float,
    known: Pairs | None = None,
) -> Pairs:
    """Pairs worth more than the prices of both sides by `above`; of each request the best few,
    beside those `known`."""
    parts = []
    for start, worth in chunks(scores, priority):
        gain = worth - offered - asked[start : start + ROWS, None]
        if known is not None:
            first, last = np.searchsorted(known.rows, (start, start + ROWS)).tolist()
            gain[known.rows[first:last] - start, known.columns[first:last]] = -np.inf
        parts.append(_gaining(start, worth, gain, above))
    return _together(parts)


def _gaining(start: int, worth: Floats, gain: Floats, above: float) -> Pairs:
    lowest = np.full((len(gain), 1), above)
    crowded = np.count_nonzero(gain > above, axis=1) > CROWD * FEW
    if crowded.any():
        lowest[crowded, 0] = np.fmax(_at_least(_block_maxima(gain[crowded]), FEW), above)
        marked = (gain >= lowest) & (gain > above)
        return _kept(start, worth, marked, gain, most=CROWD * FEW)
    rows, columns = np.divmod(np.flatnonzero(gain > above), gain.shape[1])
    return Pairs(rows + start, columns, worth[rows, columns])


def _thresholds(
    scores: Floats,
    priority: Floats | None,
    offers: int,
    requests: int,
    prices: Prices | None,
) -> tuple[Floats, Floats]:
    rows, columns = np.empty(len(scores)), []
    for start, worth in chunks(scores, priority):
        bought, sold = _less_prices(start, worth, prices)
        rows[start : start + ROWS] = _at_least(_block_maxima(bought), offers)
        columns += [np.fmax.reduce(part, axis=0) for part in _parts(sold, requests, len(scores))]
    return rows, _at_least(np.array(columns).T, requests)


def _parts(worth: Floats, requests: int, count: int) -> list[Floats]:
    """One block of rows, or single ones where blocks would be too few."""
    return [worth] if count > 2 * requests * ROWS else list(worth[:, None])


def _block_maxima(worth: Floats) -> Floats:
    width = worth.shape[1] // IN_BLOCK
    blocks = worth[:, : width * IN_BLOCK].reshape(len(worth), IN_BLOCK, width)
    return np.concatenate(
        [np.fmax.reduce(blocks, axis=1, initial=-np.inf), worth[:, width * IN_BLOCK :]], axis=1
    )


def _at_least(maxima: Floats, count: int) -> Floats:
    """The highest but `count` of each row; everything where there are no more."""
    known = np.fmax(maxima, -np.inf)
    if known.shape[1] <= count:
        return np.full(len(known), -np.inf)
    lowest: Floats = np.partition(known, -count, axis=1)[:, -count]
    return lowest


def _kept(start: int, worth: Floats, marked: Bits, gain: Floats, *, most: int) -> Pairs:
    """The marked pairs; in a crowded row those of the highest gain."""
    width = worth.shape[1]
    rows, columns = np.divmod(np.flatnonzero(marked), width)
    crowded = np.flatnonzero(np.bincount(rows, minlength=len(worth)) > most)
    if len(crowded):
        for row in crowded.tolist():
            marked[row] = _best(gain[row], marked[row], most, first=start + row)
        rows, columns = np.divmod(np.flatnonzero(marked), width)
    return Pairs(rows + start, columns, worth[rows, columns])


def _best(gain: Floats, marked: Bits, most: int, *, first: int) -> Bits:
    """Equals in turn from another place for every row, so that not all ask for the same."""
    places = np.flatnonzero(marked)
    turned = np.roll(places, -int(np.searchsorted(places, first % len(gain))))
    kept = np.zeros(len(gain), bool)
    kept[turned[np.argsort(-gain[turned], kind="stable")[:most]]] = True
    return kept


def _together(parts: Iterable[Pairs]) -> Pairs:
    known = list(parts)
    if not known:
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    return Pairs(*(np.concatenate(field) for field in zip(*known, strict=True)))
