"""The words of one reader's language, and a message's fields as that reader writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from gettext import NullTranslations
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from msgspec.structs import asdict

from notifications.messages import Message

RIGHT_TO_LEFT = frozenset({"ar"})
FORMATS = {"en": Locale("en", "GB")}
"""The United Nations writes the day first."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Language:
    """One per locale: its catalogue, names of States by code, labels of coded reasons by code.

    A code without a name is shown as it is.
    """

    locale: str
    translations: NullTranslations
    states: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        return "rtl" if self.locale.partition("-")[0] in RIGHT_TO_LEFT else "ltr"

    @property
    def tag(self) -> str:
        """BCP 47, for `lang` and Content-Language."""
        return "zh-Hans" if self.locale == "zh" else self.locale


def worded(message: Message, language: Language) -> dict[str, object]:
    """Each field by its name: dates written out, codes replaced by their names; numbers stay."""
    return {name: _word(name, value, language) for name, value in asdict(message).items()}


def _word(name: str, value: object, language: Language) -> object:
    locale = FORMATS.get(language.locale) or Locale.parse(language.locale, sep="-")
    if isinstance(value, datetime):
        return format_datetime(value, "long", locale=locale)
    if isinstance(value, date):
        return format_date(value, "long", locale=locale)
    if name == "state":
        return language.states.get(str(value), str(value))
    if name == "reason":
        return language.reasons.get(str(value), str(value))
    if name == "reasons" and isinstance(value, tuple):
        return format_list([language.reasons.get(code, code) for code in value], locale=locale)
    return value
