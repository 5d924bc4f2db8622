"""Units of demand matched one to one with units of capacity: the exact optimum and its prices."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.auction import Lots, auction_prices
from matching.pruning import Pairs, Prices
from matching.solver import Bits, Floats, Integers

SETTLED = 1e-12
STEP = 0.01
LEAST_STEP = 1e-4
UNSERVED = -1


class Units:
    """A pair's units: one for each unit of the side that has several, so a pair must not have
    several on both."""

    def __init__(
        self, pairs: Pairs, demand: Integers, capacity: Integers, offered: Floats
    ) -> None:
        """`offered` are prices at which the pairs are told apart."""
        self.demand, self.capacity, self.pairs = demand, capacity, len(pairs.rows)
        self.first_request = np.cumsum(demand) - demand
        self.first_offer = np.cumsum(capacity) - capacity
        copies = demand[pairs.rows] * capacity[pairs.columns]
        self.pair = np.repeat(np.arange(len(copies)), copies)
        nth = np.arange(len(self.pair)) - np.repeat(np.cumsum(copies) - copies, copies)
        rows, columns = pairs.rows[self.pair], pairs.columns[self.pair]
        self.asked = self.first_request[rows] + nth % demand[rows]
        self.offered = self.first_offer[columns] + nth % capacity[columns]
        self.worth = pairs.worth[self.pair]
        self.spread = max(_spread(pairs, offered), LEAST_STEP * float(pairs.worth.max(initial=0)))

    @property
    def counts(self) -> tuple[int, int]:
        return int(self.demand.sum()), int(self.capacity.sum())

    def each(self, prices: Prices) -> tuple[Floats, Floats]:
        """Prices of requests and offers as prices of their units."""
        return np.repeat(prices.asked, self.demand), np.repeat(prices.offered, self.capacity)

    def per_side(self, asked: Floats, offered: Floats) -> "Prices":
        """Prices of units as prices of requests and offers; infinite where there is no unit."""
        return Prices(
            _spread_out(asked, self.first_request, self.demand),
            _spread_out(offered, self.first_offer, self.capacity),
        )


def near_prices(units: Units, guessed: Prices) -> Prices:
    """Prices nearer the optimum's."""
    order = np.argsort(units.asked, kind="stable")
    lots = Lots(units.asked[order], units.offered[order], units.worth[order])
    return units.per_side(*auction_prices(lots, *units.each(guessed), step=STEP * units.spread))


def match(units: Units, near: Prices) -> tuple[Bits, Prices]:
    """Which pairs are chosen, and the prices that prove it: no pair is worth more than both its
    sides' prices, a chosen one is worth just these. All pairs must be worth more than 0.

    Shortest augmenting paths (Jonker and Volgenant 1987).
    """
    taken = _matched(units, *units.each(near))
    chosen = np.zeros(units.pairs, bool)
    chosen[units.pair[taken]] = True
    return chosen, units.per_side(*_prices(units, taken))


def _matched(units: Units, gains: Floats, costs: Floats) -> Integers:
    """Places of the chosen units' pairs.

    So that every unit may also stay alone, the problem is joined to its mirror image, in which
    requests and offers change sides: who is alone meets its own reflection. One column more than
    rows keeps the solver from a preparation that does not end where values are almost equal;
    good prices to start from do the same.
    """
    if not len(units.worth):
        return np.empty(0, np.int64)
    asking, offering = units.counts
    prices = np.concatenate([gains, costs])
    turned = np.concatenate([costs, gains])
    everyone = np.arange(asking + offering)
    rows = np.concatenate([units.asked, asking + units.offered, everyone, everyone[-1:]])
    columns = np.concatenate(
        [units.offered, offering + units.asked, (everyone + offering) % len(everyone)]
    )
    columns = np.append(columns, len(everyone))
    worth = np.concatenate([units.worth, units.worth, np.zeros(len(everyone))])
    loss = prices[rows[:-1]] + turned[columns[:-1]] - worth
    loss += 1 - loss.min()
    graph = csr_array(
        (np.append(loss, loss.sum()), (rows, columns)),
        shape=(len(everyone), len(everyone) + 1),
    )
    row, column = min_weight_full_bipartite_matching(graph)
    matched = np.full(len(everyone), UNSERVED)
    matched[row] = column
    return np.flatnonzero(matched[units.asked] == units.offered)


def _prices(units: Units, taken: Integers) -> tuple[Floats, Floats]:
    """Half-way between the lowest and the highest prices of offers: the fewest other pairs are
    then found to be worth more."""
    asking, offering = units.counts
    low = _lowest(units, taken, units.asked, units.offered, (asking, offering))
    high = _lowest(units, taken, units.offered, units.asked, (offering, asking))
    return (low[0] + high[1]) / 2, (low[1] + high[0]) / 2


def _lowest(
    units: Units, taken: Integers, own: Integers, other: Integers, counts: tuple[int, int]
) -> tuple[Floats, Floats]:
    """Prices of both sides when those of `other` are as low as they can be.

    A price rises until no pair is worth more than both sides' (Bellman 1958); there are no
    profitable cycles, since the choice is an optimum.
    """
    mine, theirs = np.zeros(counts[0]), np.zeros(counts[1])
    order = np.argsort(other, kind="stable")
    own_of, worth, places = own[order], units.worth[order], other[order]
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    seen = places[starts]
    precision = SETTLED * float(worth.max(initial=1.0))
    for _ in range(len(units.worth) + 1):
        mine[own[taken]] = units.worth[taken] - theirs[other[taken]]
        if not len(starts):
            break
        raised = np.maximum.reduceat(worth - mine[own_of], starts)
        change = raised - theirs[seen]
        if change.max() <= precision:
            break
        theirs[seen] = np.maximum(theirs[seen], raised)
    return mine, theirs


def _spread_out(prices: Floats, first: Integers, counts: Integers) -> Floats:
    found = np.full(len(counts), np.inf)
    found[counts > 0] = prices[first[counts > 0]]
    return found


def _spread(pairs: Pairs, offered: Floats) -> float:
    """How much the pairs of one request differ in what they bring it: the median of all."""
    if not len(pairs.rows):
        return 0.0
    starts = np.flatnonzero(np.diff(pairs.rows, prepend=-1))
    brought = pairs.worth - offered[pairs.columns]
    most, least = (f.reduceat(brought, starts) for f in (np.maximum, np.minimum))
    return float(np.median(most - least))
