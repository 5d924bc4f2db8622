"""A portfolio: which offers for which requests, so that all together are served best."""

from dataclasses import replace
from importlib import import_module

import numpy as np

from matching.candidates import candidates, still_improving
from matching.problem import (
    Assignment,
    Problem,
    beside_fixed,
    of_pairs,
    read_problem,
    servable,
)
from matching.pruning import Pairs, best_pairs, joined
from matching.solver import Bits, Floats, Integers, Model, NoAnswer

__all__ = [
    "Assignment",
    "InfeasibleFloor",
    "Problem",
    "assign",
    "assign_fairly",
    "assign_with_floor",
    "first_come",
    "read_problem",
]

UNITS = 1_000_000
FLOOR_STEPS = 14
FLOOR_CHOICE = 30
FLOOR_NODES = 500
PATIENT_NODES = 10_000
FLOOR_SECONDS = 10.0
ROUNDING = 1e-9
NEARLY = 1e-6  # of a floor: what the solver takes for kept
USUAL = 2.0**-7, 2.0**14


class InfeasibleFloor(ValueError):
    """No assignment gives every request that much."""


def assign(problem: Problem) -> Assignment:
    """The highest total there is: a pair is left out where it would cost more than it brings."""
    left = beside_fixed(problem)
    if not _is_one_to_one(left):
        model = _solved(_for_solver(problem)[0])
        return _assignment(problem, model, model.solve())
    # Loaded here alone: the other commands do not wait for the solver's library.
    pairs = import_module("matching.one_to_one").matched(left)
    chosen = list(zip(*(field.tolist() for field in pairs), strict=True))
    return of_pairs(problem, [*problem.fixed, *chosen])


def assign_with_floor(problem: Problem, floor: float) -> Assignment:
    """The highest total in which every servable request gets `floor`; raises InfeasibleFloor."""
    scaled, unit = _for_solver(problem)
    # The solver takes what is no number, or far beyond its own, for no bound at all.
    if servable(problem).any() and not floor / unit <= _ceiling(scaled) + ROUNDING:
        raise InfeasibleFloor(f"no assignment gives every request {floor}")
    model = _widened(scaled, _solved(scaled))
    found = _floored(scaled, model, floor / unit, nodes=PATIENT_NODES)
    kept = None if found is None else of_pairs(problem, [*found.pairs])
    if kept is None or (servable(problem).any() and kept.floor < floor * (1 - NEARLY)):
        raise InfeasibleFloor(f"no assignment was found that gives every request {floor}")
    return kept


def assign_fairly(problem: Problem) -> Assignment:
    """The highest floor by bisection, and the highest total that keeps it."""
    scaled, _ = _for_solver(problem)
    model = _solved(scaled)
    best = _assignment(scaled, model, model.solve())
    wide = _widened(scaled, model)
    low, high = best.floor, _ceiling(scaled)
    for _ in range(FLOOR_STEPS):
        middle = (low + high) / 2
        found = _floored(scaled, wide, middle, nodes=FLOOR_NODES)
        if found is None:
            high = middle
        else:
            best, low = found, max(found.floor, middle)
    return of_pairs(problem, [*best.pairs])


def first_come(problem: Problem) -> Assignment:
    """For comparison: each request in turn takes the best that is left."""
    left, pairs = problem.capacity.copy(), list(problem.fixed)
    for _, offer in pairs:
        left[offer] -= 1
    for request, scores in enumerate(problem.scores):
        taken = [offer for asked, offer in pairs if asked == request]
        open_scores = np.where((left > 0) & ~np.isnan(scores), scores, -np.inf)
        open_scores[taken] = -np.inf
        wanted = int(problem.demand[request]) - len(taken)
        for offer in np.argsort(-open_scores, kind="stable")[: max(wanted, 0)].tolist():
            if open_scores[offer] > 0:
                pairs.append((request, offer))
                left[offer] -= 1
    return of_pairs(problem, pairs)


