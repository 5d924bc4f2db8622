"""Words of a text as the indexes count them."""

import re
import unicodedata
from functools import cache

import Stemmer

# Vowel signs of Thai and Devanagari belong to their word.
WORD = re.compile(r"[\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0900-\u0903\u093a-\u094f\u0962\u0963]+")
NUMBER = re.compile(r"\d+")
# Scripts written without spaces between words, or with many endings on each.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f\uac00-\ud7af]+")
UNWRITTEN = re.compile(r"[\u0640\u064b-\u0652\u0670]")
SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
# A name in another script does not change the language of a text.
MAIN_SHARE = 0.3
STEMMED = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
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
    words = WORD.findall(text.casefold())
    signs = sum(map(len, words))
    for language, script in SCRIPTS:
        if signs and len(script.findall(text)) > MAIN_SHARE * signs:
            return language
    hits = {name: sum(word in common for word in words) for name, common in TELLTALES.items()}
    best = max(hits, key=lambda name: hits[name])
    return best if hits[best] else UNKNOWN


def terms(text: str, language: str) -> list[tuple[str, str]]:
    """(term, the word as written) for each word: stemmed, or cut into pairs of signs."""
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
    plain = UNWRITTEN.sub("", unicodedata.normalize("NFKC", text).casefold())
    for word in WORD.findall(plain):
        found += _cut(word) if UNSPACED.search(word) else [word]
    return found


def _cut(word: str) -> list[str]:
    """Runs without spaces as overlapping pairs of signs (Nie et al. 2000), the rest whole."""
    pieces: list[str] = []
    place = 0
    for run in UNSPACED.finditer(word):
        if run.start() > place:
            pieces.append(word[place : run.start()])
        signs, place = run.group(), run.end()
        pieces += [signs[n : n + 2] for n in range(len(signs) - 1)] or [signs]
    return [*pieces, word[place:]] if place < len(word) else pieces


@cache
def _stemmer(language: str) -> "Stemmer.Stemmer | None":
    name = STEMMED.get(language)
    return Stemmer.Stemmer(name, 0) if name else None
