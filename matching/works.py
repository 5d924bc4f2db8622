"""The texts of offers as one language's index holds them."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from matching.encoder import Vectors
from matching.postings import Bag, Floats, Integers, Postings

BEST_WORKS = 3


class Hubs(NamedTuple):
    """How close each work is to the requests of one language: to the tenth nearest, and the sum
    to the nine that are nearer, (n,) each; the mean of all ten over all works; and the edition
    of the requests."""

    edition: int
    farthest: Floats
    others: Floats
    mean: float


NOT_COMPARED = Hubs(0, np.empty(0), np.empty(0), 0.0)


class Work:
    """One text of an offer: its description (`past` False), or one past work.

    `hubs`: by the language of known requests, the crowd's edition, the closeness to the tenth
    nearest of them, and the sum to the nine that are nearer.
    """

    __slots__ = ("cognates", "hubs", "past", "terms", "vector")

    def __init__(self, terms: Bag, cognates: Bag, vector: Vectors, *, past: bool) -> None:
        self.terms, self.cognates, self.vector, self.past = terms, cognates, vector, past
        self.hubs: dict[str, tuple[int, float, float]] = {}


class Block:
    """All works in one language, ordered by offer, with their index; or a part `within` them."""

    def __init__(
        self,
        works: dict[str, list[Work]],
        stems: dict[str, int],
        heads: dict[str, int],
        within: "Block | None" = None,
    ) -> None:
        self.offers = sorted(works)
        self.works = [work for offer in self.offers for work in works[offer]]
        self.vectors = np.stack([work.vector for work in self.works])
        if within is None:
            for work, vector in zip(self.works, self.vectors, strict=True):
                work.vector = vector  # held once
        self.hubs: dict[str, Hubs] = {}
        self.terms: Postings = Postings(
            [work.terms for work in self.works], stems, within.terms if within else None
        )
        self.cognates: Postings = Postings(
            [work.cognates for work in self.works],
            heads,
            within.cognates if within else None,
            compares=False,
        )
        self._counts = np.array([len(works[offer]) for offer in self.offers], np.int64)
        self._owner: Integers = np.repeat(np.arange(len(self._counts)), self._counts)
        self._starts: Integers = np.cumsum(self._counts) - self._counts
        self._described = np.array([not works[offer][0].past for offer in self.offers])

    @cached_property
    def middle(self) -> Vectors:
        """The mean of all vectors, (d,)."""
        mean: Vectors = self.vectors.mean(axis=0)
        return mean

    def best(self, signal: Floats) -> Floats:
        """The highest of each offer's works."""
        highest: Floats = np.maximum.reduceat(signal, self._starts)
        return highest

    def gather(self, signal: Floats) -> Floats:
        """The description, or the mean of the best three works where that is more."""
        if len(self.offers) == len(self.works):
            return signal
        means = np.add.reduceat(signal, self._starts) / self._counts
        many = np.flatnonzero(self._counts[self._owner] > BEST_WORKS)
        if len(many):
            order = many[np.lexsort((-signal[many], self._owner[many]))]
            place = np.arange(len(order)) - np.searchsorted(self._owner[order], self._owner[order])
            kept = order[place < BEST_WORKS]
            sums = np.bincount(self._owner[kept], signal[kept], len(self.offers))
            means = np.where(self._counts > BEST_WORKS, sums / BEST_WORKS, means)
        described = np.where(self._described, signal[self._starts], -np.inf)
        return np.maximum(described, means)
