"""What would make a request matchable, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from concord.pairings.models import Outlook
from concord.reference.code_lists import CodeLists
from concord.reference.languages import language_name
from concord.web.i18n import LazyMessage, current_locale
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_

MOST_VALUES = 5
CHANGES: Mapping[str, LazyMessage] = {
    "language": N_("Another working language"),
    "modality": N_("Another kind of help"),
    "window": N_("A longer window, or other dates"),
    "unit": N_("A quantity in another unit"),
    "no_slot": N_("Items asked for apart: no single slot has dates, kind and unit together"),
    "eligible_country": N_("Nothing on your side: these are offered to other regions"),
}
"""By gate, in the order in which a State can do something about it."""


@dataclass(frozen=True, slots=True)
class Hope:
    """One change by itself, and how many offers it would make possible."""

    change: LazyMessage
    offers: int
    values: Sequence[tuple[str, int]]


def hopes(found: Outlook, lists: CodeLists) -> list[Hope]:
    return [
        Hope(change, found.alone[code], _values(code, found.values.get(code, {}), lists))
        for code, change in CHANGES.items()
        if found.alone.get(code)
    ]


def _values(code: str, counts: Mapping[str, int], lists: CodeLists) -> list[tuple[str, int]]:
    """What those offers give instead, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]
    return [(_name(code, value, lists), offers) for value, offers in ordered]


def _name(code: str, value: str, lists: CodeLists) -> str:
    if code == "language":
        return language_name(value, current_locale())
    modality = lists.modalities.get(value)
    return _(modality.label) if modality else value
