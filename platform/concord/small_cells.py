"""Counts of requests from which no single request can be worked out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

LEAST_REQUESTS = 5
LEAST_STATES = 3
Key = tuple[str, str]
"""Row and column of a table."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The requests of one cell: those that circulate, and the restricted and sealed ones.

    `states` are the distinct States of both together.
    """

    shown: int = 0
    shown_states: int = 0
    hidden: int = 0
    hidden_states: int = 0
    states: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """What may be told; None stands for “few”, in a total for one that would give “few” away.

    A total is the sum of its cells: a request that stands in two of them counts twice.
    """

    cells: Mapping[Key, int | None]
    rows: Mapping[str, int | None]
    columns: Mapping[str, int | None]
    total: int | None


def at_least(count: int) -> int | None:
    """A count in whole fives, which one more or less seldom moves; None for fewer than five."""
    return count - count % LEAST_REQUESTS or None


def suppressed(cells: Mapping[Key, Cell]) -> Table:
    """The figures of a table that may be published together.

    A total is told only where every cell under it is: no figure then depends on a small cell,
    and two tables that differ in small cells alone are published alike.
    """
    told = {key: _told(cell) for key, cell in cells.items()}
    return Table(
        cells=told,
        rows=_totals(told, place=0),
        columns=_totals(told, place=1),
        total=_total(told.values()),
    )


def _told(cell: Cell) -> int | None:
    """Restricted and sealed requests count where they alone are many, of many States.

    Who sees the circulating ones can subtract them: the difference has to be a large cell too.
    """
    if _is_large(cell.hidden, cell.hidden_states):
        return _if_large(cell.shown + cell.hidden, cell.states)
    return _if_large(cell.shown, cell.shown_states)


def _if_large(requests: int, states: int) -> int | None:
    return requests if _is_large(requests, states) else None


def _is_large(requests: int, states: int) -> bool:
    return requests >= LEAST_REQUESTS and states >= LEAST_STATES


def _totals(told: Mapping[Key, int | None], *, place: int) -> dict[str, int | None]:
    lines: dict[str, list[int | None]] = {}
    for key, value in told.items():
        lines.setdefault(key[place], []).append(value)
    return {name: _total(values) for name, values in lines.items()}


def _total(told: Collection[int | None]) -> int | None:
    known = [value for value in told if value is not None]
    return sum(known) if len(known) == len(told) else None
