"""Where an offer stands among all by its meaning: what a vector index is asked about."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from matching.eligibility import primary
from matching.encoder import Vectors
from matching.excerpts import digest, offer_texts, whole
from matching.reading import WORDS_READ
from matching.tokens import language_of
from matching.types import OfferProfile

DIMENSION = 512
ANY = ""
"""Stands for every language that has no mean of its own."""
_NUMBERS = ",".join(["%.5g"] * DIMENSION)


def home_of(offer: OfferProfile) -> str:
    """The language that the offer is weighed in."""
    text = whole(offer.title, offer.text)
    return language_of(" ".join((text, *offer.past))[:WORDS_READ], offer.language)


def works_of(offer: OfferProfile, vectors: Mapping[bytes, bytes]) -> Vectors:
    """The vectors of its texts, (n, d)."""
    found = b"".join(vectors[digest(text)] for text in offer_texts(offer))
    return np.frombuffer(found, "<f4").reshape(-1, DIMENSION)


def placed(works: Vectors, usual: Vectors) -> Vectors:
    """The direction of all works together, less what is usual in their language, (d,).

    Its product with a request's vector says how much closer than usual the offer is, so that
    offers of all languages can be put in one order.
    """
    middle = works.mean(axis=0)
    length = np.float32(np.sqrt(middle @ middle)) or np.float32(1)
    found: Vectors = middle / length - usual
    return found


class Means:
    """The mean vector of each language's works, and of all works, summed up bit by bit."""

    def __init__(self) -> None:
        self._sums: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
        self._counts: dict[str, int] = {}

    def add(self, language: str, works: Vectors) -> None:
        for name in (language, ANY):
            before = self._sums.setdefault(name, np.zeros(DIMENSION))
            self._sums[name] = before + works.sum(axis=0, dtype=np.float64)
            self._counts[name] = self._counts.get(name, 0) + len(works)

    def stored(self) -> dict[str, bytes]:
        """Each as it is kept."""
        return {
            name: (total / self._counts[name]).astype("<f4").tobytes()
            for name, total in sorted(self._sums.items())
        }


def usual_in(language: str, means: Mapping[str, bytes]) -> Vectors:
    """The kept mean of a language, that of all where it has none, nothing where none is kept."""
    kept = means.get(language, means.get(ANY))
    return np.zeros(DIMENSION, np.float32) if kept is None else np.frombuffer(kept, "<f4")


def written(vector: Vectors | Sequence[float]) -> str:
    """As the database reads a vector."""
    return f"[{_NUMBERS % tuple(vector)}]"


def written_bytes(vector: bytes) -> str:
    """A kept vector as the database reads it."""
    return written(np.frombuffer(vector, "<f4").tolist())


def languages(tags: Iterable[str]) -> list[str]:
    """Primary subtags, each once, in order."""
    return sorted({primary(tag) for tag in tags if tag})
