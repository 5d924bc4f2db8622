"""House rules that a reader would otherwise have to watch for."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, SOURCES, python_files, shown

LONGEST_FILE = 300
LONGEST_FUNCTION = 30
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
CLOCK_OWNERS = {"datetime", "date", "time"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def body_lines(function: Function) -> int:
    """Lines from the first statement after the docstring to the last."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_files_are_short_enough_to_read_at_once() -> None:
    lengths = {
        shown(path): len(path.read_text("utf-8").splitlines())
        for path in python_files(*SOURCES, "tests")
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    found = {
        f"{shown(path)}:{node.name}": body_lines(node)
        for path in python_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, Function)
    }

    assert {name: length for name, length in found.items() if length > LONGEST_FUNCTION} == {}


def test_every_module_says_in_one_line_what_it_is_for() -> None:
    silent = [
        shown(path)
        for path in python_files(*SOURCES, "tests")
        if not (ast.get_docstring(parsed(path)) or "").split("\n")[0].endswith((".", ":"))
    ]

    assert silent == []


def test_time_is_an_argument_where_rules_are_pure() -> None:
    pure = [
        path
        for path in python_files()
        if path.name in {"states.py", "policy.py"} or shown(path).startswith("matching/")
    ]
    found = [
        f"{shown(path)}:{call.lineno}"
        for path in pure
        for call in calls(parsed(path))
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in CLOCKS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in CLOCK_OWNERS
    ]

    assert found == []


def test_environment_is_read_by_entry_points_alone() -> None:
    entry_points = (
        "platform/concord/cli/",
        "platform/concord/settings/",
        "platform/concord/app.py",
        "workers/__main__.py",
    )
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files()
        if not shown(path).startswith(entry_points)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]

    assert found == []


def test_names_of_modules_and_classes_say_something() -> None:
    modules = [shown(path) for path in python_files() if path.stem in VAGUE_NAMES]
    classes = [
        f"{shown(path)}:{node.name}"
        for path in python_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Manager", "Helper", "Service"))
    ]

    assert modules + classes == []


def test_nothing_is_silenced_skipped_or_left_to_do() -> None:
    marks = [
        "type: " + "ignore",
        "pytest.mark." + "skip",
        "pytest." + "skip(",
        "TO" + "DO",
        "FIX" + "ME",
    ]
    found = [
        f"{shown(path)}:{number}"
        for path in python_files(*SOURCES, "tests")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if any(mark in line for mark in marks)
    ]

    assert found == []


def test_tests_sleep_only_between_two_looks() -> None:
    """A pause inside a loop that ends when its condition holds; never a fixed wait.

    A run of faults is no test: people and faults go on for a time, then what is left is judged.
    """
    found = []
    for path in python_files("tests"):
        if "faults" in path.parts:
            continue
        tree = parsed(path)
        polls = {
            call for loop in ast.walk(tree) if isinstance(loop, ast.While) for call in calls(loop)
        }
        sleeps = {call for call in calls(tree) if ast.unparse(call.func).endswith(".sleep")}
        found += [f"{shown(path)}:{call.lineno}" for call in sleeps - polls]

    assert found == []


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in python_files("tests")}

    assert [shown(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []
    assert (ROOT / "tests" / "__init__.py").is_file()
