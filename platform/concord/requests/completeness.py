"""How complete a request is, 0 to 100, and what is missing; alike in every script."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from concord.requests.values import DraftValues

THRESHOLD = 60
"""Below it a focal point has to say why the request is submitted all the same."""
DESCRIPTION_LENGTH = 400.0
OUTCOME_LENGTH = 60.0
EXISTING_LENGTH = 3.0
FEWEST_WORDS = 12
LEAST_VARIETY = 0.35

_WEIGHTS = (("CJK", 3.4), ("HIRAGANA", 2.0), ("KATAKANA", 2.0), ("HANGUL", 2.2), ("ARABIC", 1.3))
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"\w+")
_PLACEHOLDERS = re.compile(
    r"lorem ipsum|\bx{3,}\b|\bt\.?b\.?[acd]\b|\bto be (?:determined|completed|confirmed)\b|\basdf"
    r"|\bà (?:compléter|définir|déterminer)\b|\bpor (?:definir|determinar|completar)\b"
    r"|будет определено|подлежит уточнению|待定|待补充|待確定|يحدد لاحقا|سيحدد لاحقا|يُحدد لاحقا",
    re.IGNORECASE,
)


class Part(StrEnum):
    """What completeness looks at."""

    DESCRIPTION = "description"
    BOILERPLATE = "boilerplate"
    OUTCOME = "outcome"
    EXISTING = "existing"
    ITEMS = "items"
    INSTITUTION = "institution"
    QUANTITY = "quantity"
    WINDOW = "window"
    LANGUAGE = "language"


POINTS = {
    Part.DESCRIPTION: 20,
    Part.OUTCOME: 15,
    Part.EXISTING: 10,
    Part.INSTITUTION: 15,
    Part.QUANTITY: 15,
    Part.WINDOW: 15,
    Part.LANGUAGE: 10,
}


@dataclass(frozen=True, slots=True)
class Completeness:
    """`score` in [0, 100]; `missing` in the order in which a reader should mend it."""

    score: int
    missing: tuple[Part, ...]

    @property
    def is_enough(self) -> bool:
        return self.score >= THRESHOLD


def completeness(values: DraftValues) -> Completeness:
    """Points for each part, a share of them for a short text or some complete items."""
    shares = {
        Part.DESCRIPTION: _description(values),
        Part.OUTCOME: min(length(values.outcome) / OUTCOME_LENGTH, 1.0),
        Part.EXISTING: min(length(values.existing) / EXISTING_LENGTH, 1.0),
        Part.INSTITUTION: _share([bool(item.institution) for item in values.items]),
        Part.QUANTITY: _share([bool(item.quantity and item.unit) for item in values.items]),
        Part.WINDOW: 1.0 if values.starts_on and values.ends_on else 0.0,
        Part.LANGUAGE: 1.0 if values.working_languages else 0.0,
    }
    missing = [part for part, share in shares.items() if share < 1.0]
    if not values.items:
        missing = [Part.ITEMS, *(p for p in missing if p not in {Part.INSTITUTION, Part.QUANTITY})]
    if values.description and is_boilerplate(values.description, title=values.title):
        missing = [Part.BOILERPLATE, *(part for part in missing if part is not Part.DESCRIPTION)]
    score = round(sum(POINTS[part] * share for part, share in shares.items()))
    return Completeness(score, tuple(missing))


def length(text: str) -> float:
    """Letters and digits, each weighed by how much its script says in one character.

    English counts 1; the weights come from one text in the official languages, whose Chinese has
    about three tenths and whose Arabic three quarters of the characters of the English.
    """
    return sum(_weight(character) for character in text if character.isalnum())


def is_boilerplate(text: str, *, title: str = "") -> bool:
    """Whether a text says nothing: placeholders, the title again, or few words over and over."""
    if _PLACEHOLDERS.search(text) or (title and _folded(text) == _folded(title)):
        return True
    words = _words(text)
    return len(words) >= FEWEST_WORDS and len(set(words)) / len(words) < LEAST_VARIETY


def _description(values: DraftValues) -> float:
    if is_boilerplate(values.description, title=values.title):
        return 0.0
    return min(length(values.description) / DESCRIPTION_LENGTH, 1.0)


def _weight(character: str) -> float:
    if character < "\u0590":  # Latin, Greek and Cyrillic
        return 1.0
    name = unicodedata.name(character, "")
    return next((weight for script, weight in _WEIGHTS if name.startswith(script)), 1.0)


def _words(text: str) -> list[str]:
    """Words, or characters where a script writes none."""
    folded = _folded(text)
    return _HAN.findall(folded) + _WORD.findall(_HAN.sub(" ", folded))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _share(found: list[bool]) -> float:
    return sum(found) / len(found) if found else 0.0
