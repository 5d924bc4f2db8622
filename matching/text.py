"""How well the words of each offer answer those of a request: several signals, one number.

Measured choices: in one language BM25 over its own score plus the embedding; across languages
the embedding plus names and cognates; for long specialist texts TF-IDF leads, and past work
counts by the mean of its best three. All on one fixed scale, so that values can be compared
between requests and between languages, and an offer's value hardly moves with its rivals.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from matching.crowd import Crowd
from matching.encoder import Encoder, Vectors
from matching.excerpts import SIGNS_ENCODED
from matching.postings import Floats, Integers
from matching.reading import WORDS_READ, Read, Reader, mark_of
from matching.reorder import TextModel, features, head, limits, reordered, spread
from matching.scoring import Configuration
from matching.tokens import cognates, language_of, terms
from matching.types import Head, KnownTexts
from matching.works import Block, Work

# Texts of one field are all somewhat close: closeness counts from what is usual in the block,
# which few offers cannot tell and then the whole pool, or experience, does.
USUAL = 0.12
FEW = 20


@dataclass(frozen=True, slots=True)
class ReadText:
    """A request's text, read once; terms and cognates are (term, word as written) pairs."""

    text: str
    language: str
    terms: tuple[tuple[str, str], ...]
    cognates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TextValues:
    """One entry an offer, in the order of its ids: value in [0, 1], the same before a learned
    order (`base`), and what it is made of; what a learned order gave anew is the `head`."""

    value: Floats
    base: Floats
    words: Floats
    meaning: Floats
    head: Head | None = None


