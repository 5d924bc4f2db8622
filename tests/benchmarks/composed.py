"""Offers by the million: texts of real sentences that belong together, each unlike the others."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from concord.reference import tables
from matching.encoder import Vectors
from matching.postings import Floats, Integers
from matching.types import OfferProfile
from tests.benchmarks.pool import LANGUAGES, NEAR, NEAR_TITLES, Pool
from tests.benchmarks.stated import Fields, Provider

BATCH = 10_000
SPOKEN = (0.08, 0.42, 0.16, 0.16, 0.09, 0.09)  # of all offers, as LANGUAGES are
KEPT_NEAR = 0.8  # of an offer's sentences; the others are about something else
DESCRIBED, PAST, LONG_PAST = (3, 6), 2, 2  # sentences, past works, sentences of one
PLACES = DESCRIBED[1] + PAST * LONG_PAST
SPACE = {"zh": ""}


class Offered(NamedTuple):
    """An offer and the vectors of its texts, in their order."""

    profile: OfferProfile
    vectors: Vectors


class Composer:
    """`batch(n)` is the same whoever asks, and whatever was asked before."""

    def __init__(self, pool: Pool, providers: Sequence[Provider], *, seed: int = 1) -> None:
        self._pool, self._seed = pool, seed
        self._fields = Fields(providers)

    def batch(self, number: int, size: int = BATCH) -> Iterator[Offered]:
        numbers = np.random.default_rng((self._seed, number))
        chance = random.Random(self._seed * 1_000_000 + number)  # noqa: S311 - no secret
        spoken = numbers.choice(len(LANGUAGES), size, p=SPOKEN)
        seeds = self._sentences(spoken, numbers.random((size, 1)))[:, 0]
        picked = np.where(
            numbers.random((size, PLACES)) < KEPT_NEAR,
            self._pool.near[seeds[:, None], numbers.integers(NEAR, size=(size, PLACES))],
            self._sentences(spoken, numbers.random((size, PLACES))),
        )
        picked[:, 0] = seeds
        titles = self._pool.near_titles[seeds, numbers.integers(NEAR_TITLES, size=size)]
        for title, row in zip(titles.tolist(), picked.tolist(), strict=True):
            yield self._offer(_works(title, row, chance), chance)

    def _offer(self, works: list[list[int]], chance: random.Random) -> Offered:
        pool = self._pool
        seed = works[0][1]
        language = pool.sentences[seed].language
        stated = self._fields.drawn(language, pool.topics[seed], chance)
        where = [chance.choice(self._states)[language] for _ in works]
        profile = replace(
            stated,
            title=f"{pool.sentences[works[0][0]].text}, {where[0]}",
            text=self._text(works[0][1:], language),
            past=tuple(
                f"{self._text(work, language)} ({name})"
                for work, name in zip(works[1:], where[1:], strict=True)
            ),
        )
        return Offered(profile, np.stack([self._vector(work) for work in works]))

    def _text(self, work: Sequence[int], language: str) -> str:
        texts = (self._pool.sentences[number].text for number in work)
        return SPACE.get(language, " ").join(texts)

    def _vector(self, work: Sequence[int]) -> Vectors:
        """The longer a sentence, the more it says about the whole."""
        mean: Vectors = self._lengths[work] @ self._pool.vectors[work]
        unit: Vectors = mean / np.sqrt(mean @ mean)
        return unit

    def _sentences(self, spoken: Integers, points: Floats) -> Integers:
        """Sentences in the languages of the rows, as likely as each is."""
        found = np.zeros(points.shape, np.int64)
        for place, language in enumerate(LANGUAGES):
            bodies, rows = self._pool.bodies[language], spoken == place
            sums = np.cumsum(self._pool.chances(bodies))
            drawn = np.searchsorted(sums, points[rows], side="right")
            found[rows] = bodies[np.minimum(drawn, len(bodies) - 1)]
        return found

    @cached_property
    def _lengths(self) -> Vectors:
        return np.array([len(each.text) for each in self._pool.sentences], np.float32)

    @cached_property
    def _states(self) -> list[dict[str, str]]:
        return [dict(state.names) for state in tables.states()]


def _works(title: int, picked: list[int], chance: random.Random) -> list[list[int]]:
    """Sentences of the description, led by the title, and of each past work; none twice."""
    low, high = DESCRIBED
    works = [[title, *dict.fromkeys(picked[: chance.randint(low, high)])]]
    for number in range(chance.randint(0, PAST)):
        first = high + number * LONG_PAST
        works.append(list(dict.fromkeys(picked[first : first + chance.randint(1, LONG_PAST)])))
    return works
