"""Who may look beyond what an actor sees: commands, clocks, the worker, and the operator."""

import ast
import re

from tests.architecture.tree import python_files, shown

COMMANDS = re.compile(
    r"workers/|platform/concord/cli/|.*/actions/\w+\.py$|.*/(actions|clocks)\.py$"
    r"|platform/concord/(database|audit/chain)\.py$"
)
ELSEWHERE = {
    "platform/concord/organizations/on_behalf.py": "records and confirms acts of States",
    "platform/concord/pairings/duplicates.py": "raises warnings and keeps their answers",
    "platform/concord/pairings/learning.py": "stores, adopts and takes back a learned order",
    "platform/concord/pairings/preselecting/rows.py": "keeps what nearest offers are found by",
    "platform/concord/pairings/preselecting/tables.py": "makes and drops the tables for that",
    "platform/concord/pairings/reranking.py": "asks for, cuts and ends runs over all requests",
    "platform/concord/pairings/storing.py": "stores what the worker ranked",
}
"""Commands whose files bear other names."""
OPERATOR = re.compile(r"platform/concord/cli/|platform/concord/database\.py$")


def _uses(tree: ast.Module, function: str) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) == function
        for node in ast.walk(tree)
    )


def _modules(function: str) -> set[str]:
    return {
        shown(path)
        for path in python_files()
        if _uses(ast.parse(path.read_text("utf-8")), function)
    }


def test_commands_alone_look_beyond_their_actor() -> None:
    found = {name for name in _modules("transaction") if not COMMANDS.match(name)}
    assert found == set(ELSEWHERE)


def test_pages_alone_visit() -> None:
    assert _modules("visit") == {
        "platform/concord/web/idempotency.py",
        "platform/concord/web/routing.py",
    }


def test_a_pool_that_sees_everything_is_the_operators() -> None:
    found = {shown(path) for path in python_files() if "beyond=True" in path.read_text("utf-8")}
    assert found == {name for name in found if OPERATOR.match(name)}


def test_the_setting_is_written_in_one_place() -> None:
    found = {shown(path) for path in python_files() if "app.beyond" in path.read_text("utf-8")}
    assert found == {"platform/concord/accounts/sessions.py", "platform/concord/database.py"}
