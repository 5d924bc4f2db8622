"""A table of counts gives no small cell away, whoever adds and subtracts."""

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from concord.small_cells import Cell, Key, Table, suppressed

ROWS, COLUMNS = ("law", "training", "equipment"), ("police", "courts")


@st.composite
def a_cell(draw: st.DrawFn) -> Cell:
    shown, hidden = draw(st.integers(0, 12)), draw(st.integers(0, 12))
    of_shown = draw(st.integers(min(shown, 1), min(shown, 6)))
    of_hidden = draw(st.integers(min(hidden, 1), min(hidden, 6)))
    both = draw(st.integers(max(of_shown, of_hidden), of_shown + of_hidden))
    return Cell(shown, of_shown, hidden, of_hidden, both)


tables = st.fixed_dictionaries({key: a_cell() for key in product(ROWS, COLUMNS)})


def large(requests: int, states: int) -> bool:
    return requests >= 5 and states >= 3


def published(table: Table) -> list[tuple[set[Key], int]]:
    """Every figure that is told, with the cells that it is the sum of."""
    keys = set(table.cells)
    lines = [({key}, value) for key, value in table.cells.items()]
    lines += [({key for key in keys if key[0] == row}, told) for row, told in table.rows.items()]
    lines += [
        ({key for key in keys if key[1] == column}, told) for column, told in table.columns.items()
    ]
    return [(under, told) for under, told in [*lines, (keys, table.total)] if told is not None]


@given(tables)
def test_a_figure_is_of_five_requests_of_three_states(cells: dict[Key, Cell]) -> None:
    for key, told in suppressed(cells).cells.items():
        cell = cells[key]
        counts = {cell.shown: cell.shown_states, cell.shown + cell.hidden: cell.states}
        assert told is None or large(told, counts[told])


@given(tables)
def test_no_figure_rests_on_a_small_cell(cells: dict[Key, Cell]) -> None:
    table = suppressed(cells)
    for under, told in published(table):
        values = [table.cells[key] for key in under]
        assert None not in values
        assert told == sum(value or 0 for value in values)


@given(tables)
def test_restricted_and_sealed_requests_count_only_among_many_of_their_kind(
    cells: dict[Key, Cell],
) -> None:
    """Whoever sees all that circulates learns nothing of the few that do not."""
    without = {
        key: cell
        if large(cell.hidden, cell.hidden_states)
        else replace(cell, hidden=0, hidden_states=0, states=cell.shown_states)
        for key, cell in cells.items()
    }
    assert suppressed(cells) == suppressed(without)


@given(tables, tables)
def test_tables_that_differ_in_small_cells_alone_are_published_alike(
    cells: dict[Key, Cell], others: dict[Key, Cell]
) -> None:
    small = {key for key, told in suppressed(cells).cells.items() if told is None}
    also = {key for key, told in suppressed(others).cells.items() if told is None}
    changed = {key: others[key] if key in small & also else cell for key, cell in cells.items()}
    assert suppressed(changed) == suppressed(cells)


@given(st.lists(a_cell(), min_size=4, max_size=4))
def test_every_small_value_stays_possible(four: list[Cell]) -> None:
    """An attacker who knows the rule tries every table that agrees with what is told."""
    keys = list(product("ab", "cd"))
    table = suppressed(dict(zip(keys, four, strict=True)))
    hidden = [key for key in keys if table.cells[key] is None]
    known = {key: value for key, value in table.cells.items() if value is not None}
    possible: dict[Key, set[int]] = {key: set() for key in hidden}
    for guess in product(range(5), repeat=len(hidden)):
        full = known | dict(zip(hidden, guess, strict=True))
        if all(sum(full[key] for key in under) == told for under, told in published(table)):
            for key, value in zip(hidden, guess, strict=True):
                possible[key].add(value)
    assert all(values == set(range(5)) for values in possible.values())


def test_a_total_over_a_small_cell_is_not_told() -> None:
    many = Cell(shown=7, shown_states=4, states=4)
    few = Cell(shown=4, shown_states=4, states=4)
    table = suppressed({("a", "c"): many, ("a", "d"): few, ("b", "c"): many, ("b", "d"): many})
    assert table == Table(
        cells={("a", "c"): 7, ("a", "d"): None, ("b", "c"): 7, ("b", "d"): 7},
        rows={"a": None, "b": 14},
        columns={"c": 14, "d": None},
        total=None,
    )


def test_requests_of_two_states_are_never_told_however_many() -> None:
    assert suppressed({("a", "b"): Cell(shown=90, shown_states=2, states=2)}).total is None


def test_many_sealed_requests_are_counted_with_the_others() -> None:
    cell = Cell(shown=5, shown_states=3, hidden=5, hidden_states=3, states=4)
    assert suppressed({("a", "b"): cell}).total == 10
    assert suppressed({("a", "b"): replace(cell, hidden=4)}).total == 5
