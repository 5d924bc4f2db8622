"""The linear model of an assignment in HiGHS: columns are pairs, rows are requests and offers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bits = NDArray[np.bool_]

UNBOUNDED = highspy.kHighsInf
# Chosen when a solution's value is above; solutions are whole but for rounding.
HALF = 0.5
DEVEX = 1
GAP = 1e-4
# A search under a floor may be cut short: then its best is taken.
ENDED = {
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kTimeLimit,
}
FEASIBLE = 2
new_solver: Callable[[], highspy.Highs] = highspy.Highs


class NoAnswer(Exception):
    """The solver found no assignment that meets every condition."""


class Model:
    """Maximizes the worth of chosen pairs within demand and capacity; each pair at most once.

    Every corner of these constraints is whole (Hoffman and Kruskal 1956), so no integrality is
    asked for until a floor is set, or where pairs take different amounts of a capacity.
    """

    def __init__(self, demand: Integers, capacity: Integers) -> None:
        """`demand` (n,), `capacity` (m,)."""
        self.demand, self.capacity = demand, capacity
        self.rows = np.empty(0, np.int64)
        self.columns = np.empty(0, np.int64)
        self._highs = new_solver()
        options = {"output_flag": False, "threads": 1, "simplex_dual_edge_weight_strategy": DEVEX}
        for name, value in options.items():
            self._highs.setOptionValue(name, value)
        upper = np.concatenate([demand, capacity]).astype(np.float64)
        empty = np.empty(0, np.int32)
        lower = np.full(len(upper), -UNBOUNDED)
        self._highs.addRows(len(upper), lower, upper, 0, empty, empty, np.empty(0))

    def add(
        self,
        rows: Integers,
        columns: Integers,
        worth: Floats,
        *,
        forced: Bits,
        amounts: Floats | None = None,
    ) -> None:
        """`amounts`: how much of its column's capacity a pair takes, 1 where none is given."""
        count = len(rows)
        entries = np.ones((count, 2))
        if amounts is not None:
            entries[:, 1] = amounts
        places = np.stack([rows, len(self.demand) + columns], axis=1).ravel().astype(np.int32)
        self._highs.addCols(
            count,
            -worth,
            forced.astype(np.float64),
            np.ones(count),
            2 * count,
            np.arange(0, 2 * count, 2, dtype=np.int32),
            places,
            entries.ravel(),
        )
        self.rows = np.concatenate([self.rows, rows])
        self.columns = np.concatenate([self.columns, columns])

    def solve(self) -> Bits:
        """Which of the columns are chosen; raises NoAnswer."""
        if not len(self.rows):
            return np.empty(0, bool)
        self._highs.run()
        if self._highs.getModelStatus() not in ENDED or not self._is_feasible():
            raise NoAnswer
        chosen: Bits = np.array(self._highs.getSolution().col_value) > HALF
        return chosen

    @property
    def is_best(self) -> bool:
        """Whether the last solution is proved to be the best, or a search was cut short."""
        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _is_feasible(self) -> bool:
        return bool(self._highs.getInfo().primal_solution_status == FEASIBLE)

    def prices(self) -> tuple[Floats, Floats]:
        """What one more unit of each request's demand and each offer's capacity is worth."""
        duals = np.zeros(len(self.demand) + len(self.capacity))
        if len(self.rows):
            duals -= np.array(self._highs.getSolution().row_dual)
        return duals[: len(self.demand)], duals[len(self.demand) :]

    @contextmanager
    def floors(
        self, values: Floats, scores: Floats, *, nodes: int, seconds: float
    ) -> Iterator[None]:
        """Within the block each request's chosen scores sum to its value at least."""
        first, count = self._highs.getNumRow(), len(values)
        order = np.argsort(self.rows, kind="stable")
        starts = np.searchsorted(self.rows[order], np.arange(count)).astype(np.int32)
        upper = np.full(count, UNBOUNDED)
        entries = scores[self.rows[order], self.columns[order]]
        places = order.astype(np.int32)
        self._highs.addRows(count, values, upper, len(order), starts, places, entries)
        with self.whole(nodes=nodes, seconds=seconds):
            yield
        self._highs.deleteRows(count, np.arange(first, first + count, dtype=np.int32))

    @contextmanager
    def whole(self, *, nodes: int, seconds: float, gap: float = GAP) -> Iterator[None]:
        """Within the block a pair is chosen or not.

        The search ends within `gap` of the best; or after so many nodes, the same on every
        machine, with the best it found; or after so many seconds, where nodes take very long.
        """
        everything = np.arange(len(self.rows), dtype=np.int32)
        self._integral(everything, highspy.HighsVarType.kInteger)
        for name, value in (
            ("mip_max_nodes", nodes),
            ("time_limit", seconds),
            ("mip_rel_gap", gap),
        ):
            self._highs.setOptionValue(name, value)
        yield
        self._highs.setOptionValue("time_limit", UNBOUNDED)
        self._integral(everything, highspy.HighsVarType.kContinuous)

    def _integral(self, columns: NDArray[np.int32], kind: highspy.HighsVarType) -> None:
        kinds = np.full(len(columns), int(kind), np.uint8)
        self._highs.changeColsIntegrality(len(columns), columns, kinds)
