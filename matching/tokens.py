"""Words of a text as the indexes count them."""

import re
import unicodedata
from functools import cache

import Stemmer

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d+")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
SCRIPTS = (
    ("zh", HAN),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
STEMMED = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ru": "russian",
    "tr": "turkish",
}
# The commonest words that tell these languages from one another.
TELLTALES = {
    "en": frozenset({"the", "of", "and", "to", "in", "for", "is", "with", "that", "on", "are"}),
    "fr": frozenset({"le", "les", "des", "et", "du", "une", "dans", "pour", "est", "sur", "aux"}),
    "es": frozenset({"el", "los", "las", "y", "del", "una", "en", "para", "es", "con", "por"}),
}
COGNATE = 4
UNKNOWN = "und"


def language_of(text: str, tag: str | None) -> str:
    """The primary subtag given, otherwise a guess from script and commonest words."""
    if tag:
        return tag.replace("_", "-").split("-", 1)[0].lower()
    for language, script in SCRIPTS:
        if script.search(text):
            return language
    words = WORD.findall(text.casefold())
    hits = {name: sum(word in common for word in words) for name, common in TELLTALES.items()}
    best = max(hits, key=lambda name: hits[name])
    return best if hits[best] else UNKNOWN


def terms(text: str, language: str) -> list[tuple[str, str]]:
    """(term, the word as written) for each word: stemmed, Chinese cut into pairs of signs."""
    pieces = words(text)
    if stemmer := _stemmer(language):
        return list(zip(stemmer.stemWords(pieces), pieces, strict=True))
    return [(piece, piece) for piece in pieces]


def cognates(text: str) -> list[tuple[str, str]]:
    """(beginning without accents, the word): names, numbers and cognates across languages."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [(piece[:COGNATE], piece) for piece in words(kept)]


def words(text: str) -> list[str]:
    found: list[str] = []
    for word in WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        found += _cut(word) if HAN.search(word) else [word]
    return found


def _cut(word: str) -> list[str]:
    """Han runs as overlapping pairs; Chinese is written without spaces between words."""
    pieces: list[str] = []
    place = 0
    for run in HAN.finditer(word):
        if run.start() > place:
            pieces.append(word[place : run.start()])
        signs, place = run.group(), run.end()
        pieces += [signs[n : n + 2] for n in range(len(signs) - 1)] or [signs]
    return [*pieces, word[place:]] if place < len(word) else pieces


@cache
def _stemmer(language: str) -> "Stemmer.Stemmer | None":
    name = STEMMED.get(language)
    return Stemmer.Stemmer(name, 0) if name else None
