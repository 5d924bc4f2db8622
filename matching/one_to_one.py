"""The assignment where no pair has several units on both sides: by far the quickest."""

import numpy as np

from matching.candidates import candidates, still_improving
from matching.problem import Problem
from matching.pruning import improving, joined
from matching.solver import Integers
from matching.units import Units, match, near_prices

ROUNDS = 30


def matched(problem: Problem) -> tuple[Integers, Integers]:
    """Requests and offers of the optimum: no pair left out is worth more than the prices of both.

    Solved over few pairs, then over those that would still improve it, until there are none
    (column generation, Dantzig and Wolfe 1960). Prices that are only near find most of them.
    """
    capacity = np.minimum(problem.capacity, problem.demand.sum())
    demand = np.minimum(problem.demand, capacity.sum())
    pairs, width = candidates(problem), len(capacity)
    for _ in range(ROUNDS):
        units = Units(pairs, demand, capacity)
        asked, offered = near_prices(units)
        more = improving(
            problem.scores,
            problem.priority,
            asked=asked,
            offered=offered,
            above=-units.spread / 2,
        )
        few, pairs = len(pairs.rows) + len(demand), joined(pairs, more, width)
        if len(pairs.rows) <= few:
            break
    while True:
        chosen, prices = match(Units(pairs, demand, capacity))
        extended = joined(pairs, still_improving(problem, pairs, *prices), width)
        if len(extended.rows) == len(pairs.rows):
            return pairs.rows[chosen], pairs.columns[chosen]
        pairs = extended
