"""A portfolio: which offers for which requests, so that all together are served best."""

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from matching.solver import Bits, Floats, Integers, Model, NoAnswer

# Columns to start with: each request's best offers and each offer's best requests.
BEST_OFFERS = 6
BEST_REQUESTS = 3
ADDED = 3
MANY = 20_000
TOLERANCE = 1e-9
FLOOR_STEPS = 14
FLOOR_CHOICE = 30
FLOOR_SECONDS = 10.0


class InfeasibleFloor(ValueError):
    """No assignment gives every request that much."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`scores` (n, m), NaN where a pair is barred; `demand` (n,) and `capacity` (m,) count
    pairs; `priority` (n,) multiplies a request's scores in the total; `fixed` pairs stay."""

    scores: Floats
    demand: Integers
    capacity: Integers
    priority: Floats | None = None
    fixed: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """`pairs`: (request, offer) indexes in order. `total` is without priorities; `floor` the
    least that a request gets which could be given anything."""

    pairs: tuple[tuple[int, int], ...]
    total: float
    floor: float


def read_problem(path: Path) -> Problem:
    """From an .npz archive with the names of `Problem`; raises ValueError saying what is wrong."""
    try:
        with np.load(path) as archive:
            known = {name: np.asarray(archive[name]) for name in archive.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise ValueError(f"not an .npz archive: {error}") from None
    missing = {"scores", "demand", "capacity"} - set(known)
    if missing:
        raise ValueError(f"missing: {', '.join(sorted(missing))}")
    scores = known["scores"].astype(np.float64)
    counts = {name: known[name].astype(np.int64) for name in ("demand", "capacity")}
    priority = known["priority"].astype(np.float64) if "priority" in known else None
    _check(scores, counts["demand"], counts["capacity"], priority)
    return Problem(scores, counts["demand"], counts["capacity"], priority)


def assign(problem: Problem) -> Assignment:
    """The highest total there is: a pair is left out where it would cost more than it brings."""
    model = _solved(problem)
    return _assignment(problem, model, model.solve())


def assign_with_floor(problem: Problem, floor: float) -> Assignment:
    """The highest total in which every servable request gets `floor`; raises InfeasibleFloor."""
    found = _floored(problem, _widened(problem, _solved(problem)), floor)
    if found is None:
        raise InfeasibleFloor(f"no assignment gives every request {floor}")
    return found


def assign_fairly(problem: Problem) -> Assignment:
    """The highest floor by bisection, and the highest total that keeps it."""
    model = _solved(problem)
    best = _assignment(problem, model, model.solve())
    wide = _widened(problem, model)
    low, high = best.floor, _ceiling(problem)
    for _ in range(FLOOR_STEPS):
        middle = (low + high) / 2
        found = _floored(problem, wide, middle)
        if found is None:
            high = middle
        else:
            best, low = found, max(found.floor, middle)
    return best


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
    return _of_pairs(problem, pairs)


def _check(scores: Floats, demand: Integers, capacity: Integers, priority: Floats | None) -> None:
    shapes = (demand.shape, capacity.shape, (len(scores),) if priority is None else priority.shape)
    if scores.ndim != 2 or shapes != ((len(scores),), scores.shape[1:], (len(scores),)):
        raise ValueError("scores must be (n, m), demand (n,), capacity (m,), priority (n,)")
    if (demand < 0).any() or (capacity < 0).any() or np.isinf(scores).any():
        raise ValueError("demand and capacity must be 0 or more, and scores finite or NaN")


def _solved(problem: Problem) -> Model:
    """Solved over few columns, then over those that would still improve it, until none does.

    The answer is the optimum over all pairs: no pair left out is worth more than the prices of
    its request and its offer (column generation, Dantzig and Wolfe 1960).
    """
    worth = _worth(problem)
    model = Model(worth, problem.demand, problem.capacity)
    rough = np.nan_to_num(worth.astype(np.float32), copy=False, nan=-np.inf)
    used = _best(rough, BEST_OFFERS)
    used |= _best(rough.T, BEST_REQUESTS).T
    used &= rough > -np.inf
    for pair in problem.fixed:
        used[pair] = True
    _add(problem, model, *np.nonzero(used))
    while True:
        model.solve()
        rows, columns = _improving(model, rough, used)
        if not len(rows):
            return model
        used[rows, columns] = True
        _add(problem, model, rows, columns)


def _worth(problem: Problem) -> Floats:
    """Scores by priority, NaN where barred; a fixed pair stays even when it is barred by now."""
    worth = problem.scores
    if problem.priority is not None:
        worth = worth * problem.priority[:, None]
    if problem.fixed:
        worth = worth.copy()
        for pair in problem.fixed:
            worth[pair] = np.nan_to_num(worth[pair])
    return worth


def _improving(model: Model, rough: np.ndarray, used: Bits) -> tuple[Integers, Integers]:
    """Pairs worth more than the prices of both sides; of very many the best ones."""
    asked, offered = model.prices()
    gain = rough - asked.astype(np.float32)[:, None]
    gain -= offered.astype(np.float32)[None, :]
    gain[used] = -np.inf
    near = gain > -1e-5
    if np.count_nonzero(near) > MANY:
        near &= _best(gain, ADDED) | _best(gain.T, 1).T
    rows, columns = np.nonzero(near)
    exact = model.worth[rows, columns] - asked[rows] - offered[columns] > TOLERANCE
    return rows[exact], columns[exact]


def _widened(problem: Problem, model: Model) -> Model:
    """With columns enough to move pairs about under a floor."""
    used = np.zeros(problem.scores.shape, bool)
    used[model.rows, model.columns] = True
    rough = np.nan_to_num(problem.scores, nan=-np.inf).astype(np.float32)
    more = (_best(rough, FLOOR_CHOICE) | _best(rough.T, FLOOR_CHOICE).T) & ~used
    _add(problem, model, *np.nonzero(more & ~np.isnan(problem.scores)))
    return model


def _floored(problem: Problem, model: Model, floor: float) -> Assignment | None:
    scores = np.nan_to_num(problem.scores, nan=0.0)
    values = np.where(_servable(problem), floor, -np.inf)
    with model.floors(values, scores, seconds=FLOOR_SECONDS):
        try:
            return _assignment(problem, model, model.solve())
        except NoAnswer:
            return None


def _ceiling(problem: Problem) -> float:
    """No request can get more than its best offers, were it alone."""
    falling = -np.sort(-np.nan_to_num(problem.scores, nan=0.0).clip(min=0), axis=1)
    taken = np.arange(falling.shape[1]) < problem.demand[:, None]
    alone = (falling * taken).sum(axis=1)[_servable(problem)]
    return float(alone.min()) if len(alone) else 0.0


def _servable(problem: Problem) -> Bits:
    possible: Bits = ~np.isnan(problem.scores) & (problem.capacity > 0)
    servable: Bits = possible.any(axis=1) & (problem.demand > 0)
    return servable


def _best(values: np.ndarray, count: int) -> Bits:
    """Marks the highest `count` of each row."""
    marked = np.zeros(values.shape, bool)
    width = values.shape[1]
    if width <= count:
        return ~marked
    highest = np.argpartition(np.ascontiguousarray(values), width - count, axis=1)
    np.put_along_axis(marked, highest[:, width - count :], values=True, axis=1)
    return marked


def _add(problem: Problem, model: Model, rows: Integers, columns: Integers) -> None:
    fixed = set(problem.fixed)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    forced = np.array([pair in fixed for pair in pairs], bool)
    model.add(rows, columns, forced=forced)


def _assignment(problem: Problem, model: Model, chosen: Bits) -> Assignment:
    rows, columns = model.rows[chosen].tolist(), model.columns[chosen].tolist()
    return _of_pairs(problem, list(zip(rows, columns, strict=True)))


def _of_pairs(problem: Problem, pairs: list[tuple[int, int]]) -> Assignment:
    ordered = sorted(pairs)
    scores = np.nan_to_num(problem.scores, nan=0.0)
    given = np.zeros(len(problem.demand))
    for request, offer in ordered:
        given[request] += scores[request, offer]
    least = given[_servable(problem)]
    floor = float(least.min()) if len(least) else 0.0
    return Assignment(tuple(ordered), float(given.sum()), floor)
