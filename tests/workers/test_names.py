"""What may be asked for and what workers can do are the same set."""

import ast

from concord import jobs
from tests.architecture.tree import ROOT, python_files
from workers.main import HANDLERS

NAMES = {
    name: value
    for name, value in vars(jobs).items()
    if name.isupper() and isinstance(value, str) and not name.startswith("_")
}


def test_every_name_has_a_handler_and_every_handler_a_name() -> None:
    assert set(NAMES.values()) == set(HANDLERS)


def test_jobs_are_asked_for_by_those_names_alone() -> None:
    """`jobs.enqueue` is given a constant of `jobs`, never a text of its own."""
    strange = []
    for path in python_files("platform/concord", "workers"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            called = ast.unparse(call.func)
            if called in {"jobs.enqueue", "jobs.enqueue_payload"}:
                name = ast.unparse(call.args[0])
                if name.removeprefix("jobs.") not in NAMES:
                    strange.append(f"{path.relative_to(ROOT)}:{call.lineno} {name}")
    assert strange == []


def test_rankings_that_nobody_waits_for_come_last() -> None:
    assert {name for name, handler in HANDLERS.items() if handler.last} == {jobs.RANK_AGAIN}
    assert {name for name, handler in HANDLERS.items() if handler.ranks} == {
        jobs.RANK_REQUEST,
        jobs.RANK_AGAIN,
        jobs.RANK_OFFER,
        jobs.RERANK,
        jobs.CHECK_DUPLICATES,
        jobs.TRAIN_MODEL,
    }
