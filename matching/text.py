"""How well the words of each offer answer those of a request: several signals, one number.

Measured choices: in one language BM25 over its own score plus the embedding; across languages
the embedding plus names and cognates; for long specialist texts TF-IDF leads, and past work
counts by the mean of its best three. All on one fixed scale, so that values can be compared
between requests and between languages, and an offer's value hardly moves with its rivals.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from matching.crowd import Crowd
from matching.encoder import Encoder
from matching.excerpts import SIGNS_ENCODED
from matching.postings import Bag, Floats, Integers
from matching.reorder import TextModel, features, head, reordered, spread
from matching.scoring import Configuration
from matching.tokens import cognates, language_of, terms
from matching.works import Block, Work

WORDS_READ = 20_000


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
    order (`base`), and what it is made of."""

    value: Floats
    base: Floats
    words: Floats
    meaning: Floats


@dataclass(frozen=True, slots=True)
class Part:
    """A few offers by language, and all the offers that they are weighed among."""

    blocks: dict[str, Block]
    wholes: dict[str, Block]


class TextIndex:
    """The texts of all offers; changes are cheap, the first question after one rebuilds."""

    def __init__(
        self, encoder: Encoder, configuration: Configuration, model: TextModel | None = None
    ) -> None:
        self.encoder, self.model = encoder, model
        self._configuration = configuration
        self._crowd = Crowd(encoder)
        self._stems: dict[str, dict[str, int]] = {}
        self._heads: dict[str, int] = {}
        self._works: dict[str, dict[str, list[Work]]] = {}
        self._home: dict[str, str] = {}
        self._blocks: dict[str, Block] = {}
        self._places: dict[str, Integers] = {}
        self._asked: ReadText | None = None
        self._rare: dict[str, list[tuple[int, str]]] = {}

    def put(self, offer: str, *, text: str, past: Sequence[str], language: str | None) -> None:
        self.drop(offer)
        home = language_of(" ".join((text, *past))[:WORDS_READ], language)
        works = [self._work(each, home, past=True) for each in past]
        if text.strip() or not past:
            works.insert(0, self._work(text, home, past=False))
        self._works.setdefault(home, {})[offer] = works
        self._home[offer] = home
        self._forget(home)

    def adopt(self, configuration: Configuration, model: TextModel | None) -> None:
        self._configuration, self.model = configuration, model

    def drop(self, offer: str) -> None:
        home = self._home.pop(offer, None)
        if home is not None:
            del self._works[home][offer]
            self._forget(home)

    def learn(self, texts: Iterable[tuple[str, str | None]]) -> None:
        """The requests, as (text, language tag), whose common traits are to be taken away."""
        self._crowd.learn((language_of(text, tag), text[:SIGNS_ENCODED]) for text, tag in texts)

    def remember(self, text: str) -> None:
        self._crowd.vector(text[:SIGNS_ENCODED])

    def read(self, text: str, language: str | None) -> ReadText:
        known, short = language_of(text, language), text[:WORDS_READ]
        return ReadText(
            text[:SIGNS_ENCODED], known, tuple(terms(short, known)), tuple(cognates(short))
        )

    def values(self, request: ReadText, offers: Sequence[str]) -> TextValues:
        """`offers` are all ids, sorted."""
        base = np.zeros(len(offers))
        result = TextValues(base, base, np.zeros(len(offers)), np.zeros(len(offers)))
        blocks = self._current(offers)
        found = {
            language: self._crowd.meaning(request.language, request.text, block)
            for language, block in blocks.items()
            if self._compares(request, language)
        }
        overall = _usual(np.concatenate(list(found.values())), USUAL) if found else USUAL
        for language, block in blocks.items():
            here, close = self._places[language], found.get(language)
            meaning = None if close is None else close - _usual(close, overall)
            words, mixed = self._mixed(request, language, block, meaning)
            result.value[here] = self._squashed(block.gather(mixed))
            result.words[here] = block.best(words)
            result.meaning[here] = 0 if meaning is None else block.best(meaning)
        if self.model is None or not len(offers):
            return result
        places = head(result.value)
        made = self.features(request, [offers[place] for place in places], result, places)
        scores = spread(made) @ self.model.weights
        value = reordered(result.value, places, np.round(scores, 9))
        return TextValues(value, result.base, result.words, result.meaning)

    def part(self, chosen: Sequence[str], offers: Sequence[str]) -> "Part":
        """A few offers apart, weighed as among all (`offers`: all ids, sorted)."""
        wholes = self._current(offers)
        works: dict[str, dict[str, list[Work]]] = {}
        for offer in chosen:
            home = self._home[offer]
            works.setdefault(home, {})[offer] = self._works[home][offer]
        blocks = {
            home: Block(own, self._stems[home], self._heads, wholes[home])
            for home, own in sorted(works.items())
        }
        return Part(blocks, wholes)

    def values_of(self, request: ReadText, part: "Part") -> dict[str, float]:
        """The values of a part's offers as `values` has them, before a model re-orders them."""
        text, tongue = request.text, request.language
        means = {
            language: (self._crowd.usual(tongue, text, whole), len(whole.works))
            for language, whole in part.wholes.items()
            if self._compares(request, language)
        }
        overall = _drawn(means.values(), USUAL)
        result: dict[str, float] = {}
        for language, block in part.blocks.items():
            meaning = None
            if language in means:
                close = self._crowd.meaning(tongue, text, block)
                meaning = close - _drawn([means[language]], overall)
            _, mixed = self._mixed(request, language, block, meaning)
            values = self._squashed(block.gather(mixed))
            result.update(zip(block.offers, values.tolist(), strict=True))
        return result

    def features(
        self, request: ReadText, offers: Sequence[str], values: TextValues, places: Integers
    ) -> Floats:
        """What a model learns from, (k, d), for the offers at these places of the values."""
        vectors = np.stack([self._works[self._home[offer]][offer][0].vector for offer in offers])
        signals = (values.base[places], values.words[places], values.meaning[places])
        return features(*signals, self._crowd.vector(request.text), vectors)

    def shared(self, request: ReadText, offer: str, *, limit: int) -> tuple[str, ...]:
        """Words of the request that the offer has too, the rarest first, as written there."""
        home = self._home[offer]
        same = home == request.language
        works = self._works[home][offer]
        own: set[int] = set()
        for work in works:
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

    def _work(self, text: str, language: str, *, past: bool) -> Work:
        short = text[:WORDS_READ]
        return Work(
            Bag(
                (term for term, _ in terms(short, language)), self._stems.setdefault(language, {})
            ),
            Bag((head for head, _ in cognates(short)), self._heads),
            self.encoder.encode([text[:SIGNS_ENCODED]])[0],
            past=past,
        )

    def _current(self, offers: Sequence[str]) -> dict[str, Block]:
        for language, works in self._works.items():
            if works and language not in self._blocks:
                self._blocks[language] = Block(works, self._stems[language], self._heads)
        if not self._places:
            place = {offer: n for n, offer in enumerate(offers)}
            for language, block in self._blocks.items():
                self._places[language] = np.array([place[o] for o in block.offers], np.int64)
        return dict(sorted(self._blocks.items()))

    def _forget(self, language: str) -> None:
        self._asked = None
        self._blocks.pop(language, None)
        self._places.clear()


def _usual(close: Floats, prior: float) -> float:
    """The mean, drawn towards the prior as if that had been seen a few times."""
    return float(close.sum() + FEW * prior) / (len(close) + FEW)


def _drawn(means: Iterable[tuple[float, int]], prior: float) -> float:
    """The same from means and the counts behind them."""
    known = list(means)
    total = sum(mean * count for mean, count in known)
    return (total + FEW * prior) / (sum(count for _, count in known) + FEW)
