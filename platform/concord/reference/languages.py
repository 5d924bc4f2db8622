"""The six languages of the pages, and the tags of languages that people write in."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from babel import Locale, UnknownLocaleError, parse_locale
from babel.core import get_global

UI_LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "العربية",
        "zh": "中文",
        "en": "English",
        "fr": "Français",
        "ru": "Русский",
        "es": "Español",
    }
)
CONTENT_LANGUAGES = (
    *UI_LANGUAGES,
    *("am", "az", "bn", "bs", "de", "el", "fa", "ha", "hi", "hr", "hy", "id", "it", "ja", "ka"),
    *("kk", "km", "ko", "ky", "lo", "mk", "mn", "ms", "my", "ne", "nl", "pl", "ps", "pt", "ro"),
    *("si", "so", "sq", "sr", "sw", "tet", "tg", "th", "tk", "tr", "uk", "ur", "uz", "vi"),
)
"""Languages that people are most likely to write or teach in; any other tag may be typed."""
LONGEST_TAG = 35  # RFC 5646 section 4.4.1
NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})
RIGHT_TO_LEFT_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa"})


def is_ui_language(tag: str) -> bool:
    return tag in UI_LANGUAGES


def language_tag(text: str) -> str | None:
    """The BCP 47 tag in its usual form (`zh-Hant`, `pt-BR`), or None for what is not one.

    Language, script and region have to be registered; variants and extensions are refused.
    """
    if len(text) > LONGEST_TAG:
        return None
    try:
        parts = parse_locale(_usual(text), sep="-")
    except ValueError:
        return None
    language, region, script, variant = parts[:4]
    known = _english()
    if variant or len(parts) > 4 or language in NO_LANGUAGE or language not in known.languages:
        return None
    if (script and script not in known.scripts) or (region and region not in known.territories):
        return None
    return "-".join(part for part in (language, script, region) if part)


def language_name(tag: str, language: str) -> str:
    """The name of a content language for a reader of `language`; a region stays a code."""
    reader = Locale(language)
    primary, region, script = (*parse_locale(tag, sep="-"), None)[:3]
    combined = reader.languages.get(f"{primary}_{script}") if script else None
    name = combined or reader.languages.get(primary, primary)
    details = [region or ""] if combined or not script else [reader.scripts[script], region or ""]
    shown = ", ".join(filter(None, details))
    return f"{name} ({shown})" if shown else name


def primary_language(tag: str) -> str:
    """The first part of a tag: `zh` for `zh-Hant`."""
    return tag.split("-", 1)[0].lower()


def is_right_to_left(tag: str) -> bool:
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    if locale.script:
        return locale.script in RIGHT_TO_LEFT_SCRIPTS
    return locale.text_direction == "rtl"


@lru_cache(maxsize=1)
def _english() -> Locale:
    return Locale("en")


def _usual(text: str) -> str:
    """A tag whose first part is the one in use: `eng` becomes `en`, `prs` becomes `fa-AF`."""
    first, *rest = text.strip().replace("_", "-").split("-")
    preferred: str = get_global("language_aliases").get(first.lower(), first)
    return "-".join([preferred.replace("_", "-"), *rest])
