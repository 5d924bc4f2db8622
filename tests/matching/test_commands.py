"""`concord match` on files: the same ranking as the worker's, byte for byte in any order."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from typer.testing import CliRunner

from concord.cli.match import app
from matching.encoder import LexicalOnly
from matching.ranking import OfferIndex
from matching.records import read_offers, read_requests
from matching.scoring import Configuration
from tests.matching.cases import TODAY

REQUESTS: list[dict[str, object]] = [
    {"id": "r1", "text": "search of seized telephones", "lang": "en"},
    {"id": "r2", "text": "перехват данных", "lang": "ru", "working_languages": ["ru"]},
]
OFFERS: list[dict[str, object]] = [
    {"id": "o1", "text": "telephones and their search", "lang": "en"},
    {"id": "o2", "text": "drafting of laws", "lang": "en", "delivery_languages": ["en"]},
    {"id": "o3", "text": "", "past": ["перехват данных", "seized"], "lang": "ru"},
]


def written(path: Path, rows: Sequence[Mapping[str, object]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


def ranked(folder: Path, *, reverse: bool, top: int = 0) -> list[str]:
    step = -1 if reverse else 1
    requests = written(folder / "r.jsonl", REQUESTS[::step])
    offers = written(folder / "o.jsonl", OFFERS[::step])
    arguments = ["--requests", requests, "--offers", offers, "--out", str(folder / "run.tsv")]
    options = ["--top", str(top), "--today", TODAY.isoformat(), "--lexical"]
    result = CliRunner().invoke(app, ["rank", *arguments, *options])
    assert result.exit_code == 0, result.output
    return (folder / "run.tsv").read_text("utf-8").splitlines()


def test_the_run_file_says_what_the_worker_says(tmp_path: Path) -> None:
    index = OfferIndex(configuration=Configuration(), encoder=LexicalOnly())
    index.upsert(read_offers(map(json.dumps, OFFERS)))
    expected = [
        f"{request.id} Q0 {pairing.offer} {pairing.rank} {pairing.score:.6f} concord"
        for request in read_requests(map(json.dumps, REQUESTS))
        for pairing in index.rank_one(request, today=TODAY).pairings
    ]
    assert ranked(tmp_path, reverse=False) == expected
    assert len(expected) == 5


def test_the_order_of_the_lines_does_not_matter(tmp_path: Path) -> None:
    assert ranked(tmp_path, reverse=True) == ranked(tmp_path, reverse=False)


def test_top_keeps_the_best(tmp_path: Path) -> None:
    kept = [line.split()[::2][:2] for line in ranked(tmp_path, reverse=False, top=1)]
    assert kept == [["r1", "o1"], ["r2", "o3"]]


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    requests = written(tmp_path / "r.jsonl", [{"text": "no id"}])
    out = ["--offers", requests, "--out", str(tmp_path / "run.tsv")]
    result = CliRunner().invoke(app, ["rank", "--requests", requests, *out])
    assert result.exit_code == 2
    assert "line 1" in result.output


def test_duplicates_are_listed_best_first(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": "search of seized telephones", "state": "QMA"},
        {"id": "b", "text": "search of seized telephones", "state": "QMA"},
        {"id": "c", "text": "search of seized telephones", "state": "QNA"},
        {"id": "d", "text": "search of seized telephones now", "state": "QMA"},
    ]
    records, out = written(tmp_path / "x.jsonl", rows), tmp_path / "pairs.tsv"
    arguments = ["duplicates", "--records", records, "--out", str(out), "--lexical"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert [line.split("\t") for line in out.read_text("utf-8").splitlines()] == [
        ["a", "b", "1.000000", "likely"],
        ["a", "d", "0.888889", "possible"],
        ["b", "d", "0.888889", "possible"],
    ]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    records = written(tmp_path / "x.jsonl", OFFERS)
    out = ["--out", str(tmp_path / "missing" / "run.tsv"), "--lexical"]
    for command in (["rank", "--requests", records, "--offers"], ["duplicates", "--records"]):
        result = CliRunner().invoke(app, [*command, records, *out])
        assert result.exit_code == 2
        assert "cannot be written" in result.output


def test_a_folder_without_sets_passes_nothing(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", str(tmp_path), "--lexical"])
    assert result.exit_code == 2
    assert "no set" in result.output
