"""Assignments: legal, optimal, fair where asked, and the same every time."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment, linprog
from typer.testing import CliRunner

from concord.cli.match import app
from matching.assignment import (
    Assignment,
    InfeasibleFloor,
    Problem,
    assign,
    assign_fairly,
    assign_with_floor,
    first_come,
)
from matching.sample import first_prices

ONE = np.ones(3, np.int64)
# Taking each best in turn gives 9 + 2; the optimum is 8 + 8.
RIVALS = np.array([[9.0, 8.0], [8.0, 2.0]])
TWO = np.ones(2, np.int64)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    asked, offered = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    values = st.one_of(st.integers(-2, 9).map(float), st.just(float("nan")))
    cells = draw(st.lists(values, min_size=asked * offered, max_size=asked * offered))
    demand = draw(st.lists(st.integers(0, 2), min_size=asked, max_size=asked))
    capacity = draw(st.lists(st.integers(0, 2), min_size=offered, max_size=offered))
    scores = np.array(cells).reshape(asked, offered)
    return Problem(scores, np.array(demand, np.int64), np.array(capacity, np.int64))


def is_legal(problem: Problem, chosen: list[tuple[int, int]]) -> bool:
    asked = np.bincount([pair[0] for pair in chosen], minlength=len(problem.demand))
    offered = np.bincount([pair[1] for pair in chosen], minlength=len(problem.capacity))
    barred = any(np.isnan(problem.scores[pair]) for pair in chosen)
    return not barred and bool(
        (asked <= problem.demand).all() and (offered <= problem.capacity).all()
    )


def every(problem: Problem) -> list[list[tuple[int, int]]]:
    cells = list(np.ndindex(problem.scores.shape))
    choices = product([False, True], repeat=len(cells))
    sets = (
        [cell for cell, taken in zip(cells, choice, strict=True) if taken] for choice in choices
    )
    return [chosen for chosen in sets if is_legal(problem, chosen)]


@settings(max_examples=60, deadline=None)
@given(problems())
def test_no_legal_assignment_brings_more(problem: Problem) -> None:
    found = assign(problem)
    assert is_legal(problem, list(found.pairs))
    best = max(sum(problem.scores[pair] for pair in chosen) for chosen in every(problem))
    assert found.total == pytest.approx(best)
    assert first_come(problem).total <= found.total + 1e-9


@settings(max_examples=40, deadline=None)
@given(problems())
def test_no_legal_assignment_has_a_higher_floor(problem: Problem) -> None:
    found = assign_fairly(problem)
    assert is_legal(problem, list(found.pairs))
    possible = ~np.isnan(problem.scores) & (problem.capacity > 0)
    servable = np.flatnonzero(possible.any(axis=1) & (problem.demand > 0)).tolist()

    def least(chosen: list[tuple[int, int]]) -> float:
        given_to = dict.fromkeys(servable, 0.0)
        for pair in chosen:
            given_to[pair[0]] += float(problem.scores[pair])
        return min(given_to.values(), default=0.0)

    assert found.floor == pytest.approx(max(map(least, every(problem))), abs=0.01)
    assert assign(problem) == assign(problem)


def test_together_more_than_one_by_one() -> None:
    problem = Problem(RIVALS, TWO, TWO)
    assert assign(problem) == Assignment(((0, 1), (1, 0)), 16.0, 8.0)
    assert first_come(problem) == Assignment(((0, 0), (1, 1)), 11.0, 2.0)


def test_priority_decides_between_rivals() -> None:
    scores = np.array([[5.0], [4.0]])
    problem = Problem(scores, TWO, np.ones(1, np.int64))
    assert assign(problem).pairs == ((0, 0),)
    assert assign(replace(problem, priority=np.array([1.0, 2.0]))).pairs == ((1, 0),)


def test_a_fixed_pair_stays() -> None:
    problem = Problem(RIVALS, TWO, TWO, fixed=((0, 0),))
    assert assign(problem).pairs == ((0, 0), (1, 1))
    assert first_come(problem).pairs == ((0, 0), (1, 1))


def test_a_floor_is_kept_or_refused() -> None:
    scores = np.array([[9.0, 3.0], [8.0, 1.0]])
    problem = Problem(scores, TWO, TWO)
    assert assign(problem).floor == 3.0
    assert assign_with_floor(problem, 2.0).floor == 3.0
    with pytest.raises(InfeasibleFloor, match="4"):
        assign_with_floor(problem, 4.0)


@pytest.mark.parametrize("floor", [9.5, 1e30, float("inf"), float("nan")])
def test_a_floor_beyond_every_score_is_refused(floor: float) -> None:
    with pytest.raises(InfeasibleFloor):
        assign_with_floor(Problem(RIVALS, TWO, TWO), floor)
    with pytest.raises(InfeasibleFloor):
        assign_with_floor(Problem(-RIVALS, TWO, TWO), floor)
    barred = Problem(RIVALS * np.nan, TWO, TWO)
    assert assign_with_floor(barred, floor).pairs == ()


def test_a_search_for_the_highest_floor_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where offers are worth nearly the same to all, no search proves a floor impossible."""
    monkeypatch.setattr("matching.assignment.FLOOR_SECONDS", 0.1)
    draw = np.random.default_rng(5)
    scores = draw.random(21) + 1e-9 * draw.random((23, 21))
    problem = Problem(scores, draw.integers(1, 4, 23), draw.integers(1, 4, 21))
    began = monotonic()
    found = assign_fairly(problem)
    assert monotonic() - began < 20
    assert is_legal(problem, list(found.pairs))
    assert found.floor >= assign(problem).floor


