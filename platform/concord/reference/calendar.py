"""Working days: deadlines count only the days on which the one who must act works."""

from datetime import date, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError

VIENNA_WEEKEND = frozenset({5, 6})


def add_working_days(start: date, days: int, *, weekend: frozenset[int]) -> date:
    """The day on which `days` working days after `start` have begun; Monday is 0 in `weekend`.

    Zero days give `start` itself. Raises ValueError for a negative number and for a week without
    a working day.
    """
    if days < 0:
        raise ValueError("the number of working days is negative")
    working = 7 - len(weekend & frozenset(range(7)))
    if not working:
        raise ValueError("the week has no working day")
    weeks, rest = divmod(max(days - 1, 0), working)
    day = start + timedelta(weeks=weeks)
    for _ in range(rest + 1 if days else 0):
        day += timedelta(days=1)
        while day.weekday() in weekend:
            day += timedelta(days=1)
    return day


@lru_cache(maxsize=512)
def weekend_of(iso2: str | None) -> frozenset[int]:
    """The weekend of a State as CLDR has it; Vienna's for UNODC (None) and illustrative States."""
    if iso2 is None:
        return VIENNA_WEEKEND
    try:
        locale = Locale.parse(f"und_{iso2}")
    except (UnknownLocaleError, ValueError):
        return VIENNA_WEEKEND
    if locale.territory != iso2:
        return VIENNA_WEEKEND
    first, last = locale.weekend_start, locale.weekend_end
    return frozenset((first + offset) % 7 for offset in range((last - first) % 7 + 1))


def due_on(start: date, days: int, *, iso2: str | None = None, urgent: bool = False) -> date:
    """When a step that began on `start` is due; urgency halves the time, rounded up."""
    allowed = (days + 1) // 2 if urgent else days
    return add_working_days(start, allowed, weekend=weekend_of(iso2))
