"""The year as a grid of tiles: rows of States, topics or providers, a column a month."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from babel.dates import get_month_names

from concord.matches.delivery_states import DeliveryState
from concord.web.i18n import current_locale, ngettext

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A delivery as the grid counts it: in which row, and from when to when."""

    label: str
    starts_on: date
    ends_on: date
    state: DeliveryState


@dataclass(frozen=True, slots=True)
class Tile:
    count: int
    tone: str
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: Sequence[Tile]


def month_names() -> list[str]:
    names = get_month_names("abbreviated", context="stand-alone", locale=current_locale())
    return [names[month] for month in MONTHS]


def rows_of(stretches: Iterable[Stretch], *, year: int) -> list[Row]:
    """In the order of the labels; a delivery counts in every month that it touches."""
    by_label: dict[str, list[Stretch]] = {}
    for stretch in stretches:
        by_label.setdefault(stretch.label, []).append(stretch)
    return [
        Row(label, [_tile(by_label[label], year, month) for month in MONTHS])
        for label in sorted(by_label)
    ]


def _tile(stretches: Sequence[Stretch], year: int, month: int) -> Tile:
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    inside = [each for each in stretches if each.starts_on <= last and each.ends_on >= first]
    count = len(inside)
    query = urlencode({"from": first.isoformat(), "until": last.isoformat()})
    words = ngettext("%(num)s delivery", "%(num)s deliveries", count)
    return Tile(count, _tone(inside), f"/deliveries?{query}", words % {"num": count})


def _tone(inside: Sequence[Stretch]) -> str:
    states = {each.state for each in inside}
    if DeliveryState.DISPUTED in states:
        return "bad"
    return "good" if states == {DeliveryState.CONFIRMED} else "accent"
