"""Tells what an import did, and every row that it could not take."""

from collections import Counter
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from concord.activities.values import Imported
from concord.cli.imports.activities import Read
from concord.cli.imports.storing import Outcome
from concord.cli.imports.table import Problem

NOTHING = "Nothing was imported. Correct the file, or import the rest with --skip-bad."


def report(outcome: Outcome, noun: str) -> None:
    """Print the outcome; exit 1 when there was any problem."""
    show_problems(outcome.problems)
    if outcome.written:
        print(f"Imported {noun}s: {outcome.created}. There already: {outcome.present}.")
    else:
        print(NOTHING)
    if outcome.problems:
        raise typer.Exit(1)


def report_activities(found: Read, imported: Imported | None) -> None:
    """Print what was loaded and what was not, and why; exit 1 when rows were bad."""
    show_problems(found.table.problems)
    if imported is None:
        print(NOTHING)
    else:
        print(
            f"Imported activities: {imported.created}. Changed: {imported.changed}."
            f" There already: {imported.unchanged}. Older than what is stored: {imported.older}."
        )
        print(f"Refused: {found.refused}.")
        print(f"Not loaded, since they name no place: {found.blank}.")
        _counted("Not loaded, since they name a region or several States", found.regions)
        _counted("Loaded, and waiting for a person to say which State is meant", found.waiting)
    if found.table.problems:
        raise typer.Exit(1)


def _counted(what: str, names: Counter[str]) -> None:
    listed = ", ".join(f"{name} {count}" for name, count in sorted(names.items()))
    print(f"{what}: {names.total()}{f' ({listed})' if listed else ''}.")


def show_problems(problems: Sequence[Problem]) -> None:
    """A line for each: where it is, and what to do; plain where nobody watches."""
    if not problems:
        return
    ordered = sorted(problems)
    out = Console(stderr=True)
    if not out.is_terminal:
        for each in ordered:
            print(
                f"line {each.line}, {each.column or 'row'}: {_plain(each.reason)}", file=out.file
            )
        return
    table = Table("line", "column", "reason")
    for each in ordered:
        table.add_row(str(each.line), escape(each.column), escape(_plain(each.reason)))
    out.print(table)


def _plain(text: str) -> str:
    """Nothing that a terminal would obey."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
