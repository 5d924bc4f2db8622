"""Assignments among numbers far apart, and where most that is good is taken."""

import numpy as np
import pytest

from matching.assignment import Problem, assign, assign_fairly, assign_with_floor

EXTREME = np.array([[1e7, 0.1, 0.4], [0.2, 0.6, 0.2], [0.3, 0.2, 0.9]])
NEVER = np.array([[0.5, -1e9, 0.4], [-1e9, 0.6, -1e9], [0.3, 0.2, 0.9]])
THREE = np.full(3, 2)


def test_one_extreme_number_leaves_the_others_what_they_are() -> None:
    one = np.ones(3, np.int64)
    assert assign(Problem(NEVER, THREE, THREE)).total == pytest.approx(2.7)
    fair = assign_fairly(Problem(NEVER, one, one))
    assert fair.total == pytest.approx(2.0)
    assert fair.floor == pytest.approx(0.5)
    kept = assign_with_floor(Problem(EXTREME, one, one), 0.55)
    assert kept.pairs == ((0, 0), (1, 1), (2, 2))
    assert assign_fairly(Problem(EXTREME, one, one)).floor == pytest.approx(0.6)


@pytest.mark.parametrize("urgent", [1e7, 1e8])
def test_whoever_goes_first_by_far_leaves_the_rest_to_others(urgent: float) -> None:
    scores, one = np.where(EXTREME > 1, 0.5, EXTREME), np.ones(3, np.int64)
    first = np.array([urgent, 1, 1])
    assert assign(Problem(scores, THREE, THREE, first)).total == pytest.approx(2.8)
    assert assign_with_floor(Problem(scores, one, one, first), 0.1).total == pytest.approx(2.0)


@pytest.mark.parametrize("units", [1, 2])
def test_the_best_offers_may_all_be_taken(units: int) -> None:
    scores = 0.4 * np.random.default_rng(1).random((20, 60))
    scores[:, :40] += 0.5
    demand, capacity = np.full(20, units), np.full(60, units)
    capacity[:40] = 0
    whole, left = Problem(scores, demand, capacity), Problem(scores[:, 40:], demand, capacity[40:])
    assert assign(whole).total == pytest.approx(assign(left).total)
    fair = assign_fairly(left)
    assert assign_fairly(whole).floor == pytest.approx(fair.floor)
    assert assign_with_floor(whole, 0.5 * fair.floor).floor >= 0.5 * fair.floor * (1 - 1e-6)
