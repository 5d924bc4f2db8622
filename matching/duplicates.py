"""Records that may say the same: requests of one State, offers of one provider, in any language.

In one language a threshold on meaning decides; across languages no threshold does, but two texts
that are each other's nearest are nearly always translations (Artetxe and Schwenk 2019).
Always a question for a person, never an answer.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from matching.agreement import Agreement, Facts, compare
from matching.encoder import Encoder, one_thread
from matching.tokens import NUMBER, cognates, language_of, terms
from matching.types import ALWAYS, TopicTree, Window

SIGNS_READ = 4_000
# Frozen on English sentence pairs; within other languages they keep their precision.
LIKELY = 0.91
LIKELY_WITH_FIELDS = 0.8
POSSIBLE = 0.75
POSSIBLE_WITH_FIELDS = 0.55
NEAREST = 0.45
NEAREST_OF_FEW = 0.65
FEW = 50
WORDS_SHARE = 0.05
NO_TOPICS = TopicTree()

Matrix = NDArray[np.float32]


class Verdict(StrEnum):
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Record:
    """What is compared; a stated `state` or `organization` that differs rules a pair out."""

    id: str
    text: str = ""
    language: str | None = None
    state: str | None = None
    organization: str | None = None
    topics: tuple[str, ...] = ()
    period: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`first` < `second`; `score` in [0, 1]; `agreeing` names the fields that say the same."""

    first: str
    second: str
    score: float
    verdict: Verdict
    agreeing: tuple[str, ...]


def find_duplicates(
    records: Iterable[Record], *, encoder: Encoder, topics: TopicTree = NO_TOPICS
) -> list[Duplicate]:
    """All suspicious pairs, best first, ties by id; the order of the records does not matter."""
    pool = _Pool(sorted(records, key=lambda record: record.id), encoder, topics)
    return pool.flags()


def duplicates_of(
    record: Record, others: Iterable[Record], *, encoder: Encoder, topics: TopicTree = NO_TOPICS
) -> list[Duplicate]:
    """The flags of `find_duplicates` that concern this record; no other pair is judged."""
    known = [record, *(other for other in others if other.id != record.id)]
    pool = _Pool(sorted(known, key=lambda each: each.id), encoder, topics)
    return pool.flags(of=pool.records.index(record))


def likeness(
    first: str, second: str, language: str, *, encoder: Encoder
) -> tuple[float, Verdict | None]:
    """Score and verdict of two texts of one language that state nothing else."""
    pair = [Record("1", first, language), Record("2", second, language)]
    pool = _Pool(pair, encoder, NO_TOPICS)
    flag = pool.judge(0, 1)
    return pool.score(0, 1), flag.verdict if flag else None


