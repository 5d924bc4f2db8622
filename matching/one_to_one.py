"""The assignment where no pair has several units on both sides: by far the quickest."""

from dataclasses import replace

import numpy as np

from matching.candidates import candidates, still_improving
from matching.problem import Problem
from matching.pruning import Prices, improving, joined
from matching.sample import first_prices
from matching.solver import Integers
from matching.units import Units, match, near_prices

ROUNDS = 30
# The optimum's prices are changed by so few pairs in few places.
FEW = 100


def matched(problem: Problem) -> tuple[Integers, Integers]:
    """Requests and offers of the optimum: no pair left out is worth more than the prices of both.

    Solved over few pairs, then over those that would still improve it, until there are none
    (column generation, Dantzig and Wolfe 1960). Prices that are only near find most of them.
    """
    capacity = np.minimum(problem.capacity, problem.demand.sum())
    demand = np.minimum(problem.demand, capacity.sum())
    limited = replace(problem, demand=demand, capacity=capacity)
    first, width = first_prices(limited), len(capacity)
    pairs = candidates(limited, first)
    near = first or Prices.zero(len(demand), width)
    for _ in range(ROUNDS):
        units = Units(pairs, demand, capacity, near.offered)
        near = near_prices(units, near)
        more = improving(
            problem.scores,
            problem.priority,
            asked=near.asked,
            offered=near.offered,
            above=-units.spread / 2,
        )
        few, pairs = len(pairs.rows) + len(demand), joined(pairs, more, width)
        if len(pairs.rows) <= few:
            break
    while True:
        chosen, prices = match(Units(pairs, demand, capacity, near.offered), near)
        extended = joined(pairs, still_improving(problem, pairs, *prices), width)
        if len(extended.rows) == len(pairs.rows):
            return pairs.rows[chosen], pairs.columns[chosen]
        if len(extended.rows) - len(pairs.rows) <= FEW:
            near = prices
        pairs = extended
