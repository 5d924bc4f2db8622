"""An inverted index of one language: BM25 over its own score, and TF-IDF cosine."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Number = TypeVar("Number", float, Floats)

# Robertson and Zaragoza 2009; short texts want little length normalization (Trotman et al. 2014).
K1 = 0.9
B = 0.4


class Bag:
    """The distinct terms of one text, as numbers of a vocabulary, with their counts."""

    __slots__ = ("counts", "numbers", "size")

    def __init__(self, found: Iterable[str], vocabulary: dict[str, int]) -> None:
        tally = Counter(found)
        numbers = [vocabulary.setdefault(term, len(vocabulary)) for term in tally]
        self.numbers = np.array(numbers, np.int32)
        self.counts = np.array(list(tally.values()), np.int32)
        self.size = int(self.counts.sum())


class Postings:
    """Which texts contain a term and how much it weighs there; built once, from a bag or more.

    `within`: the index of a larger whole, whose frequencies count in place of those of `bags`.
    `compares`: whether `cosine` will be asked for.
    """

    def __init__(
        self,
        bags: Sequence[Bag],
        vocabulary: dict[str, int],
        within: "Postings | None" = None,
        *,
        compares: bool = True,
    ) -> None:
        self.vocabulary = vocabulary
        self._size = len(bags)
        sizes = np.array([bag.size for bag in bags], np.float64)
        rows = np.repeat(np.arange(len(bags), dtype=np.int32), [len(b.numbers) for b in bags])
        numbers = np.concatenate([bag.numbers for bag in bags])
        counts = np.concatenate([bag.counts for bag in bags]).astype(np.float64)
        frequency = np.bincount(numbers, minlength=len(vocabulary))
        if within is None:
            self._count(len(bags), frequency, float(sizes.mean()) if sizes.any() else 1.0)
        else:
            self._take(within, frequency)
        saturated = _saturated(counts, sizes[rows], self.mean_size)
        order = np.argsort(numbers, kind="stable")
        self._rows = rows[order]
        self._bm25 = (saturated * self._bm25_idf[numbers])[order]
        if compares:
            cosine = (1 + np.log(counts)) * self._tfidf_idf[numbers]
            norms = np.sqrt(np.bincount(rows, cosine**2, len(bags)))
            self._cosine: Floats = (cosine / norms[rows])[order]
        self._starts = np.concatenate([[0], np.cumsum(frequency)])

    def _count(self, documents: int, frequency: Integers, mean_size: float) -> None:
        self.documents, self.mean_size = documents, mean_size
        self._found = self._weighed = frequency > 0
        self._bm25_idf = _bm25_idf(documents, frequency)
        self._tfidf_idf = _tfidf_idf(documents, frequency)

    def _take(self, whole: "Postings", frequency: Integers) -> None:
        """The whole's weights; a term that is not there is as rare as can be."""
        self.documents, self.mean_size = whole.documents, whole.mean_size
        new = (0, len(frequency) - len(whole._found))
        self._weighed = np.pad(whole._found, new)
        self._found = self._weighed | (frequency > 0)
        self._bm25_idf = np.pad(whole._bm25_idf, new, constant_values=_bm25_idf(self.documents, 0))
        self._tfidf_idf = np.pad(
            whole._tfidf_idf, new, constant_values=_tfidf_idf(self.documents, 0)
        )

    def bm25(self, terms: Iterable[str]) -> Floats:
        """Scores (n,), divided by the score of a text equal to the request, so about [0, 1]."""
        tally = Counter(terms)
        size = sum(tally.values())
        scores, own = np.zeros(self._size), 0.0
        for term, count in tally.items():
            number = self._number(term)
            unseen = float(_bm25_idf(self.documents, 0))
            idf = unseen if number is None else float(self._bm25_idf[number])
            own += count * idf * _saturated(count, size, self.mean_size)
            if number is not None:
                here = slice(self._starts[number], self._starts[number + 1])
                scores[self._rows[here]] += count * self._bm25[here]
        return scores / own if own else scores

    def cosine(self, terms: Iterable[str]) -> Floats:
        """Cosine (n,) in [0, 1] of TF-IDF vectors with logarithmic counts (Salton 1988).

        A term that the whole does not have is passed over, or else what a text scores would
        depend on who has it among those that are looked at with it.
        """
        tally = Counter(terms)
        scores, squares = np.zeros(self._size), 0.0
        for term, count in tally.items():
            number = self._number(term)
            if number is None or not self._weighed[number]:
                continue
            weight = (1 + np.log(count)) * float(self._tfidf_idf[number])
            squares += weight * weight
            here = slice(self._starts[number], self._starts[number + 1])
            scores[self._rows[here]] += weight * self._cosine[here]
        return scores / np.sqrt(squares) if squares else scores

    def idf(self, term: str) -> float:
        number = self._number(term)
        return 0.0 if number is None else float(self._bm25_idf[number])

    def _number(self, term: str) -> int | None:
        number = self.vocabulary.get(term)
        if number is None or number >= len(self._bm25_idf):
            return None
        return number if self._found[number] else None


def _bm25_idf(documents: int, frequency: Integers | int) -> Floats:
    idf: Floats = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
    return idf


def _tfidf_idf(documents: int, frequency: Integers | int) -> Floats:
    idf: Floats = np.log((1 + documents) / (1 + frequency)) + 1
    return idf


def _saturated(counts: Number, sizes: Number, mean: float) -> Number:
    return counts * (K1 + 1) / (counts + K1 * (1 - B + B * sizes / mean))