def _is_one_to_one(problem: Problem) -> bool:
    """No pair has several units on both sides, and all of them are not too many."""
    if (problem.demand > 1).any() and (problem.capacity > 1).any():
        return False
    several = max(problem.demand.max(initial=0), problem.capacity.max(initial=0))
    return int(several) * len(problem.demand) <= UNITS


def _for_solver(problem: Problem) -> tuple[Problem, float]:
    """Scores and priorities of about 1, for which the solver's tolerances are made, and by what
    the scores were divided: a power of two, so that nothing is rounded. Whatever has no units
    left is barred, so that the best pairs of each request are pairs that can be chosen."""
    able = np.where(problem.capacity > 0, 0.0, np.nan)
    unit, priority = _power_below(problem.scores), problem.priority
    if priority is not None:
        priority = priority / _power_below(priority)
    return replace(problem, scores=problem.scores / unit + able, priority=priority), unit


def _power_below(values: Floats) -> float:
    """Of what is usual above 0, whatever a few say; 1 where that is near enough."""
    above = values[values > 0]
    usual = float(np.median(above)) if above.size else 1.0
    if USUAL[0] <= usual <= USUAL[1]:
        return 1.0
    return float(2.0 ** np.floor(np.log2(usual)))


def _solved(problem: Problem) -> Model:
    """Solved over few pairs, then over those that would still improve it, until there are none:
    no pair left out is worth more than both its sides' prices (Dantzig and Wolfe 1960)."""
    model = Model(problem.demand, problem.capacity)
    width = len(problem.capacity)
    fixed = np.array(problem.fixed, np.int64).reshape(-1, 2)
    first = import_module("matching.sample").first_prices(problem)
    promising = candidates(problem, first)
    pairs = joined(promising, _pairs(problem, fixed[:, 0], fixed[:, 1]), width)
    new = pairs
    while len(new.rows):
        _add(problem, model, new)
        model.solve()
        new = still_improving(problem, pairs, *model.prices())
        pairs = joined(pairs, new, width)
    return model


def _pairs(problem: Problem, rows: Integers, columns: Integers) -> Pairs:
    """A fixed pair stays even when it is barred by now."""
    worth = np.nan_to_num(problem.scores[rows, columns])
    if problem.priority is not None:
        worth = worth * problem.priority[rows]
    return Pairs(rows, columns, worth)


def _widened(problem: Problem, model: Model) -> Model:
    """With columns enough to move pairs about under a floor."""
    width = len(problem.capacity)
    more = best_pairs(problem.scores, None, offers=FLOOR_CHOICE, requests=FLOOR_CHOICE)
    new = ~np.isin(more.rows * width + more.columns, model.rows * width + model.columns)
    _add(problem, model, _pairs(problem, more.rows[new], more.columns[new]))
    return model


def _floored(problem: Problem, model: Model, floor: float, *, nodes: int) -> Assignment | None:
    scores = np.nan_to_num(problem.scores, nan=0.0)
    values = np.where(servable(problem), floor, -np.inf)
    with model.floors(values, scores, nodes=nodes, seconds=FLOOR_SECONDS):
        try:
            return _assignment(problem, model, model.solve())
        except NoAnswer:
            return None


def _ceiling(problem: Problem) -> float:
    """No request can get more than its best offers, were it alone."""
    falling = -np.sort(-np.nan_to_num(problem.scores, nan=0.0).clip(min=0), axis=1)
    taken = np.arange(falling.shape[1]) < problem.demand[:, None]
    alone = (falling * taken).sum(axis=1)[servable(problem)]
    return float(alone.min()) if len(alone) else 0.0


def _add(problem: Problem, model: Model, pairs: Pairs) -> None:
    fixed = set(problem.fixed)
    known = zip(pairs.rows.tolist(), pairs.columns.tolist(), strict=True)
    forced = np.array([pair in fixed for pair in known], bool)
    model.add(pairs.rows, pairs.columns, pairs.worth, forced=forced)


def _assignment(problem: Problem, model: Model, chosen: Bits) -> Assignment:
    rows, columns = model.rows[chosen].tolist(), model.columns[chosen].tolist()
    return of_pairs(problem, list(zip(rows, columns, strict=True)))