def test_a_request_that_nobody_can_serve_does_not_hold_down_the_floor() -> None:
    scores = np.array([[5.0, 4.0], [np.nan, np.nan], [4.0, 1.0]])
    found = assign_fairly(Problem(scores, ONE, TWO))
    assert (found.pairs, found.floor) == (((0, 1), (2, 0)), 4.0)


def test_many_pairs_are_solved_over_few_columns_exactly() -> None:
    from_seed = np.random.default_rng(1)
    scores = from_seed.random((60, 1)) * from_seed.random((1, 60)) + 0.1 * from_seed.random(
        (60, 60)
    )
    counts = np.ones(60, np.int64)
    assigned = assign(Problem(scores, counts, counts))
    swapped = assign(Problem(scores.T.copy(), counts, counts))
    assert assigned.total == pytest.approx(swapped.total)
    assert len(assigned.pairs) == 60


def test_the_command_writes_index_pairs(tmp_path: Path) -> None:
    source, out = tmp_path / "s.npz", tmp_path / "a.tsv"
    np.savez(source, scores=RIVALS, demand=TWO, capacity=TWO)
    for options in ([], ["--floor", "max"], ["--floor", "8"]):
        arguments = ["assign", "--scores", str(source), "--out", str(out), *options]
        assert CliRunner().invoke(app, arguments).exit_code == 0
        assert out.read_text() == "0 1\n1 0\n"
    refused = ["assign", "--scores", str(source), "--out", str(out), "--floor", "9"]
    assert CliRunner().invoke(app, refused).exit_code == 2


@settings(max_examples=60, deadline=None)
@given(problems(), st.booleans(), st.integers(0, 3))
def test_units_of_one_side_are_matched_as_well(
    problem: Problem, of_offers: bool, fixed: int
) -> None:
    """One unit a request and several an offer, or the other way about, with pairs that stay."""
    alone = np.minimum(problem.demand if of_offers else problem.capacity, 1)
    one_sided = replace(problem, demand=alone) if of_offers else replace(problem, capacity=alone)
    legal = [chosen for chosen in every(one_sided) if len(chosen) == fixed] or [[]]
    kept = tuple(legal[-1])
    found = assign(replace(one_sided, fixed=kept))
    assert is_legal(one_sided, list(found.pairs))
    assert set(kept) <= set(found.pairs)
    able = [chosen for chosen in every(one_sided) if set(kept) <= set(chosen)]
    best = max(sum(problem.scores[pair] for pair in chosen) for chosen in able)
    assert found.total == pytest.approx(best)


