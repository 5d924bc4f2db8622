"""Dates, numbers and names in the reader's language."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_interval, format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from concord.reference import tables
from concord.reference.values import StateEntry
from concord.web import view
from concord.web.i18n import current_locale, gettext

MINUTE, HOUR, DAY = 60, 3600, 86400
CLDR = {"en": "en_GB"}
"""The United Nations put the day before the month."""


def _cldr(locale: str) -> str:
    return CLDR.get(locale, locale)


def state_name(code: str) -> str:
    """What the United Nations call the State with this ISO 3166-1 alpha-3 code."""
    return _state_name(code, current_locale())


@lru_cache(maxsize=2048)
def _state_name(code: str, locale: str) -> str:
    entry = _states().get(code)
    return entry.name(locale) if entry else code


@lru_cache(maxsize=1)
def _states() -> dict[str, StateEntry]:
    return {entry.code: entry for entry in tables.states(illustrative=True)}


def language_name(tag: str) -> str:
    return _language_name(tag, current_locale())


@lru_cache(maxsize=512)
def _language_name(tag: str, locale: str) -> str:
    names = Locale.parse(locale).languages
    found: str | None = names.get(tag.replace("-", "_")) or names.get(tag.partition("-")[0])
    return found or tag


def listed(names: Iterable[str]) -> str:
    """Several names as the reader's language joins them."""
    return format_list([str(name) for name in names], locale=_cldr(current_locale()))


def short_date(value: date) -> str:
    """A day; a moment is shown as its day in UTC."""
    day = value.astimezone(UTC).date() if isinstance(value, datetime) else value
    return _date(day, current_locale())


@lru_cache(maxsize=4096)
def _date(value: date, locale: str) -> str:
    return format_skeleton("yMMMd", value, locale=_cldr(locale))


def moment(value: datetime) -> str:
    """A day and time in UTC, and it says so."""
    return _moment(value.astimezone(UTC).replace(second=0, microsecond=0), current_locale())


@lru_cache(maxsize=4096)
def _moment(value: datetime, locale: str) -> str:
    day, time = _date(value.date(), locale), format_time(value, "HH:mm", locale=_cldr(locale))
    return f"{day}, {time} UTC"


def period(start: date | None, end: date | None) -> str:
    """From one day to another; either end may be open."""
    if start and end:
        return format_interval(start, end, "yMMMd", locale=_cldr(current_locale()))
    if start:
        return gettext("from %(day)s") % {"day": short_date(start)}
    if end:
        return gettext("until %(day)s") % {"day": short_date(end)}
    return gettext("no dates given")


def relative(value: date) -> Markup:
    """“3 days ago”, with the moment itself for machines and in the title."""
    return _relative(value, distance(value), current_locale())


@lru_cache(maxsize=4096)
def _relative(value: date, words: str, locale: str) -> Markup:
    absolute = moment(value) if isinstance(value, datetime) else short_date(value)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        value.isoformat(), absolute, words
    )


def distance(value: date) -> str:
    """How long ago, or in how long, in words."""
    if isinstance(value, datetime):
        return _distance(_rounded(int((value - view.now()).total_seconds())), current_locale())
    days = (value - view.now().astimezone(UTC).date()).days
    return _distance(days * DAY, current_locale()) if days else gettext("today")


def _rounded(seconds: int) -> int:
    """Whole minutes, hours or days, so that few distances are ever formatted anew."""
    size = abs(seconds)
    unit = MINUTE if size < HOUR else HOUR if size < DAY else DAY
    return (size // unit) * unit * (1 if seconds > 0 else -1)


@lru_cache(maxsize=4096)
def _distance(seconds: int, locale: str) -> str:
    if abs(seconds) < MINUTE:
        return gettext("just now")
    return format_timedelta(seconds, add_direction=True, threshold=1, locale=_cldr(locale))


def days_until(value: date) -> int:
    """Whole days from today to a day or moment, in UTC; negative when it has passed."""
    day = value.astimezone(UTC).date() if isinstance(value, datetime) else value
    return (day - view.now().astimezone(UTC).date()).days


def number(value: float) -> str:
    return _number(value, current_locale())


@lru_cache(maxsize=4096)
def _number(value: float, locale: str) -> str:
    return format_decimal(value, locale=_cldr(locale))


def percent(value: float) -> str:
    """A share in [0, 1] as whole per cent."""
    return _percent(value, current_locale())


@lru_cache(maxsize=1024)
def _percent(value: float, locale: str) -> str:
    return format_percent(value, locale=_cldr(locale))
