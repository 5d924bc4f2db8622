"""Finds the forms of a page and fills them in, as somebody in a hurry would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from lxml import html

FORWARD = frozenset(
    {
        "matches",
        "consent",
        "acceptance",
        "approval",
        "terms",
        "agreement",
        "start",
        "deliveries",
        "beginning",
        "report",
        "confirmation",
        "evaluation",
        "draft",
        "new",
        "decision",
        "acknowledgement",
        "lesson",
        "closing",
        "plan",
    }
)
"""Last words of addresses that lead a match on; all others end or stop something."""
ELSEWHERE = ("/sign-out", "/language", "/account", "/inbox", "/search", "/clarifications")
DAYS = (-4, -3, -2, -1, 0, 30, 60)
"""First days of what is proposed for five days, from today: most of it is under way."""
TODAY = ("/deliveries", "/plan", "/report")
"""Ends of addresses whose forms say what is done on one day."""
WORD = "Said by one of twenty people at work."


@dataclass(frozen=True, slots=True)
class Form:
    """Where a form goes, and what is in its fields."""

    address: str
    values: dict[str, list[str]]


def forms_of(page: str, chance: Random) -> list[Form]:
    """The commands of a page, filled in."""
    found = []
    for form in _tree(page).forms:
        address = form.action or ""
        if form.method == "POST" and not address.startswith(ELSEWHERE):
            _fill(form, chance)
            found.append(Form(address, _values(form)))
    return found


def steps_of(page: str, case: str) -> list[str]:
    """Links from a case's page to the pages of its further steps."""
    links = {link for _element, name, link, _at in _tree(page).iterlinks() if name == "href"}
    return sorted(link for link in links if link.startswith(f"{case}/") and "?" not in link)


def leads_on(address: str) -> bool:
    return address.rpartition("/")[2] in FORWARD


def weighed(addresses: Sequence[str], chance: Random) -> str:
    """One of them; what leads on is ten times as likely."""
    weights = [10 if leads_on(one) else 1 for one in addresses]
    return chance.choices(addresses, weights)[0]


def _tree(page: str) -> html.HtmlElement:
    found = html.fromstring(page)
    assert isinstance(found, html.HtmlElement)
    return found


def _fill(form: html.FormElement, chance: Random) -> None:
    """Tick every box, choose where nothing is chosen, write where nothing is written."""
    today, address = datetime.now(UTC).date(), form.action or ""
    first, length = today + timedelta(days=chance.choice(DAYS)), timedelta(days=4)
    if address.endswith(TODAY):
        first, length = today, timedelta()
    typed = {
        "quantity": str(chance.randint(1, 2)),
        "starts_on": str(first),
        "ends_on": str(first + length),
    }
    for name in sorted(form.inputs.keys()):
        field = form.inputs[name]
        if isinstance(field, html.RadioGroup):
            field.value = field.value or chance.choice(list(field.value_options))
        elif isinstance(field, html.CheckboxGroup):
            for box in field:
                box.checked = True
        elif isinstance(field, html.SelectElement):
            options = [option for option in field.value_options if option]
            if not field.multiple and not field.value and options:
                field.value = chance.choice(options)
        elif isinstance(field, html.TextareaElement):
            field.value = (field.value or "").strip() or WORD
        else:
            is_new = not field.value or address.endswith(("/matches", *TODAY))
            kind = name.rpartition("_")[2] if "quantity" in name else name
            _write(field, typed.get(kind) if is_new else None)


def _write(field: html.InputElement, typed: str | None) -> None:
    """Numbered fields, of further organizations or milestones, stay as they are."""
    if field.checkable:
        field.checked = True
    elif typed:
        field.value = typed
    elif field.type == "text" and not field.value and "-" not in str(field.name):
        field.value = WORD


def _values(form: html.FormElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return found
