"""The pairs that an assignment starts from, and those that would still improve it."""

from matching.problem import Problem
from matching.pruning import Pairs, Prices, best_pairs, improving
from matching.solver import Floats

BEST_OFFERS = 8
BEST_REQUESTS = 4
TOLERANCE = 1e-9


def candidates(problem: Problem, prices: Prices | None = None) -> Pairs:
    """The best pairs of each request and of each offer, at prices of the other side."""
    pairs = best_pairs(
        problem.scores,
        problem.priority,
        offers=BEST_OFFERS,
        requests=BEST_REQUESTS,
        prices=prices,
    )
    # A pair without a unit on one side can never be chosen.
    able = (problem.demand[pairs.rows] > 0) & (problem.capacity[pairs.columns] > 0)
    return pairs.only(able)


def still_improving(problem: Problem, known: Pairs, asked: Floats, offered: Floats) -> Pairs:
    """Pairs not `known` yet that are worth more than both prices, by more than rounding."""
    above = TOLERANCE * float(known.worth.max(initial=0))
    return improving(
        problem.scores, problem.priority, asked=asked, offered=offered, above=above, known=known
    )
