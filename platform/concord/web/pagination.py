"""Sorting, filtering and paging of lists, all in the address; CSV of the same filter."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response

from concord.web.labels import DISCLAIMER

PAGE_SIZE = 25
MOST_PAGES = 10_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for: `sort` is one of its keys, `descending` its way."""

    number: int
    sort: str
    descending: bool
    size: int = PAGE_SIZE

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def order(self, columns: Mapping[str, str]) -> tuple[str, str]:
        """Tortoise's order-by: the asked column, then the unique id."""
        sign = "-" if self.descending else ""
        return f"{sign}{columns[self.sort]}", f"{sign}id"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, and how many rows there are in all."""

    rows: Sequence[T]
    total: int
    window: Window

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.window.size))

    @property
    def number(self) -> int:
        return self.window.number


def window(query: QueryParams, *, sorts: Sequence[str], default: str) -> Window:
    """Read `page` and `sort` (`-name` descends); what makes no sense is the default."""
    raw = query.get("sort", default)
    sort = raw.removeprefix("-")
    if sort not in sorts:
        raw, sort = default, default.removeprefix("-")
    number = query.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    return Window(min(max(page, 1), MOST_PAGES), sort, raw.startswith("-"))


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response:
    """A CSV download in UTF-8 with a byte order mark; no cell can start a formula.

    The last line is the disclaimer that every list of States carries.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    writer.writerow([str(DISCLAIMER)])
    return Response(
        "\ufeff" + out.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{filename}"'},
    )


def safe_cell(value: object) -> object:
    """Quote what a spreadsheet would run."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return "" if value is None else value


def with_query(path: str, query: QueryParams, **changes: str) -> str:
    """The same address with some parameters changed; an empty one is dropped."""
    kept = {key: value for key, value in query.items() if key not in changes}
    return f"{path}?{urlencode(kept | {key: value for key, value in changes.items() if value})}"
