"""What was typed, shown again: as many rows as there were, and both versions side by side."""

from collections.abc import Mapping

from concord.web.elements import Comparison
from concord.web.i18n import gettext as _

ROWS = 3  # empty rows at the end of a form's list
FIRST_ROWS = 4
MOST_ROWS = 40
Typed = Mapping[str, str]


def rows_in(typed: Typed, beginning: str, name: str) -> int:
    """As many rows as were typed in, and some empty ones."""
    numbers = [
        int(number)
        for field in typed
        if field.startswith(beginning)
        and field.endswith(f"-{name}")
        and (number := field[len(beginning) : -len(name) - 1]).isdigit()
        and len(number) < 3
        and typed[field]
    ]
    return min(max(FIRST_ROWS, *(number + 1 + ROWS for number in numbers), 0), MOST_ROWS)


def compared(typed: Typed, stored: Typed) -> tuple[Comparison, ...]:
    """A row for each field in which the two differ."""
    labels = {
        "title": _("What it is called"),
        "place": _("Place"),
        "starts_on": _("First day"),
        "ends_on": _("Last day"),
        "text": _("What happened"),
    }
    names = [name for name in {**stored, **typed} if name in labels or name.startswith("line-")]
    return tuple(
        Comparison(
            labels.get(name, _("How much")), typed.get(name, ""), stored.get(name, ""), "differs"
        )
        for name in names
        if typed.get(name, "").split() != stored.get(name, "").split()
    )