class TextIndex:
    """The texts of offers; changes are cheap, the first question after one rebuilds.

    `whole`: the index that this one is a part of, until that changes. What is usual, how rare a
    word is and what requests have in common is then as it is there.
    """

    def __init__(
        self,
        encoder: Encoder,
        configuration: Configuration,
        model: TextModel | None = None,
        whole: "TextIndex | None" = None,
    ) -> None:
        self.encoder, self.model = encoder, model
        self._configuration = configuration
        self._whole = whole
        self._crowd: Crowd = whole._crowd if whole else Crowd(encoder)
        self._reader: Reader = whole._reader if whole else Reader(encoder)
        self._works: dict[str, dict[str, list[Work]]] = {}
        self._read: dict[str, Read] = {}
        self._blocks: dict[str, Block] = {}
        self._places: dict[str, Integers] = {}
        self._asked: ReadText | None = None
        self._rare: dict[str, list[tuple[int, str]]] = {}

    def put(self, offer: str, *, text: str, past: Sequence[str], language: str | None) -> None:
        self.drop(offer)
        if self._whole is None:
            read = self._reader.read(text, past, language)
        else:
            read = self._whole.held(offer, text, past, language)
        self._works.setdefault(read.language, {})[offer] = read.works
        self._read[offer] = read
        self._forget(read.language)

    def held(self, offer: str, text: str, past: Sequence[str], language: str | None) -> Read:
        """What was read of an offer, whether it is one of these or only weighed among them."""
        known = self._read.get(offer)
        if known is not None and known.mark == mark_of(text, past, language):
            return known
        return self._reader.remembered(offer, text, past, language)

    def adopt(self, configuration: Configuration, model: TextModel | None) -> None:
        self._configuration, self.model = configuration, model

    def drop(self, offer: str) -> None:
        read = self._read.pop(offer, None)
        if read is not None:
            del self._works[read.language][offer]
            self._forget(read.language)

    def learn(self, texts: Iterable[tuple[str, str | None]]) -> None:
        """The requests, as (text, language tag), whose common traits are to be taken away."""
        self._crowd.learn(_excerpts(texts))

    def known(self, texts: Iterable[tuple[str, str | None]]) -> list[KnownTexts]:
        """The same as it is kept, for others to follow."""
        return self._crowd.known(_excerpts(texts))

    def follow(self, known: Sequence[KnownTexts]) -> None:
        self._crowd.follow(known)

    def prepare(self) -> bool:
        """Compare some texts with the known requests ahead of time; False when nothing is left."""
        return self._crowd.prepare(self._current().values())

    def remember(self, text: str) -> None:
        self._crowd.vector(text[:SIGNS_ENCODED])

    def read(self, text: str, language: str | None) -> ReadText:
        known, short = language_of(text, language), text[:WORDS_READ]
        return ReadText(
            text[:SIGNS_ENCODED], known, tuple(terms(short, known)), tuple(cognates(short))
        )

    def values(self, request: ReadText, offers: Sequence[str], possible: Integers) -> TextValues:
        """`offers` are all ids, sorted; a learned order changes those at the `possible` places."""
        result = self.plain(request, offers)
        if self.model is None or not len(possible):
            return result
        places = head(result.value, possible)
        made = self.features(request, [offers[place] for place in places], result, places)
        scores = spread(made) @ self.model.weights
        value = reordered(result.value, places, np.round(scores, 9))
        reach = limits(result.value, places)
        return TextValues(value, result.base, result.words, result.meaning, reach)

    def plain(self, request: ReadText, offers: Sequence[str]) -> TextValues:
        """The same before a learned order."""
        base = np.zeros(len(offers))
        result = TextValues(base, base, np.zeros(len(offers)), np.zeros(len(offers)))
        blocks, places = self._current(), self._placed(offers)
        found = {
            language: self._crowd.meaning(request.language, request.text, block)
            for language, block in blocks.items()
            if self._compares(request, language)
        }
        usual = self._usual(request, found)
        for language, block in blocks.items():
            here, close = places[language], found.get(language)
            meaning = None if close is None else close - usual[language]
            words, mixed = self._mixed(request, language, block, meaning)
            result.value[here] = self._squashed(block.gather(mixed))
            result.words[here] = block.best(words)
            result.meaning[here] = 0 if meaning is None else block.best(meaning)
        return result

    def usual(self, language: str) -> Floats | None:
        """The mean of the vectors of all texts in a language, (d,); None where there are none."""
        block = self._current().get(language)
        return None if block is None else block.middle.astype(np.float64)

    def direction(self, request: ReadText) -> Vectors:
        """Where texts lie that answer it, (d,)."""
        return self._crowd.direction(request.language, request.text)

    def features(
        self, request: ReadText, offers: Sequence[str], values: TextValues, places: Integers
    ) -> Floats:
        """What a model learns from, (k, d), for the offers at these places of the values."""
        vectors = np.stack([self._read[offer].works[0].vector for offer in offers])
        signals = (values.base[places], values.words[places], values.meaning[places])
        return features(*signals, self._crowd.vector(request.text), vectors)

    def shared(self, request: ReadText, offer: str, *, limit: int) -> tuple[str, ...]:
        """Words of the request that the offer has too, the rarest first, as written there."""
        home = self._read[offer].language
        same = home == request.language
        own: set[int] = set()
        for work in self._read[offer].works:
            own.update((work.terms if same else work.cognates).numbers.tolist())
        words = (word for number, word in self._rarest(request, home) if number in own)
        return tuple(islice(words, limit))

    def _rarest(self, request: ReadText, home: str) -> list[tuple[int, str]]:
        """The request's words that the block has, by their numbers there, the rarest first;
        remembered, since they are asked for with one offer after another."""
        if self._asked is not request:
            self._asked, self._rare = request, {}
        if home not in self._rare:
            same = home == request.language
            index = self._blocks[home].terms if same else self._blocks[home].cognates
            written: dict[str, str] = {}
            for term, word in request.terms if same else request.cognates:
                if len(term) > 1 and term in index.vocabulary:
                    written.setdefault(term, word)
            rarest = sorted(written, key=lambda term: (-round(index.idf(term), 9), term))
            self._rare[home] = [(index.vocabulary[term], written[term]) for term in rarest]
        return self._rare[home]

    def _compares(self, request: ReadText, language: str) -> bool:
        return self.encoder.reads(language) and self.encoder.reads(request.language)

    def _mixed(
        self, request: ReadText, language: str, block: Block, known: Floats | None
    ) -> tuple[Floats, Floats]:
        """The words' signal that suits the kind of text, and the sum of the signals."""
        weights = self._configuration.words if known is None else self._configuration.text
        meaning = np.zeros(len(block.works)) if known is None else known
        asked = [term for term, _ in request.terms]
        if language != request.language:
            words = block.cognates.bm25([head for head, _ in request.cognates])
            return words, weights.other_meaning * meaning + weights.other_words * words
        if len(asked) < weights.long_from:
            words = block.terms.bm25(asked)
            return words, weights.own_meaning * meaning + weights.own_words * words
        words = block.terms.cosine(asked)
        mixed = weights.long_meaning * meaning + weights.long_words * words
        return words, mixed - weights.long_offset

    def _squashed(self, mixed: Floats) -> Floats:
        weights = self._configuration.text
        return 1 / (1 + np.exp((weights.centre - mixed) / weights.scale))

    def _usual(self, request: ReadText, found: Mapping[str, Floats]) -> dict[str, float]:
        """For each language how close its texts usually are, drawn towards all of them."""
        wholes = (self if self._whole is None else self._whole)._current()
        means = {
            language: (self._crowd.usual(request.language, request.text, whole), len(whole.works))
            for language, whole in wholes.items()
            if self._compares(request, language)
        }
        for language, close in found.items():
            means.setdefault(language, (float(close.mean()), len(close)))
        overall = _drawn(means.values(), USUAL)
        return {language: _drawn([means[language]], overall) for language in found}

    def _current(self) -> dict[str, Block]:
        reader = self._reader
        for language, works in self._works.items():
            if works and language not in self._blocks:
                whole = None if self._whole is None else self._whole._current().get(language)
                self._blocks[language] = Block(works, reader.stems[language], reader.heads, whole)
        return dict(sorted(self._blocks.items()))

    def _placed(self, offers: Sequence[str]) -> dict[str, Integers]:
        if not self._places:
            place = {offer: n for n, offer in enumerate(offers)}
            for language, block in self._blocks.items():
                self._places[language] = np.array([place[o] for o in block.offers], np.int64)
        return self._places

    def _forget(self, language: str) -> None:
        self._asked = None
        self._blocks.pop(language, None)
        self._places.clear()


def _excerpts(texts: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    return ((language_of(text, tag), text[:SIGNS_ENCODED]) for text, tag in texts)


def _drawn(means: Iterable[tuple[float, int]], prior: float) -> float:
    """The mean of means with the counts behind them, drawn towards the prior as if that had
    been seen a few times."""
    known = list(means)
    total = sum(mean * count for mean, count in known)
    return (total + FEW * prior) / (sum(count for _, count in known) + FEW)