KINDS = ["spread", "tied", "all the same", "huge", "popular", "sums", "groups", "barred"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_assignment_is_the_optimum(kind: str) -> None:
    draw = np.random.default_rng(7)
    scores = draw.random((300, 280))
    popular = draw.random((300, 1)) * draw.random((1, 280)) + 0.05 * scores
    groups = draw.random((6, 6))[np.ix_(draw.integers(0, 6, 300), draw.integers(0, 6, 280))]
    scores = {
        "spread": scores,
        "tied": np.round(scores, 1),
        "all the same": np.ones_like(scores),
        "huge": scores * 1e9,
        "popular": popular,
        "sums": draw.random((300, 1)) + draw.random((1, 280)) + 0.01 * scores,
        "groups": groups + 0.001 * scores,
        "barred": np.where(draw.random(scores.shape) < 0.5, np.nan, popular),
    }[kind]
    rows, columns = linear_sum_assignment(np.nan_to_num(scores), maximize=True)
    ones = np.ones(300, np.int64)
    problem = Problem(scores, ones, ones[:280])
    found = assign(problem)
    assert found.total == pytest.approx(np.nansum(scores[rows, columns]), rel=1e-12)
    assert found == assign(problem)


@pytest.mark.parametrize("several", ["asked", "offered"])
def test_several_units_where_all_want_the_same_are_the_optimum(several: str) -> None:
    draw = np.random.default_rng(8)
    scores = draw.random((150, 1)) * draw.random((1, 120)) + 0.05 * draw.random((150, 120))
    units = draw.integers(1, 4, 150 if several == "asked" else 120)
    demand = units if several == "asked" else np.ones(150, np.int64)
    capacity = units if several == "offered" else np.ones(120, np.int64)
    rows = np.repeat(np.arange(150), demand)
    columns = np.repeat(np.arange(120), capacity)
    priority = draw.random(150) + 0.5
    worth = (scores * priority[:, None])[rows][:, columns]
    best = float(worth[linear_sum_assignment(worth, maximize=True)].sum())
    found = assign(Problem(scores, demand, capacity, priority))
    got = sum(float(scores[pair] * priority[pair[0]]) for pair in found.pairs)
    assert got == pytest.approx(best, rel=1e-12)


@pytest.mark.parametrize("kind", ["their own", "the same"])
def test_a_sample_tells_whether_all_want_the_same(kind: str) -> None:
    draw = np.random.default_rng(9)
    scores = draw.random((400, 350))
    if kind == "the same":
        scores = 0.05 * scores + draw.random((400, 1)) * draw.random((1, 350))
    counts = np.ones(400, np.int64)
    found = first_prices(Problem(scores, counts, counts[:350]))
    if kind == "their own":
        assert found is None
    else:
        assert found is not None
        dear = np.argsort(scores.mean(axis=0))
        assert found.offered[dear[-50:]].mean() > 2 * found.offered[dear[:50]].mean()


def test_an_offer_without_limit_serves_everyone() -> None:
    scores = np.array([[2.0, 1.0]] * 3)
    capacity = np.array([10**9, 1])
    assert assign(Problem(scores, ONE, capacity)).pairs == ((0, 0), (1, 0), (2, 0))


@pytest.mark.parametrize("units", [10, 60, 1000])
def test_whoever_wants_very_many_gets_them(units: int) -> None:
    """Several units on both sides, more than a first look at the best pairs finds."""
    draw = np.random.default_rng(10)
    scores = draw.random((90, 80))
    found = assign(Problem(scores, np.full(90, units), np.full(80, units)))
    program = linprog(
        -scores.ravel(),
        A_ub=np.concatenate(
            [np.kron(np.eye(90), np.ones(80)), np.kron(np.ones(90), np.eye(80))], axis=0
        ),
        b_ub=np.full(170, units),
        bounds=(0, 1),
    )
    assert found.total == pytest.approx(-program.fun)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_the_unit_of_scores_does_not_matter(scale: float) -> None:
    draw = np.random.default_rng(11)
    plain = Problem(draw.random((30, 25)), np.full(30, 2), np.full(25, 3), draw.random(30))
    assert plain.priority is not None
    other = replace(plain, scores=plain.scores * scale, priority=plain.priority * scale)
    assert assign(other).pairs == assign(plain).pairs
    fair = assign_fairly(plain)
    assert assign_fairly(other).floor == pytest.approx(fair.floor * scale)
    kept = assign_with_floor(other, 0.9 * fair.floor * scale)
    assert kept.floor >= 0.9 * fair.floor * scale * (1 - 1e-6)


def test_nothing_to_assign() -> None:
    empty = np.zeros(0, np.int64)
    assert assign(Problem(np.zeros((0, 0)), empty, empty)).pairs == ()
    assert assign(Problem(np.full((3, 2), np.nan), ONE, TWO)).pairs == ()
    assert assign(Problem(-np.ones((3, 2)), ONE, TWO)).pairs == ()


@pytest.mark.parametrize("size", [2.0**-60, 1e-9, 1e9, 1e150])
def test_the_size_of_the_scores_does_not_matter(size: float) -> None:
    draw = np.random.default_rng(3)
    problem = Problem(draw.random((12, 9)), draw.integers(1, 4, 12), draw.integers(1, 4, 9))
    resized = replace(problem, scores=problem.scores * size)
    assert assign(resized).pairs == assign(problem).pairs
    assert assign_fairly(resized).floor == pytest.approx(assign_fairly(problem).floor * size)
