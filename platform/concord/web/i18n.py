"""Languages of the interface: negotiation, catalogues and messages."""

import gettext as catalogues
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Literal

from concord.errors import Text

ENDONYMS = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
"""The official languages of the United Nations, in the order of their English names."""
DEFAULT = "en"
COOKIE = "lang"

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT)


def negotiate(*, cookie: str | None, accept_language: str = "") -> str:
    """The language chosen before, else the best that the browser asks for, else English."""
    return cookie if cookie in ENDONYMS else _preferred(accept_language)


@lru_cache(maxsize=1024)
def _preferred(accept_language: str) -> str:
    ranked: list[tuple[float, int, str]] = []
    for position, entry in enumerate(accept_language[:500].split(",")):
        tag, _, weight = entry.strip().partition(";q=")
        language = tag.lower().partition("-")[0]
        try:
            quality = float(weight or 1)
        except ValueError:
            continue
        if language in ENDONYMS and quality > 0:
            ranked.append((-quality, position, language))
    return min(ranked)[2] if ranked else DEFAULT


def activate(locale: str) -> Token[str]:
    """Switch the rest of this task to `locale`, once a person's own choice is known."""
    return _locale.set(locale if locale in ENDONYMS else DEFAULT)


@contextmanager
def use_locale(locale: str) -> Iterator[None]:
    """Switch to `locale` inside the block, as for a message to one recipient."""
    token = activate(locale)
    try:
        yield
    finally:
        _locale.reset(token)


def current_locale() -> str:
    return _locale.get()


def direction(locale: str) -> Literal["rtl", "ltr"]:
    return "rtl" if locale == "ar" else "ltr"


def language_tag(locale: str) -> str:
    """The BCP 47 tag of an interface language, for the `lang` attribute."""
    return "zh-Hans" if locale == "zh" else locale


@lru_cache(maxsize=len(ENDONYMS))
def catalogue(locale: str) -> catalogues.NullTranslations:
    with as_file(files("concord") / "locale") as folder:
        return catalogues.translation("messages", folder, [locale], fallback=True)


def gettext(message: str) -> str:
    return catalogue(_locale.get()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return catalogue(_locale.get()).ngettext(singular, plural, number)


def pgettext(context: str, message: str) -> str:
    return catalogue(_locale.get()).pgettext(context, message)


def npgettext(context: str, singular: str, plural: str, number: int) -> str:
    return catalogue(_locale.get()).npgettext(context, singular, plural, number)


@dataclass(frozen=True, slots=True)
class LazyMessage:
    """A message that is translated when it is shown, so that tables may hold it."""

    message: str
    parameters: dict[str, str | int] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        translated = gettext(self.message)
        return translated % self.parameters if self.parameters else translated


def lazy(message: str, **parameters: str | int) -> LazyMessage:
    """Import it `as N_`, the name under which messages are extracted."""
    return LazyMessage(message, parameters)


def say(value: object) -> object:
    """What a template prints: the sentences of rules in the reader's language."""
    if isinstance(value, Text):
        translated = gettext(value.msgid)
        return translated % value.parameters if value.parameters else translated
    return value
