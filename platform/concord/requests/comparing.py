"""Two versions of a page side by side: what was typed, and what somebody else has stored."""

from collections.abc import Callable, Mapping, Sequence

from concord.reference.languages import language_name, language_tag
from concord.requests.forms import Raw
from concord.requests.wording import FIELDS
from concord.web.code_names import beneficiary_name, modality_name, topic_name, unit_name
from concord.web.elements import Comparison
from concord.web.formats import state_name
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _
from concord.web.labels import CONFIDENTIALITY

LONGEST_SHOWN = 2_000


def differences(names: Sequence[str], typed: Raw, stored: Raw) -> tuple[Comparison, ...]:
    """A row for each of these fields in which the two differ."""
    return tuple(
        Comparison(FIELDS[name], _shown(name, typed), _shown(name, stored), "differs")
        for name in names
        if _plain(typed, name) != _plain(stored, name)
    )


def _plain(raw: Raw, name: str) -> list[str]:
    return sorted(value.replace("\r\n", "\n").strip() for value in raw.get(name, ()) if value)


def _shown(name: str, raw: Raw) -> str:
    found = ", ".join(NAMES.get(name, str)(value) for value in raw.get(name, ()) if value)
    return found[:LONGEST_SHOWN]


def _language(tag: str) -> str:
    known = language_tag(tag)
    return language_name(known, current_locale()) if known else tag


def _class(code: str) -> str:
    return str(CONFIDENTIALITY[code][0]) if code in CONFIDENTIALITY else code


def _person_or_organization(identity: str) -> str:
    return _("one from the list")


NAMES: Mapping[str, Callable[[str], str]] = {
    "language": _language,
    "working_languages": _language,
    "tags": topic_name,
    "topic": topic_name,
    "modality": modality_name,
    "beneficiary": beneficiary_name,
    "unit": unit_name,
    "co_states": state_name,
    "confidentiality": _class,
    "coordinators": _person_or_organization,
    "approver": _person_or_organization,
    "excluded": _person_or_organization,
}
