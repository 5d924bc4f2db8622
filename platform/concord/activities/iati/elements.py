"""Texts, codes and numbers of elements, alike in both series of versions."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from concord.activities.sources import MOST, tidied
from concord.errors import InvalidInput, Text
from concord.inputs import clean
from concord.reference.languages import language_tag

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DATE = "%(text)s is no date; write year-month-day, for example 2027-03-31."
Element = etree._Element


def words(element: Element | None) -> str:
    """The text of an element, or of its first narrative."""
    if element is None:
        return ""
    narrative = element.find("narrative")
    return clean(tidied((element if narrative is None else narrative).text or ""))


def narratives(element: Element, default: str) -> list[tuple[str, str]]:
    """(language, text) of each narrative; in 1.x of the element itself."""
    found = element.findall("narrative") or [element]
    own = element.get(LANG) or default
    return [
        (language_tag(part.get(LANG) or own) or default, text)
        for part in found
        if (text := clean(tidied(part.text or "")))
    ]


def by_language(
    elements: list[Element], default: str, *, limit: int, joint: str
) -> Mapping[str, str]:
    """All texts of one language together, without repeats, the default language first."""
    found: dict[str, list[str]] = {}
    for element in elements:
        for language, text in narratives(element, default):
            if text not in found.setdefault(language, []):
                found[language].append(text)
    ordered = sorted(found, key=lambda language: language != default)
    return {language: shortened(joint.join(found[language]), limit) for language in ordered}


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def code_of(element: Element | None) -> str:
    """Its code; `ref` before 1.01."""
    if element is None:
        return ""
    return clean(element.get("code") or element.get("ref") or "")


def date_in(text: str, field: str) -> date | None:
    """The day of a date or date-time; `InvalidInput` by `field` for anything else."""
    text = clean(text)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise InvalidInput({field: Text(DATE, text=text[:40])}) from None


def moment_in(text: str | None) -> datetime | None:
    """A date-time, in UTC unless it says otherwise; None for what is none."""
    try:
        found = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None


def amount_in(text: str | None) -> Decimal | None:
    """A sum of money above zero; None for what is none."""
    try:
        found = round(Decimal((text or "").strip().replace(",", "") or "0"), 2)
    except InvalidOperation:
        return None
    return found if 0 < found < MOST else None


def share_in(text: str | None) -> float | None:
    found = amount_in(text)
    return float(found) if found is not None and found <= 100 else None
