"""Archives of scores: read, or refused with the reason."""

from pathlib import Path

import numpy as np
import pytest

from matching.assignment import assign, read_problem

TWO = np.ones(2, np.int64)
SCORES = np.array([[9.0, 8.0], [8.0, 2.0]])


def test_a_bad_archive_says_what_is_wrong(tmp_path: Path) -> None:
    source = tmp_path / "s.npz"
    np.savez(source, scores=SCORES, demand=TWO)
    with pytest.raises(ValueError, match="missing: capacity"):
        read_problem(source)
    np.savez(source, scores=SCORES, demand=np.ones(3), capacity=TWO)
    with pytest.raises(ValueError, match="scores must be"):
        read_problem(source)
    source.write_text("nothing of the kind")
    with pytest.raises(ValueError, match=r"not an \.npz archive"):
        read_problem(source)
    with source.open("wb") as file:
        np.save(file, SCORES)
    with pytest.raises(ValueError, match=r"not an \.npz archive"):
        read_problem(source)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"scores": np.float64(1)}, "scores must be"),
        ({"scores": np.array([["a", "b"], ["c", "d"]])}, "not of numbers: scores"),
        ({"scores": SCORES * np.inf}, "scores must be finite or NaN"),
        ({"demand": np.array([1.5, 1])}, "demand must be whole numbers"),
        ({"demand": np.array([np.nan, 1])}, "demand must be whole numbers"),
        ({"capacity": np.array([-1, 1])}, "capacity must be whole numbers"),
        ({"priority": np.array([np.nan, 1])}, "priority must be finite"),
        ({"priority": np.array([-1, 1])}, "priority must be finite"),
    ],
)
def test_values_that_mean_nothing_are_refused(
    tmp_path: Path, stated: dict[str, np.ndarray], message: str
) -> None:
    source = tmp_path / "s.npz"
    parts = {"scores": SCORES, "demand": TWO, "capacity": TWO, "priority": np.ones(2), **stated}
    scores, demand, capacity, priority = parts.values()
    np.savez(source, scores=scores, demand=demand, capacity=capacity, priority=priority)
    with pytest.raises(ValueError, match=message):
        read_problem(source)


def test_very_many_units_are_as_many_as_there_are_pairs(tmp_path: Path) -> None:
    source = tmp_path / "s.npz"
    np.savez(source, scores=SCORES, demand=TWO * 2**62, capacity=TWO * np.uint64(2**64 - 1))
    assert len(assign(read_problem(source)).pairs) == 4
