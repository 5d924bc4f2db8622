"""Measures against values worked out by hand, and the sets' readers on tiny sets."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from concord.cli.match import app
from matching.encoder import LexicalOnly, Remembering
from matching.evaluation import (
    Figure,
    Goal,
    average_precision,
    bootstrap,
    kendall_loss,
    ndcg,
    precision_recall,
    single,
    spearman,
)
from matching.packs import Contender, ranking_figures
from tests.matching.cases import HashedWords


def test_average_precision() -> None:
    assert average_precision(["a", "x", "b"], {"a", "b"}) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(["x"], {"a"}) == 0
    assert average_precision(["x"], set()) == 0


def test_ndcg() -> None:
    assert ndcg(["a"], {"a"}) == 1
    assert ndcg(["x", "a"], {"a"}) == pytest.approx(1 / np.log2(3))
    assert ndcg(["x"] * 10 + ["a"], {"a"}) == 0


def test_kendall_loss_weighs_pairs_by_their_difference() -> None:
    grades = {"a": 5.0, "b": 3.0, "c": 2.0}
    assert kendall_loss({"a": 3, "b": 2, "c": 1}, grades) == (0, 6)
    assert kendall_loss({"a": 1, "b": 2, "c": 3}, grades) == (1, 6)
    assert kendall_loss({"a": 2, "b": 2, "c": 1}, grades) == pytest.approx((1 / 6, 6))
    assert kendall_loss({"a": 1}, {"a": 1}) == (0, 0)


def test_spearman_shares_tied_ranks() -> None:
    assert spearman([1, 2, 3], [10, 20, 30]) == pytest.approx(1)
    assert spearman([1, 1, 2], [3, 3, 1]) == pytest.approx(-1)


def test_precision_and_recall() -> None:
    flagged, true = np.array([True, True, False, False]), np.array([True, False, True, True])
    assert precision_recall(flagged, true) == pytest.approx((0.5, 1 / 3))


def test_an_interval_is_the_same_every_time_and_holds_the_mean() -> None:
    interval = bootstrap([0.0, 1.0, 1.0, 0.0], [1, 1, 1, 1])
    assert interval == bootstrap([0.0, 1.0, 1.0, 0.0])
    assert interval.low <= interval.mean == 0.5 <= interval.high
    assert bootstrap([0.0, 1.0], [3, 1]).mean == 0.25


def test_goals_compare_in_their_direction() -> None:
    worse = Figure("f", single(0.23), Goal(0.24, 0.2, lower=True))
    assert (worse.passes_gate, worse.reaches_goal) == (True, False)
    assert Figure("f", single(0.5), Goal(None, 0.5)).passes_gate is None


def test_remembering_changes_nothing_but_reads_once() -> None:
    known = Remembering(HashedWords())
    texts = ["one two", "three", "one two"]
    assert known.encode(texts).tobytes() == HashedWords().encode(texts).tobytes()
    assert known.encode([]).shape == (0, 32)


def tiny(folder: Path) -> Path:
    titles, forum = folder / "titles" / "spanish", folder / "duplicates"
    titles.mkdir(parents=True)
    forum.mkdir()
    (titles / "queries").write_text("q_id\tjobtitle\n1\tjuez penal\n", "utf-8")
    (titles / "corpus_elements").write_text("c_id\tjobtitle\n1\tjuez\n2\tpolicía\n", "utf-8")
    (titles / "qrels.tsv").write_text("1\t0\t1\t1\n", "utf-8")
    asked = {"request": "Q1", "text": "seized telephones"}
    rows = [
        {**asked, "candidate": "C1", "candidate_text": "telephones", "label": "Relevant"},
        {**asked, "candidate": "C2", "candidate_text": "courts", "label": "Irrelevant"},
    ]
    (forum / "forum_questions.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    with (forum / "stsb-en-dev.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("a b", "a b", 5), ("a b", "c d", 0), ("a b", "a d", 3)])
    return folder


def test_sets_are_read_and_ranked(tmp_path: Path) -> None:
    figures = list(ranking_figures(tiny(tmp_path), Contender(LexicalOnly())))
    assert [(figure.name, figure.interval.mean) for figure in figures] == [
        ("forum MAP", 1.0),
        ("titles spanish MAP", 1.0),
    ]


def test_the_command_prints_each_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.pair_packs.MANY_OFFERS", 50)
    monkeypatch.setattr("matching.pair_packs.ASKED", 3)
    monkeypatch.setattr("matching.pair_packs.SIDE", 20)
    result = CliRunner().invoke(
        app, ["evaluate", str(tiny(tmp_path)), "--json", "--lexical", "--peers"]
    )
    figures = {row["name"]: row for row in map(json.loads, result.output.splitlines())}
    assert figures["sts spearman, english"]["mean"] == pytest.approx(1)
    assert figures["sts likely, precision"]["gate"] is True
    assert figures["titles spanish MAP"]["goal"] is True
    assert figures["forum MAP, BM25"]["gate"] is None
    assert {name for name in figures if name.startswith("forum")} == {
        "forum MAP",
        "forum MAP, BM25",
        "forum MAP, TF-IDF",
        "forum MAP, embedding",
    }
    assert result.exit_code == int(any(row["gate"] is False for row in figures.values()))
