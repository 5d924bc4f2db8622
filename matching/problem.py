"""What an assignment is asked and answers."""

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile
from zlib import error as BadCompression

import numpy as np
from numpy.typing import NDArray

from matching.solver import Bits, Floats, Integers

Unread = NDArray[np.generic]
NAMES = ("scores", "demand", "capacity", "priority")
NUMBERS = "biuf"


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
    except (OSError, ValueError, TypeError, EOFError, BadZipFile, BadCompression) as error:
        raise ValueError(f"not an .npz archive: {error}") from None
    missing = {"scores", "demand", "capacity"} - set(known)
    if missing:
        raise ValueError(f"missing: {', '.join(sorted(missing))}")
    words = [name for name in NAMES if name in known and known[name].dtype.kind not in NUMBERS]
    if words:
        raise ValueError(f"not of numbers: {', '.join(words)}")
    priority = known["priority"].astype(np.float64) if "priority" in known else None
    _check(known["scores"], known["demand"], known["capacity"], priority)
    asking, offering = known["scores"].shape
    return Problem(
        known["scores"].astype(np.float64),
        # No pair is chosen twice: more units than there are pairs say nothing.
        np.minimum(known["demand"], offering).astype(np.int64),
        np.minimum(known["capacity"], asking).astype(np.int64),
        priority,
    )


def servable(problem: Problem) -> Bits:
    barred = np.isnan(problem.scores)
    barred[:, problem.capacity <= 0] = True
    servable: Bits = ~barred.all(axis=1) & (problem.demand > 0)
    return servable


def beside_fixed(problem: Problem) -> Problem:
    """What is still to be decided."""
    if not problem.fixed:
        return problem
    scores = problem.scores.copy()
    demand, capacity = problem.demand.copy(), problem.capacity.copy()
    for request, offer in problem.fixed:
        scores[request, offer] = np.nan
        demand[request] = max(0, demand[request] - 1)
        capacity[offer] = max(0, capacity[offer] - 1)
    return Problem(scores, demand, capacity, problem.priority)


def of_pairs(problem: Problem, pairs: list[tuple[int, int]]) -> Assignment:
    ordered = sorted(pairs)
    rows, columns = np.array(ordered, np.int64).reshape(-1, 2).T
    worth = np.nan_to_num(problem.scores[rows, columns])
    given = np.bincount(rows, worth, len(problem.demand))
    least = given[servable(problem)]
    floor = float(least.min()) if len(least) else 0.0
    return Assignment(tuple(ordered), float(given.sum()), floor)


def _check(scores: Unread, demand: Unread, capacity: Unread, priority: Floats | None) -> None:
    rows = scores.shape[:1]
    shapes = (demand.shape, capacity.shape, rows if priority is None else priority.shape)
    if scores.ndim != 2 or shapes != (rows, scores.shape[1:], rows):
        raise ValueError("scores must be (n, m), demand (n,), capacity (m,), priority (n,)")
    if np.isinf(scores).any():
        raise ValueError("scores must be finite or NaN")
    for name, counts in (("demand", demand), ("capacity", capacity)):
        if not np.array_equal(counts, np.floor(np.fmax(counts, 0))):
            raise ValueError(f"{name} must be whole numbers, 0 or more")
    if priority is not None and not (np.isfinite(priority) & (priority >= 0)).all():
        raise ValueError("priority must be finite, 0 or more")
