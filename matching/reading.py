"""Texts of offers as works: read by one vocabulary, and those of offers apart remembered."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from matching.encoder import Encoder
from matching.excerpts import SIGNS_ENCODED, digest
from matching.postings import Bag
from matching.tokens import cognates, language_of, terms
from matching.works import Work

WORDS_READ = 20_000
REMEMBERED = 20_000


class Read(NamedTuple):
    """An offer's works in its language; `mark` differs whenever what was read does."""

    mark: bytes
    language: str
    works: list[Work]


class Reader:
    """`stems`: the vocabulary of each language; `heads`: that of names and cognates."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.stems: dict[str, dict[str, int]] = {}
        self.heads: dict[str, int] = {}
        self._apart: OrderedDict[str, Read] = OrderedDict()

    def read(self, text: str, past: Sequence[str], tag: str | None) -> Read:
        language = language_of(" ".join((text, *past))[:WORDS_READ], tag)
        works = [self._work(each, language, past=True) for each in past]
        if text.strip() or not past:
            works.insert(0, self._work(text, language, past=False))
        return Read(mark_of(text, past, tag), language, works)

    def remembered(self, offer: str, text: str, past: Sequence[str], tag: str | None) -> Read:
        """The same; of many offers those longest unasked for are forgotten."""
        found = self._apart.get(offer)
        if found is None or found.mark != mark_of(text, past, tag):
            found = self._apart[offer] = self.read(text, past, tag)
        self._apart.move_to_end(offer)
        if len(self._apart) > REMEMBERED:
            self._apart.popitem(last=False)
        return found

    def _work(self, text: str, language: str, *, past: bool) -> Work:
        short, stems = text[:WORDS_READ], self.stems.setdefault(language, {})
        return Work(
            Bag((term for term, _ in terms(short, language)), stems),
            Bag((head for head, _ in cognates(short)), self.heads),
            self._encoder.encode([text[:SIGNS_ENCODED]])[0],
            past=past,
        )


def mark_of(text: str, past: Sequence[str], tag: str | None) -> bytes:
    return digest("\0".join((tag or "", text, *past)))
