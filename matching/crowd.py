"""What requests have in common, taken away from each: their style, and offers close to everything.

Requests of one kind share a direction (they all ask), and some offers lie near every request.
Subtracting the requests' mean vector and half of an offer's mean closeness to its nearest
requests (cross-domain similarity local scaling, Conneau et al. 2018) lets the specific through.
"""

from collections.abc import Iterable

import numpy as np

from matching.encoder import Encoder, Vectors
from matching.postings import Floats
from matching.works import Block, Work

FEW = 100
NEIGHBOURS = 10
HUB_SHARE = 0.5
# The mean closeness of an offer to its nearest requests, on the sets this was measured on.
USUAL_HUB = 0.36
REMEMBERED = 20_000


class Crowd:
    """Known requests by language; below a hundred in a language nothing is taken away."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}
        self._members: dict[str, frozenset[str]] = {}
        self._means: dict[str, Vectors] = {}
        self._centred: dict[str, Vectors] = {}
        self._edition = 0

    def learn(self, texts: Iterable[tuple[str, str]]) -> None:
        """Replaces the crowd by these (language, text) pairs, in any order."""
        self._edition += 1
        by_language: dict[str, set[str]] = {}
        for language, text in texts:
            by_language.setdefault(language, set()).add(text)
        self._members, self._means, self._centred = {}, {}, {}
        for language, members in by_language.items():
            if self._encoder.reads(language) and len(members) >= FEW:
                vectors = np.stack([self.vector(text) for text in sorted(members)])
                mean = vectors.mean(axis=0)
                self._members[language] = frozenset(members)
                self._means[language] = mean
                self._centred[language] = np.stack([_unit(row - mean) for row in vectors])

    def vector(self, text: str) -> Vectors:
        """The text's vector, remembered: a request is ranked again and again."""
        if text not in self._vectors:
            if len(self._vectors) >= REMEMBERED:
                self._vectors.clear()
            self._vectors[text] = self._encoder.encode([text])[0]
        return self._vectors[text]

    def meaning(self, language: str, text: str, block: Block) -> Floats:
        """How close each work of the block is in meaning, (n,); about 1 for the same text."""
        vector = self.vector(text)
        if language not in self._means:
            return (block.vectors @ vector).astype(np.float64)
        close = block.vectors @ _unit(vector - self._means[language])
        nearest = self._nearest(block, language)
        if text not in self._members[language]:
            nearest = np.column_stack([np.maximum(nearest[:, 0], close), nearest[:, 1:]])
        hubs = nearest.mean(axis=1, dtype=np.float64)
        specific: Floats = close.astype(np.float64) - HUB_SHARE * (hubs - USUAL_HUB)
        return specific

    def usual(self, language: str, text: str, block: Block) -> float:
        """The mean of `meaning` over the block, without reading every work of it."""
        vector = self.vector(text)
        if language not in self._means:
            return float(block.middle @ vector)
        close = float(block.middle @ _unit(vector - self._means[language]))
        hubs = float(self._nearest(block, language).mean(dtype=np.float64))
        return close - HUB_SHARE * (hubs - USUAL_HUB)

    def _nearest(self, block: Block, language: str) -> Vectors:
        """(n, 10): closeness of each work to its nearest requests, the farthest of them first."""
        edition, known = block.hubs.get(language, (-1, block.vectors))
        if edition != self._edition:
            known = np.stack([self._nearest_of(work, language) for work in block.works])
            block.hubs[language] = (self._edition, known)
        return known

    def _nearest_of(self, work: Work, language: str) -> Vectors:
        edition, known = work.hubs.get(language, (-1, work.vector))
        if edition != self._edition:
            close = self._centred[language] @ work.vector
            known = np.sort(np.partition(close, -NEIGHBOURS)[-NEIGHBOURS:])
            work.hubs[language] = (self._edition, known)
        return known


def _unit(vector: Vectors) -> Vectors:
    length = float(np.sqrt(vector @ vector))
    return vector / np.float32(length) if length else vector
