"""Writes what an import read: all of it, or with `skip_bad` what can be written."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from concord.cli.imports.records import Record
from concord.cli.imports.table import Problem
from concord.cli.progress import shown
from concord.database import transaction
from concord.errors import DomainError, InvalidInput

V = TypeVar("V")


@dataclass(slots=True)
class Outcome:
    """`written` is false when problems kept everything from being imported."""

    created: int = 0
    present: int = 0
    problems: list[Problem] = field(default_factory=list)
    written: bool = True


class Undone(Exception):
    """Takes back a whole import."""


async def store(
    records: Sequence[Record[V]],
    write: Callable[[Record[V]], Awaitable[bool]],
    *,
    problems: Sequence[Problem],
    skip_bad: bool,
    title: str,
) -> Outcome:
    """Write each record in one transaction; `write` says whether it was new.

    Any problem, found before or while writing, undoes everything unless `skip_bad`.
    """
    outcome = Outcome(problems=sorted(problems))
    if outcome.problems and not skip_bad:
        outcome.written = False
        return outcome
    try:
        async with transaction():
            for record in shown(records, title):
                await _one(record, write, outcome)
            if outcome.problems and not skip_bad:
                raise Undone
    except Undone:
        outcome.created = outcome.present = 0
        outcome.written = False
    return outcome


async def _one(
    record: Record[V], write: Callable[[Record[V]], Awaitable[bool]], outcome: Outcome
) -> None:
    try:
        async with transaction():
            if await write(record):
                outcome.created += 1
            else:
                outcome.present += 1
    except InvalidInput as error:
        outcome.problems += [
            Problem(record.line, name, str(why)) for name, why in error.fields.items()
        ]
    except DomainError as error:
        outcome.problems.append(Problem(record.line, "", str(error)))
