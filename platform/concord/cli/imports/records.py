"""Rows that belong together: one record, its shared fields, and a row for each item or slot."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from concord.cli.imports.table import Problem, Row, Table
from concord.errors import InvalidInput
from concord.inputs import Reader, clean

IDENTIFIER = "external_id"
LONGEST_IDENTIFIER = 120
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one `external_id`, in the order of the file."""

    identifier: str
    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class Record(Generic[V]):
    """One record as the values that an action takes."""

    identifier: str
    line: int
    values: V


def read_records(
    table: Table, read: Callable[[Rows, list[Problem]], V], *, of_item: Collection[str]
) -> list[Record[V]]:
    """Every record without a problem; the problems of the others go to the table."""
    found: list[Record[V]] = []
    for together in _grouped(table):
        sound = Rows(together.identifier, tuple(row for row in together.rows if not row.broken))
        if not sound.rows:
            continue
        problems = _disagreements(sound, of_item)
        values = read(sound, problems)
        table.problems += problems
        if not problems and sound == together:
            found.append(Record(sound.identifier, sound.first.line, values))
    return found


def checked(row: Row, reader: Reader, problems: list[Problem]) -> None:
    """Note what the reader refused, under the line of its row; once for each place and reason."""
    try:
        reader.check()
    except InvalidInput as error:
        noted(row, error, problems)


def noted(row: Row, error: InvalidInput, problems: list[Problem]) -> None:
    found = (Problem(row.line, name, str(why)) for name, why in error.fields.items())
    problems += [problem for problem in found if problem not in problems]


def reader_of(row: Row) -> Reader:
    return Reader({name: [cell] for name, cell in row.values.items()})


def _grouped(table: Table) -> list[Rows]:
    together: dict[str, list[Row]] = {}
    for row in table.rows:
        reader = reader_of(row)
        identifier = reader.text(IDENTIFIER, required=True, limit=LONGEST_IDENTIFIER)
        if reader.errors:
            table.refuse(row.line, IDENTIFIER, str(reader.errors[IDENTIFIER]))
        else:
            together.setdefault(identifier, []).append(row)
    return [Rows(identifier, tuple(rows)) for identifier, rows in together.items()]


def _disagreements(together: Rows, of_item: Collection[str]) -> list[Problem]:
    """Where a further row says something else about what it shares with the first."""
    first = together.first
    return [
        Problem(row.line, name, f"This is not what line {first.line} says of the same record.")
        for row in together.rows[1:]
        for name in first.values
        if name not in of_item and clean(row[name]) != clean(first[name])
    ]
