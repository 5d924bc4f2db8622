"""One organization under two spellings: normalized name and country."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LEGAL_FORMS = frozenset(
    {"ag", "asbl", "bv", "co", "corp", "corporation", "ev", "gmbh", "inc", "incorporated", "kg"}
    | {"limited", "llc", "llp", "ltd", "oao", "ong", "ngo", "ooo", "plc", "pty", "sa", "sarl"}
    | {"sas", "spa", "srl", "the", "of", "for", "and", "de", "des", "du", "la", "le", "les"}
    | {"el", "los", "las", "y", "et"}
)
SIMILAR = 0.6
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Named:
    """`country`: ISO 3166-1 alpha-3, or None when it is not known."""

    id: str
    name: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class SameName:
    """`score` 1: the same words; `country_agrees` None: unknown on a side."""

    other: str
    score: float
    country_agrees: bool | None

    @property
    def likely(self) -> bool:
        return self.score == 1 and self.country_agrees is not False


def normalized(name: str) -> tuple[str, ...]:
    """Distinct words without accents, legal forms and particles, sorted; all words if none is
    left."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))
    return tuple(sorted({word for word in words if word not in LEGAL_FORMS} or set(words)))


def same_names(organization: Named, others: Iterable[Named]) -> list[SameName]:
    """Organizations that may be this one, most alike first: equal words anywhere, or most words
    in one country."""
    found: list[SameName] = []
    for other in others:
        if other.id == organization.id:
            continue
        alike = _alike(normalized(organization.name), normalized(other.name))
        agrees = _agrees(organization.country, other.country)
        if alike == 1 or (alike >= SIMILAR and agrees is not False):
            found.append(SameName(other.id, round(alike, 6), agrees))
    return sorted(found, key=lambda same: (not same.likely, -same.score, same.other))


def _alike(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Share of words in common, in [0, 1] (Jaccard 1912)."""
    union = set(first) | set(second)
    return len(set(first) & set(second)) / len(union) if union else 0.0


def _agrees(first: str | None, second: str | None) -> bool | None:
    return first == second if first and second else None