class _Pool:
    def __init__(self, records: Sequence[Record], encoder: Encoder, topics: TopicTree) -> None:
        self.records, self.topics = records, topics
        self.languages = np.array([language_of(each.text, each.language) for each in records])
        vectors = encoder.encode([each.text[:SIGNS_READ] for each in records])
        with one_thread():
            self.meaning: Matrix = vectors @ vectors.T
        read = np.array([encoder.reads(str(each)) for each in self.languages], bool)
        self.comparable = read[:, None] & read[None, :]
        self.possible = _agree([each.state for each in records])
        self.possible &= _agree([each.organization for each in records])
        blank = np.array([not each.text.strip() for each in records], bool)
        self.possible &= ~(blank[:, None] | blank[None, :])
        self.nearest = self._mutual()

    def flags(self, *, of: int | None = None) -> list[Duplicate]:
        """All, or those of the record at one place; best first, ties by id."""
        found = [flag for pair in self.candidates(of) if (flag := self.judge(*pair)) is not None]
        return sorted(found, key=lambda flag: (-flag.score, flag.first, flag.second))

    def candidates(self, of: int | None = None) -> list[tuple[int, int]]:
        """Pairs worth a closer look, as places with the smaller first."""
        keep = np.triu(self.possible, 1)
        if of is not None:
            others = np.arange(len(keep)) != of
            keep[np.ix_(others, others)] = False
        keep &= (self.meaning >= POSSIBLE_WITH_FIELDS) | self.nearest | ~self.comparable
        return [(int(first), int(second)) for first, second in np.argwhere(keep)]

    def judge(self, first: int, second: int) -> Duplicate | None:
        one, other = self.records[first], self.records[second]
        fields = compare(_facts(one), _facts(other), topics=self.topics)
        score = self.score(first, second)
        same_language = self.languages[first] == self.languages[second]
        if same_language or not self.comparable[first, second]:
            verdict = _verdict(one, other, score, fields)
        else:
            verdict = self._translated(first, second, score, fields)
        if verdict is None:
            return None
        return Duplicate(one.id, other.id, round(score, 6), verdict, fields.agreeing)

    def _translated(
        self, first: int, second: int, score: float, fields: Agreement
    ) -> Verdict | None:
        if not self.nearest[first, second] or score < NEAREST:
            return None
        rivals = min(
            int((self.languages == self.languages[place]).sum()) for place in (first, second)
        )
        sure = rivals >= FEW or score >= NEAREST_OF_FEW or fields.strong
        return Verdict.LIKELY if sure and not fields.differing else Verdict.POSSIBLE

    def score(self, first: int, second: int) -> float:
        one, other = self.records[first].text, self.records[second].text
        language = str(self.languages[first])
        same = language == self.languages[second]
        words = _dice(
            [term for term, _ in (terms(one, language) if same else cognates(one))],
            [term for term, _ in (terms(other, language) if same else cognates(other))],
        )
        if not self.comparable[first, second]:
            return words
        meaning = float(self.meaning[first, second])
        return (1 - WORDS_SHARE) * meaning + WORDS_SHARE * words if same else meaning

    def _mutual(self) -> NDArray[np.bool_]:
        """Pairs of two languages that are each other's nearest among those that may agree."""
        result = np.zeros(self.possible.shape, bool)
        close = np.where(self.possible & self.comparable, np.round(self.meaning, 6), -2)
        names = sorted(set(self.languages.tolist()))
        for place, name in enumerate(names):
            for other in names[place + 1 :]:
                rows, columns = (np.flatnonzero(self.languages == each) for each in (name, other))
                _mark(result, close[np.ix_(rows, columns)], rows, columns)
        return result | result.T


def _mark(
    result: NDArray[np.bool_],
    close: NDArray[np.float32],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
) -> None:
    forth, back = close.argmax(axis=1), close.argmax(axis=0)
    here = np.arange(len(rows))
    mutual = (back[forth] == here) & (close[here, forth] > -2)
    result[rows[mutual], columns[forth[mutual]]] = True


def _verdict(one: Record, other: Record, score: float, fields: Agreement) -> Verdict | None:
    same_numbers = Counter(NUMBER.findall(one.text)) == Counter(NUMBER.findall(other.text))
    threshold = LIKELY_WITH_FIELDS if fields.strong else LIKELY
    if score >= threshold and same_numbers and not fields.differing:
        return Verdict.LIKELY
    if score >= POSSIBLE or (fields.strong and score >= POSSIBLE_WITH_FIELDS):
        return Verdict.POSSIBLE
    return None


def _facts(record: Record) -> Facts:
    return Facts(record.state or record.organization, record.topics, record.period)


def _agree(values: Sequence[str | None]) -> NDArray[np.bool_]:
    stated = np.array([value or "" for value in values])
    unknown = stated == ""
    same: NDArray[np.bool_] = stated[:, None] == stated[None, :]
    either: NDArray[np.bool_] = unknown[:, None] | unknown[None, :]
    return same | either


def _dice(first: list[str], second: list[str]) -> float:
    """Share of words in common, counted, in [0, 1] (Dice 1945)."""
    common = (Counter(first) & Counter(second)).total()
    return 2 * common / (len(first) + len(second)) if first or second else 0.0
