"""First prices for an assignment, from a small part of it that is solved at once."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from matching.problem import Problem
from matching.pruning import Prices
from matching.solver import Floats, Integers

SEED = 1
SIDE = 300
LONGEST = 1500
LEAST = 60
NEAR = 8
CROWDED = 0.2
SETTLED = 1e-9


def first_prices(problem: Problem) -> Prices | None:
    """None where nearly everybody gets one of their own best; otherwise those of a sample, from
    which every request and offer can tell its own.

    Where all want the same offers, the best pairs of each say little about what it will get.
    """
    asked, offered = _drawn(problem.demand, problem.capacity)
    if min(len(asked), len(offered)) >= LEAST:
        worth = _worth(problem, asked, offered)
        rows, columns = linear_sum_assignment(worth, maximize=True)
        if _share_far(worth, rows, columns) > CROWDED:
            gains, costs = _prices(worth, rows, columns)
            everyone = (np.arange(len(units)) for units in (problem.demand, problem.capacity))
            by_offers = _worth(problem, next(everyone), offered) - costs
            by_requests = _worth(problem, asked, next(everyone)) - gains[:, None]
            return Prices(by_offers.max(axis=1).clip(0), by_requests.max(axis=0).clip(0))
    return None


def _drawn(demand: Integers, capacity: Integers) -> tuple[Integers, Integers]:
    """Whose units are in the sample: always the same ones, of both sides the same share."""
    draw = np.random.default_rng(SEED)
    fewer, more = sorted((int(demand.sum()), int(capacity.sum())))
    share = min(1.0, SIDE / max(1, fewer), LONGEST / max(1, more))
    asked, offered = (
        np.searchsorted(
            np.cumsum(units),
            draw.choice(int(units.sum()), int(share * units.sum()), replace=False),
            side="right",
        )
        for units in (demand, capacity)
    )
    return asked, offered


def _worth(problem: Problem, asked: Integers, offered: Integers) -> Floats:
    """Of these pairs; nothing where barred."""
    worth = problem.scores[asked][:, offered]
    if problem.priority is not None:
        worth = worth * problem.priority[asked, None]
    return np.fmax(worth, 0)


def _share_far(worth: Floats, rows: Integers, columns: Integers) -> float:
    """Of those who get what is neither among their best nor has them among its best."""
    got = worth[rows, columns]
    by_row = np.count_nonzero(worth[rows] > got[:, None], axis=1)
    by_column = np.count_nonzero(worth[:, columns] > got, axis=0)
    return float(np.mean(np.minimum(by_row, by_column) > NEAR))


def _prices(worth: Floats, rows: Integers, columns: Integers) -> tuple[Floats, Floats]:
    """Half-way between the lowest and the highest prices of offers."""
    low = _lowest(worth, rows, columns)
    high = _lowest(worth.T, columns, rows)
    return (low[0] + high[1]) / 2, (low[1] + high[0]) / 2


def _lowest(worth: Floats, rows: Integers, columns: Integers) -> tuple[Floats, Floats]:
    """Prices of both sides when those of the columns are as low as they can be (Bellman 1958)."""
    gains, costs = np.zeros(len(worth)), np.zeros(worth.shape[1])
    for _ in range(worth.size):
        gains[rows] = worth[rows, columns] - costs[columns]
        raised = np.maximum((worth - gains[:, None]).max(axis=0), costs)
        if (raised - costs).max() <= SETTLED * worth.max():
            break
        costs = raised
    return gains, costs
