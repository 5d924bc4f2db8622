"""Two versions of an offer side by side: what was typed, and what somebody else has stored."""

from collections.abc import Callable, Mapping

from concord.offers.forms import SLOT_FIELDS, Raw, positions
from concord.offers.wording import FIELDS, FUNDING_SHORT, LINE_FIELDS
from concord.reference.languages import language_name, language_tag
from concord.web.code_names import modality_name, topic_name, unit_name
from concord.web.elements import Comparison
from concord.web.formats import state_name
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _


def differences(typed: Raw, stored: Raw) -> tuple[Comparison, ...]:
    """A row for each field in which the two differ, in the order of the form."""
    rows = [
        Comparison(label, _shown(name, typed), _shown(name, stored), "differs")
        for name, label in FIELDS.items()
        if _plain(typed, name) != _plain(stored, name)
    ]
    for position in sorted({*positions(typed), *positions(stored)}):
        mine, theirs = _line(typed, position), _line(stored, position)
        if mine != theirs:
            label = _("Line %(position)s") % {"position": position}
            rows.append(Comparison(label, mine, theirs, "differs"))
    return tuple(rows)


def _plain(raw: Raw, name: str) -> list[str]:
    return sorted(value.replace("\r\n", "\n").strip() for value in raw.get(name, ()) if value)


def _shown(name: str, raw: Raw) -> str:
    name_of = NAMES.get(name, str)
    return ", ".join(name_of(value) for value in raw.get(name, ()) if value)


def _line(raw: Raw, position: int) -> str:
    found = [(name, raw.get(f"slot-{position}-{name}", [""])[0]) for name in SLOT_FIELDS]
    return " · ".join(
        f"{LINE_FIELDS[name]}: {LINE_NAMES.get(name, str)(value)}"
        for name, value in found
        if value
    )


def _language(tag: str) -> str:
    known = language_tag(tag)
    return language_name(known, current_locale()) if known else tag


NAMES: Mapping[str, Callable[[str], str]] = {
    "language": _language,
    "delivery_languages": _language,
    "regions": _,
    "tags": topic_name,
    "directed_state": state_name,
    "excluded_states": state_name,
}
LINE_NAMES: Mapping[str, Callable[[str], str]] = {
    "topic": topic_name,
    "modality": modality_name,
    "unit": unit_name,
    "funding": lambda code: str(FUNDING_SHORT.get(code, code)),
}
