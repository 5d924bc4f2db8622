"""The assignment where no pair has several units on both sides: by far the quickest."""

from dataclasses import replace

import numpy as np

from matching.candidates import candidates, still_improving
from matching.problem import Problem
from matching.pruning import Pairs, Prices, improving, joined
from matching.sample import first_prices
from matching.solver import Integers
from matching.units import Units, match, near_prices

ROUNDS = 6
# The optimum's prices are changed by so few pairs in few places.
FEW = 100


def matched(problem: Problem) -> tuple[Integers, Integers]:
    """Requests and offers of the optimum: no pair left out is worth more than the prices of both.

    Solved over few pairs, then over those that would still improve it, until there are none
    (column generation, Dantzig and Wolfe 1960). Prices that are only near find most of them.
    """
    capacity = np.minimum(problem.capacity, problem.demand.sum())
    demand = np.minimum(problem.demand, capacity.sum())
    limited, width = replace(problem, demand=demand, capacity=capacity), len(capacity)
    first = first_prices(limited)
    pairs, prices = candidates(limited, first), first or Prices.zero(len(demand), width)
    new = FEW + 1
    while True:
        if new > FEW:
            pairs, prices = _bid_for(limited, pairs, prices)
        chosen, prices = match(Units(pairs, demand, capacity, prices.offered), prices)
        extended = joined(pairs, still_improving(limited, pairs, *prices), width)
        new = len(extended.rows) - len(pairs.rows)
        if not new:
            return pairs.rows[chosen], pairs.columns[chosen]
        pairs = extended


def _bid_for(problem: Problem, pairs: Pairs, prices: Prices) -> tuple[Pairs, Prices]:
    """With pairs that near prices find, until these are few."""
    for _ in range(ROUNDS):
        units = Units(pairs, problem.demand, problem.capacity, prices.offered)
        prices = near_prices(units, prices)
        more = improving(
            problem.scores,
            problem.priority,
            asked=prices.asked,
            offered=prices.offered,
            above=-units.spread / 2,
        )
        before, pairs = len(pairs.rows), joined(pairs, more, len(problem.capacity))
        if len(pairs.rows) - before <= len(problem.demand):
            break
    return pairs, prices
