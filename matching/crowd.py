"""What requests have in common, taken away from each: their style, and offers close to everything.

Requests of one kind share a direction (they all ask), and some offers lie near every request.
Subtracting the requests' mean vector and half of an offer's mean closeness to its nearest
requests (cross-domain similarity local scaling, Conneau et al. 2018) lets the specific through.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from matching.encoder import Encoder, Vectors, one_thread, stored
from matching.excerpts import digest
from matching.postings import Floats
from matching.types import KnownTexts
from matching.works import NOT_COMPARED, Block, Hubs, Work

FEW = 100
NEIGHBOURS = 10
# A request that was filed again must not make its answers look as if they were near to all.
ALIKE = 0.96
HUB_SHARE = 0.5
# The mean closeness of an offer to its nearest requests, on the sets this was measured on.
USUAL_HUB = 0.36
REMEMBERED = 20_000
MARK = 16  # bytes of a digest
SLAB = 256  # works compared in one product
AT_ONCE = 3_000_000  # comparisons that nobody minds waiting for


class Crowd:
    """Known requests by language; below a hundred in a language nothing is taken away."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}
        self._members: dict[str, frozenset[bytes]] = {}
        self._means: dict[str, Vectors] = {}
        self._centred: dict[str, Floats] = {}
        self._edition = 0

    def learn(self, texts: Iterable[tuple[str, str]]) -> None:
        """Replaces the crowd by these (language, text) pairs, in any order."""
        self.follow(self.known(texts))

    def known(self, texts: Iterable[tuple[str, str]]) -> list[KnownTexts]:
        """The crowd that these (language, text) pairs make, to be kept: of those that nearly
        say the same, one."""
        by_language: dict[str, dict[bytes, str]] = {}
        for language, text in texts:
            by_language.setdefault(language, {})[digest(text)] = text
        found = [
            self._kept(language, members)
            for language, members in sorted(by_language.items())
            if self._encoder.reads(language) and len(members) >= FEW
        ]
        return [each for each in found if len(each.digests) >= FEW * MARK]

    def follow(self, known: Sequence[KnownTexts]) -> None:
        """Replaces the crowd by one that was kept."""
        self._edition += 1
        self._members, self._means, self._centred = {}, {}, {}
        for language, digests, kept in known:
            marks = [digests[n : n + MARK] for n in range(0, len(digests), MARK)]
            vectors = np.frombuffer(kept, "<f4").astype(np.float32).reshape(len(marks), -1)
            mean = vectors.mean(axis=0)
            self._members[language] = frozenset(marks)
            self._means[language] = mean
            self._centred[language] = np.array([_unit(row - mean) for row in vectors], np.float64)

    def _kept(self, language: str, members: Mapping[bytes, str]) -> KnownTexts:
        marks = sorted(members)
        vectors = np.stack([self.vector(members[mark]) for mark in marks])
        chosen = _different(vectors)
        kept = [marks[place] for place in chosen]
        return KnownTexts(language, b"".join(kept), b"".join(stored(vectors[chosen])))

    def vector(self, text: str) -> Vectors:
        """The text's vector, remembered: a request is ranked again and again."""
        if text not in self._vectors:
            if len(self._vectors) >= REMEMBERED:
                self._vectors.clear()
            self._vectors[text] = self._encoder.encode([text])[0]
        return self._vectors[text]

    def direction(self, language: str, text: str) -> Vectors:
        """The text's vector without what requests in its language have in common."""
        vector = self.vector(text)
        mean = self._means.get(language)
        return vector if mean is None else _unit(vector - mean)

    def meaning(self, language: str, text: str, block: Block) -> Floats:
        """How close each work of the block is in meaning, (n,); about 1 for the same text."""
        close = (block.vectors @ self.direction(language, text)).astype(np.float64)
        if language not in self._means:
            return close
        _, farthest, others, _ = self._nearest(block, language)
        if digest(text) not in self._members[language]:
            farthest = np.maximum(farthest, close)
        hubs = (farthest + others) / NEIGHBOURS
        specific: Floats = close - HUB_SHARE * (hubs - USUAL_HUB)
        return specific

    def usual(self, language: str, text: str, block: Block) -> float:
        """The mean of `meaning` over the block as for a known request, without reading every work
        of it."""
        close = float(block.middle @ self.direction(language, text))
        if language not in self._means:
            return close
        return close - HUB_SHARE * (self._nearest(block, language).mean - USUAL_HUB)

    def prepare(self, blocks: Iterable[Block]) -> bool:
        """Compare some works that were not compared yet; False when there are none."""
        for language, block in ((one, block) for block in blocks for one in self._means):
            if block.hubs.get(language, NOT_COMPARED).edition == self._edition:
                continue
            some = self._unread(block.works, language)[: AT_ONCE // len(self._centred[language])]
            self._compare(some, language)
            if not self._unread(block.works, language):
                self._nearest(block, language)
            return True
        return False

    def _nearest(self, block: Block, language: str) -> Hubs:
        known = block.hubs.get(language, NOT_COMPARED)
        if known.edition != self._edition:
            self._compare(self._unread(block.works, language), language)
            farthest, others = np.array([work.hubs[language][1:] for work in block.works]).T
            mean = float((farthest + others).mean()) / NEIGHBOURS
            known = block.hubs[language] = Hubs(self._edition, farthest, others, mean)
        return known

    def _unread(self, works: Sequence[Work], language: str) -> list[Work]:
        edition = self._edition
        return [work for work in works if work.hubs.get(language, (0,))[0] != edition]

    def _compare(self, works: Sequence[Work], language: str) -> None:
        """Twice as exact as vectors are: the last bits of a sum depend on what is with it."""
        requests = self._centred[language].T
        for part in _slabs(works):
            with one_thread():
                close = np.array([work.vector for work in part], np.float64) @ requests
            nearest = np.sort(np.partition(close, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS:], axis=1)
            others = nearest[:, 1:].sum(axis=1)
            for work, low, rest in zip(part, nearest[:, 0].tolist(), others.tolist(), strict=True):
                work.hubs[language] = (self._edition, low, rest)


def _slabs(works: Sequence[Work]) -> Iterator[Sequence[Work]]:
    return (works[first : first + SLAB] for first in range(0, len(works), SLAB))


def _different(vectors: Vectors) -> list[int]:
    """Places of vectors, each of them unlike all that were chosen before it."""
    exact, left = vectors.astype(np.float64), np.ones(len(vectors), bool)
    chosen: list[int] = []
    for place in range(len(vectors)):
        if left[place]:
            chosen.append(place)
            with one_thread():
                left &= exact @ exact[place] < ALIKE
    return chosen


def _unit(vector: Vectors) -> Vectors:
    length = float(np.sqrt(vector @ vector))
    return vector / np.float32(length) if length else vector
