"""How good a ranking is: measures with 95 % intervals, always from the same seed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.postings import Floats

ROUNDS = 1000
SEED = 1
# Measured values are compared with goals to the third digit.
ROUNDING = 5e-4


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure must reach (`gate`) and should (`goal`); `lower` when less is better."""

    gate: float | None = None
    goal: float | None = None
    lower: bool = False

    def is_met(self, value: float, mark: float | None) -> bool | None:
        if mark is None:
            return None
        return value <= mark + ROUNDING if self.lower else value >= mark - ROUNDING


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    interval: Interval
    goal: Goal

    @property
    def passes_gate(self) -> bool | None:
        return self.goal.is_met(self.interval.mean, self.goal.gate)

    @property
    def reaches_goal(self) -> bool | None:
        return self.goal.is_met(self.interval.mean, self.goal.goal)


def bootstrap(values: Sequence[float], weights: Sequence[float] | None = None) -> Interval:
    """Weighted mean over cases, which are drawn again and again (Efron 1979)."""
    measured = np.asarray(values, np.float64)
    weighed = np.ones(len(measured)) if weights is None else np.asarray(weights, np.float64)
    draw = np.random.default_rng(SEED)
    means = []
    for _ in range(ROUNDS):
        chosen = draw.integers(0, len(measured), len(measured))
        means.append(float(np.average(measured[chosen], weights=weighed[chosen])))
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(np.average(measured, weights=weighed)), float(low), float(high))


def single(value: float) -> Interval:
    return Interval(value, value, value)


def average_precision(ranking: Sequence[str], relevant: Collection[str]) -> float:
    places = [place for place, offer in enumerate(ranking, 1) if offer in relevant]
    if not relevant:
        return 0.0
    return sum(hits / place for hits, place in enumerate(places, 1)) / len(relevant)


def ndcg(ranking: Sequence[str], relevant: Collection[str], *, depth: int = 10) -> float:
    """Normalized discounted cumulative gain with grades 0 and 1 (Järvelin and Kekäläinen 2002)."""
    discount = 1 / np.log2(np.arange(2, depth + 2))
    gains = [discount[place] for place, offer in enumerate(ranking[:depth]) if offer in relevant]
    return float(sum(gains) / discount[: min(depth, len(relevant))].sum()) if relevant else 0.0


def kendall_loss(scores: Mapping[str, float], grades: Mapping[str, float]) -> tuple[float, float]:
    """(loss, weight): the grade differences of pairs in the wrong order, ties half, as a share
    of all differences, and their sum (Stelmakh et al. 2023, section 4)."""
    names = list(grades)
    wrong = total = 0.0
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            difference = grades[first] - grades[second]
            gap = scores[first] - scores[second]
            total += abs(difference)
            wrong += abs(difference) * (0.5 if gap == 0 else float(gap * difference < 0))
    return (wrong / total if total else 0.0), total


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """Correlation of ranks, ties sharing their mean rank (Spearman 1904)."""
    return float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])


def precision_recall(flagged: NDArray[np.bool_], true: NDArray[np.bool_]) -> tuple[float, float]:
    hits = float((flagged & true).sum())
    return hits / max(1.0, float(flagged.sum())), hits / max(1.0, float(true.sum()))


def _ranks(values: Sequence[float]) -> Floats:
    _, inverse, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    means: Floats = (last - (counts - 1) / 2)[inverse]
    return means
