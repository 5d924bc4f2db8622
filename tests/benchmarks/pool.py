"""Real sentences in six languages, each read once for its meaning: what masses are made of."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np

from matching.encoder import SentenceEncoder, Vectors
from matching.postings import Floats, Integers
from matching.sentences import sentences
from tests.benchmarks.corpus import listed, sample

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
NEAR, NEAR_TITLES = 32, 12  # sentences and titles that go well with a sentence
SHARES = {"sample": 0.55, "project": 0.25, "public": 0.15, "heading": 0.05}  # of what is drawn
LONGEST = 400
SHORTEST = {"zh": 6, "ar": 10}


@dataclass(frozen=True, slots=True)
class Sentence:
    """`topics`: those of the sample's record that it is from."""

    text: str
    language: str
    kind: str
    topics: tuple[str, ...] = ()
    title: bool = False


def of_sample() -> Iterator[Sentence]:
    """Offers whole; of requests only what exists already, since the rest is what is asked."""
    for row in sample("offers"):
        topics = tuple(listed(row["topics"]))
        yield Sentence(row["title"], row["language"], "sample", topics, title=True)
        for text in (*sentences(row["description"]), *listed(row["past"])):
            yield Sentence(text, row["language"], "sample", topics)
    for row in sample("requests"):
        for text in sentences(row["existing"]):
            yield Sentence(text, row["language"], "sample", tuple(listed(row["topics"])))


def of_projects(folder: Path) -> Iterator[Sentence]:
    with (folder / "external_projects.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield Sentence(row["project_name"], "en", "project", title=True)
            for text in sentences(row["pdo"] or ""):
                yield Sentence(text, "en", "project")


def of_headings(folder: Path) -> Iterator[Sentence]:
    for line in (folder / "unbis_headings.jsonl").read_text("utf-8").splitlines():
        heading = json.loads(line)
        for language in LANGUAGES:
            text = heading[language].capitalize()
            yield Sentence(text, language, "heading", title=True)
            yield Sentence(text, language, "heading")


def of_articles(folder: Path) -> Iterator[Sentence]:
    for language in ("en", "es", "zh"):
        read = json.loads((folder / "xquad-r" / f"{language}.json").read_text("utf-8"))
        for paragraph in (each for article in read["data"] for each in article["paragraphs"]):
            for text in sentences(paragraph["context"]):
                yield Sentence(text, language, "public")
    for line in (folder / "expertise" / "requests.jsonl").read_text("utf-8").splitlines():
        for text in sentences(json.loads(line)["abstract"] or ""):
            yield Sentence(text, "en", "public")


def of_lists(folder: Path) -> Iterator[Sentence]:
    for language in ("es", "fr", "ru", "zh"):
        with (folder / "duplicates" / f"stsb-{language}-dev.csv").open(encoding="utf-8") as lines:
            for first, second, _ in csv.reader(lines):
                yield from (Sentence(text, language, "public") for text in (first, second))
    for pair, ending, language in (("fra-eng", "fra", "fr"), ("rus-eng", "rus", "ru")):
        path = folder / "tatoeba" / f"tatoeba.{pair}.{ending}"
        for text in path.read_text("utf-8").splitlines():
            yield Sentence(text, language, "public")


def gathered(folder: Path) -> list[Sentence]:
    """Each text once, the sample's first; `folder`: where the public texts are."""
    public = folder / "matching"
    texts = (of_headings(public), of_articles(public), of_lists(public))
    kept: dict[tuple[str, bool], Sentence] = {}
    for each in chain(of_sample(), of_projects(folder), *texts):
        if SHORTEST.get(each.language, 15) <= len(each.text) <= LONGEST:
            kept.setdefault((each.text, each.title), each)
    return list(kept.values())


@dataclass(frozen=True)
class Pool:
    """Sentences with their vectors; everything else here speaks of them by number."""

    sentences: list[Sentence]
    vectors: Vectors

    @classmethod
    def read(cls, folder: Path) -> "Pool":
        found = gathered(folder)
        return cls(found, SentenceEncoder().encode([each.text for each in found]))

    @cached_property
    def bodies(self) -> dict[str, Integers]:
        return {language: self._numbers(language, title=False) for language in LANGUAGES}

    @cached_property
    def titles(self) -> dict[str, Integers]:
        return {language: self._numbers(language, title=True) for language in LANGUAGES}

    def _numbers(self, language: str, *, title: bool) -> Integers:
        wanted = [(each.language, each.title) == (language, title) for each in self.sentences]
        return np.flatnonzero(wanted)

    def chances(self, numbers: Integers) -> Floats:
        """How likely each is drawn: a kind has its share, however many sentences it has."""
        kinds = [self.sentences[number].kind for number in numbers.tolist()]
        counts = Counter(kinds)
        weights = np.array([SHARES[kind] / counts[kind] for kind in kinds])
        return np.asarray(weights / weights.sum(), np.float64)

    @cached_property
    def near(self) -> Integers:
        """(n, NEAR): sentences of the same language that mean nearly the same, with itself."""
        return self._nearest(self.bodies, NEAR)

    @cached_property
    def near_titles(self) -> Integers:
        return self._nearest(self.titles, NEAR_TITLES)

    def _nearest(self, among: dict[str, Integers], count: int) -> Integers:
        found = np.zeros((len(self.sentences), count), np.int64)
        for language in LANGUAGES:
            rows = np.concatenate([self.bodies[language], self.titles[language]])
            of = among[language]
            close = self.vectors[rows] @ self.vectors[of].T
            found[rows] = of[np.argsort(-close, axis=1, kind="stable")[:, :count]]
        return found

    @cached_property
    def topics(self) -> list[tuple[str, ...]]:
        """Of each sentence: its record's, or those of the nearest sentence of the sample."""
        known = [number for number, each in enumerate(self.sentences) if each.topics]
        nearest = np.argmax(self.vectors @ self.vectors[known].T, axis=1)
        return [self.sentences[known[place]].topics for place in nearest.tolist()]
