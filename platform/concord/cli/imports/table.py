"""Reads a CSV file as rows that know their line, and collects every problem found on the way."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from concord.errors import InvalidInput
from concord.inputs import clean

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_FIELD = 1024 * 1024
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why a row cannot be taken; `line` counts from 1 and is the one on which the row begins."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """`broken` marks one whose problems are noted already: its record is bad as a whole."""

    line: int
    values: Mapping[str, str]
    broken: bool = False

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


@dataclass(slots=True)
class Table:
    """What could be read, and what could not: `fatal` when the rows cannot be told apart."""

    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    fatal: bool = False

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.problems.append(Problem(line, column, reason))


def refusals(line: int, error: InvalidInput, names: Mapping[str, str]) -> list[Problem]:
    """The problems of one row, under the headings of its file."""
    return [
        Problem(line, names.get(name, name), str(reason)) for name, reason in error.fields.items()
    ]


def read_table(
    content: bytes, *, columns: Collection[str] | None, required: Sequence[str]
) -> Table:
    """Rows of UTF-8 text with a heading; `columns` are those known (None takes any).

    Never raises for what the file holds: a broken heading or encoding makes the table `fatal`.
    """
    table = Table()
    text = _decoded(content, table)
    if text is None:
        return table
    csv.field_size_limit(LARGEST_FILE)
    records = _records(text, table)
    heading = next(records, None)
    if heading is None:
        table.refuse(1, "", "The file is empty.")
        table.fatal = True
        return table
    table.columns = [clean(name) for name in heading[1]]
    _check_heading(table, heading[0], columns, required)
    if not table.fatal:
        for line, cells in records:
            _take(table, line, cells)
    return table


def _decoded(content: bytes, table: Table) -> str | None:
    table.fatal = True
    if len(content) > LARGEST_FILE:
        table.refuse(1, "", f"The file is larger than {LARGEST_FILE // 2**20} MB; split it.")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        table.refuse(line, "", "This is not UTF-8 text. Save the file as CSV in UTF-8.")
        return None
    table.fatal = False
    return text


def _records(text: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of each record that is not blank; quotes must be closed."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for count, cells in enumerate(reader):
            if count > MOST_ROWS:
                table.refuse(before + 1, "", f"There are more than {MOST_ROWS} rows; split it.")
                table.fatal = True
                return
            if any(cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        table.refuse(before + 1, "", f"The row cannot be read from here on: {error}.")
        table.fatal = True


def _check_heading(
    table: Table, line: int, columns: Collection[str] | None, required: Sequence[str]
) -> None:
    names = table.columns
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            table.refuse(line, name, "This column is there twice.")
        elif columns is not None and name not in columns:
            known = ", ".join(columns)
            table.refuse(line, name, f"There is no such column. The columns are: {known}.")
    for name in required:
        if name not in names:
            table.refuse(line, name, "This column is missing.")
    table.fatal = bool(table.problems)


def _take(table: Table, line: int, cells: list[str]) -> None:
    named = dict(zip(table.columns, cells, strict=False))
    before = len(table.problems)
    if len(cells) != len(table.columns):
        table.refuse(line, "", f"There are {len(cells)} cells for {len(table.columns)} columns.")
    for name, cell in named.items():
        if len(cell) > LARGEST_FIELD or len(cell.encode()) > LARGEST_FIELD:
            table.refuse(line, name, "Shorten this to 1 MB or less.")
    table.rows.append(Row(line, named, broken=len(table.problems) > before))
