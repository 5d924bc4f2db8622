"""Every kind of task that the code opens has its words, and a page that exists."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.routing import Match

from concord.app import routes
from concord.inbox.models import Task
from concord.inbox.tasks import COLLECTIONS, KINDS, waiting_task
from tests.architecture.tree import python_files
from tests.conftest import NOW

OPENERS = {
    "open_task",
    "ask_states",
    "ask_secretariat",
    "ask_coordinators",
    "ask_approvers",
    "ask_provider",
    "_ask",
    "_ask_all",
    "_ask_providers",
    "_open",
    "wait_for",
}
OF_KIND = {
    "request": "REQ",
    "offer": "OFR",
    "match": "MAT",
    "delivery": "DLV",
    "organization": "ORG",
}
SUBJECTS = {
    "confirm_on_behalf": ("act_on_behalf", "ACT"),
    "answer_duplicate": ("duplicate", "REQ"),
    "draft_terms": ("match", "MAT"),
    "agree_terms": ("match", "MAT"),
    "plan_delivery": ("match", "MAT"),
}


def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in python_files("platform/concord")}


def constants(tree: ast.Module) -> dict[str, str]:
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def texts_in(call: ast.Call, known: dict[str, str]) -> Iterator[str]:
    """The kinds among the first two arguments: literals, constants, or one of two."""
    for argument in call.args[:2]:
        for node in ast.walk(argument):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.Name) and node.id in known:
                yield known[node.id]


def kinds_in_the_source() -> set[str]:
    parsed = trees()
    named = {
        name: text
        for tree in parsed.values()
        for name, text in constants(tree).items()
        if name.endswith("TASK") and name != "TASK"
    }
    found: set[str] = set()
    for tree in parsed.values():
        known = named | constants(tree)
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in OPENERS:
                found.update(texts_in(call, known))
    return found


def subject_kinds_in_the_source() -> set[str]:
    parsed = trees()
    found = set()
    for path, tree in parsed.items():
        beside = [constants(parsed[one]) for one in parsed if one.parent == path.parent]
        known = {name: text for each in beside for name, text in each.items()}
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "open_task":
                value = next(k.value for k in call.keywords if k.arg == "subject_kind")
                if isinstance(value, ast.Constant):
                    found.add(str(value.value))
                elif isinstance(value, ast.Name):
                    found.add(known[value.id])
    return found


def task(kind: str, subject_kind: str, public_id: str) -> Task:
    return Task(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=uuid4(),
        subject_public_id=public_id,
        roles=["coordinator"],
        opened_at=NOW,
    )


def of_kind(kind: str) -> Task:
    if kind in SUBJECTS:
        subject, prefix = SUBJECTS[kind]
    else:
        subject = next((name for name in OF_KIND if name in kind), "organization")
        subject = "request" if kind == "propose_match" else subject
        prefix = OF_KIND[subject]
    return task(kind, subject, f"{prefix}-7K3Q-9D")


def answers(path: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in routes())


def test_every_kind_that_is_opened_has_its_words_and_none_is_left_over() -> None:
    assert kinds_in_the_source() == set(KINDS)


def test_every_kind_of_subject_has_its_address() -> None:
    assert subject_kinds_in_the_source() == {*COLLECTIONS, "duplicate", "imported_name"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_task_leads_to_a_page_that_exists(kind: str) -> None:
    shown = waiting_task(of_kind(kind))
    assert answers(shown.href.partition("?")[0]), shown.href
    assert shown.words[0].isupper()


def test_a_task_names_what_waits_since_when_and_until_when() -> None:
    made = task("request_review", "request", "REQ-7K3Q-9D")
    shown = waiting_task(made)
    assert (shown.public_id, shown.href) == ("REQ-7K3Q-9D", "/requests/REQ-7K3Q-9D/review")
    assert (shown.since, shown.until) == (NOW, None)
    assert replace(shown, until=NOW).until == NOW


@pytest.mark.parametrize(
    ("public_id", "href"),
    [("REQ-7K3Q-9D", "/duplicates"), ("OFR-7K3Q-9D", "/duplicates?kind=offers")],
)
def test_duplicates_are_answered_side_by_side(public_id: str, href: str) -> None:
    assert waiting_task(task("answer_duplicate", "duplicate", public_id)).href == href


def test_an_act_on_behalf_has_a_page_of_its_own() -> None:
    made = task("confirm_on_behalf", "act_on_behalf", "ACT-7K3Q-9D")
    assert waiting_task(made).href == "/acts-on-behalf/ACT-7K3Q-9D"
