"""Working days of Vienna and of States with other weekends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.reference.calendar import (
    VIENNA_WEEKEND,
    add_working_days,
    due_on,
    weekend_of,
)

FRIDAY = date(2026, 3, 6)
DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))
WEEKENDS = st.frozensets(st.integers(0, 6), max_size=6)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, date(2026, 3, 6)), (1, date(2026, 3, 9)), (5, date(2026, 3, 13)), (6, date(2026, 3, 16))],
)
def test_weekend_does_not_count(days: int, expected: date) -> None:
    assert add_working_days(FRIDAY, days, weekend=VIENNA_WEEKEND) == expected


def test_start_on_a_weekend_counts_from_the_next_working_day() -> None:
    saturday = FRIDAY + timedelta(days=1)

    assert add_working_days(saturday, 1, weekend=VIENNA_WEEKEND) == date(2026, 3, 9)


@given(start=DAYS, days=st.integers(0, 400), weekend=WEEKENDS)
def test_exactly_that_many_working_days_lie_after_the_start(
    start: date, days: int, weekend: frozenset[int]
) -> None:
    end = add_working_days(start, days, weekend=weekend)

    passed = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(day.weekday() not in weekend for day in passed) == days
    assert end == start if days == 0 else end.weekday() not in weekend


def test_week_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="no working day"):
        add_working_days(FRIDAY, 1, weekend=frozenset(range(7)))


def test_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(FRIDAY, -1, weekend=VIENNA_WEEKEND)


@pytest.mark.parametrize(
    ("iso2", "weekend"),
    [
        (None, {5, 6}),
        ("QM", {5, 6}),
        ("AT", {5, 6}),
        ("EG", {4, 5}),
        ("AF", {3, 4}),
        ("IN", {6}),
        ("not a code", {5, 6}),
    ],
)
def test_weekend_is_that_of_the_state(iso2: str | None, weekend: set[int]) -> None:
    assert weekend_of(iso2) == weekend


def test_urgent_halves_the_time_and_rounds_up() -> None:
    assert due_on(FRIDAY, 5, urgent=True) == due_on(FRIDAY, 3)
    assert due_on(FRIDAY, 1, urgent=True) == due_on(FRIDAY, 1)


def test_due_date_follows_the_week_of_the_state() -> None:
    assert due_on(FRIDAY, 1, iso2="EG") == date(2026, 3, 8)
