"""One ranking for every caller: offers against a request, best first, with what was barred."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from matching.columns import Columns
from matching.counting import barred_counts
from matching.eligibility import failed_gates, near_misses
from matching.encoder import Encoder, Vectors, one_thread
from matching.excerpts import whole
from matching.explanation import SHARED_TERMS, explain, suggested_lines
from matching.fit import Fit, fit
from matching.judging import judge_all
from matching.order import Order
from matching.points import best_score, rounded, signals
from matching.postings import Floats, Integers
from matching.reorder import TextModel, highest
from matching.scoring import MILLION, Configuration, contribution
from matching.text import TextIndex
from matching.types import (
    FeatureCode,
    Gate,
    Head,
    KnownTexts,
    OfferProfile,
    Pairing,
    Ranking,
    RequestProfile,
    TopicTree,
)

NO_TOPICS = TopicTree()
SLACK = 0.015  # by more than this the head's lowest value does not change between two runs


def rank(
    requests: Iterable[RequestProfile],
    offers: Iterable[OfferProfile],
    *,
    configuration: Configuration,
    encoder: Encoder,
    topics: TopicTree = NO_TOPICS,
    today: date,
    top: int = 0,
) -> list[Ranking]:
    """Rankings in the order of the requests; `top` 0 keeps every offer.

    The requests together are the crowd whose common traits are taken away from each text.
    """
    asked = list(requests)
    index = OfferIndex(configuration=configuration, encoder=encoder, topics=topics)
    index.upsert(offers)
    index.learn(asked)
    return [index.rank_one(request, today=today, top=top) for request in asked]


class Shown(NamedTuple):
    """A list of offers as shown: features (k, d) and text values (k,)."""

    offers: tuple[str, ...]
    features: Floats
    current: Floats


class OfferIndex:
    """All offers, ready to be ranked; the result depends on its content, not on its history.

    `among`: the index that this one is a part of (see `apart`).
    """

    def __init__(
        self,
        *,
        configuration: Configuration,
        encoder: Encoder,
        topics: TopicTree = NO_TOPICS,
        model: TextModel | None = None,
        among: "OfferIndex | None" = None,
    ) -> None:
        self.configuration = configuration
        self.topics = topics
        self._texts: TextIndex = TextIndex(
            encoder, configuration, model, among._texts if among else None
        )
        self._offers: dict[str, OfferProfile] = {}
        self._ids: list[str] = []
        self._columns: Columns | None = None

    @property
    def version(self) -> str:
        parts = [self.configuration.version, self._texts.encoder.model_version]
        model = self._texts.model
        return "+".join([*parts, model.version] if model else parts)

    def __len__(self) -> int:
        return len(self._offers)

    def upsert(self, offers: Iterable[OfferProfile]) -> None:
        """Adds offers, or replaces those with the same id; unchanged texts are not read again."""
        for offer in offers:
            known = self._offers.get(offer.id)
            self._offers[offer.id] = offer
            if known is None or _texts(known) != _texts(offer):
                text = whole(offer.title, offer.text)
                self._texts.put(offer.id, text=text, past=offer.past, language=offer.language)
        self._columns = None

    def adopt(self, configuration: Configuration, model: TextModel | None) -> None:
        """Rank by other weights, or by another learned order of texts, from now on."""
        self.configuration = configuration
        self._texts.adopt(configuration, model)

    def profiles(self, offers: Iterable[str]) -> list[OfferProfile]:
        """Those of these offers that are there, in the order given."""
        return [self._offers[offer] for offer in offers if offer in self._offers]

    def remove(self, offers: Iterable[str]) -> None:
        for offer in offers:
            if self._offers.pop(offer, None) is not None:
                self._texts.drop(offer)
        self._columns = None

    def learn(self, requests: Iterable[RequestProfile]) -> None:
        """Replaces the known requests: with a hundred or more in a language, what they have in
        common counts for less (`matching.crowd`)."""
        self._texts.learn(_asked(requests))

    def known(self, requests: Iterable[RequestProfile]) -> list[KnownTexts]:
        """What `learn` would learn of these, for other indexes to follow."""
        return self._texts.known(_asked(requests))

    def follow(self, known: Sequence[KnownTexts]) -> None:
        """The same as `learn`, from what was kept."""
        self._texts.follow(known)

    def prepare(self) -> bool:
        """A part of the work that known requests cause, ahead of time; False when all is done."""
        return self._texts.prepare()

    def remember(self, request: RequestProfile) -> None:
        """Reads a request's text now, so that ranking it later is quick."""
        self._texts.remember(whole(request.title, request.text))

    def rank_one(
        self, request: RequestProfile, *, today: date, top: int = 0, barred: bool = True
    ) -> Ranking:
        """Without `barred` the reasons of every barred offer are counted and not listed."""
        order = self.order(request, today=today)
        shown = order.places[:top] if top else order.places
        pairings = tuple(
            self._pairing(request, place, order, rank=rank, today=today)
            for rank, place in enumerate(shown.tolist(), 1)
        )
        reasons: dict[str, tuple[Gate, ...]] = {}
        if barred:
            out = [self._ids[place] for place in np.flatnonzero(order.judged.barred).tolist()]
            reasons = {n: failed_gates(request, self._offers[n], today=today) for n in out}
        counts = barred_counts(order.judged, self._arranged())
        return Ranking(request.id, self.version, pairings, reasons, counts, order.text.head)

    def order(self, request: RequestProfile, *, today: date) -> Order:
        """The same ranking as `rank_one` without its explanations."""
        columns, ids = self._arranged(), self._ids
        read = self._texts.read(whole(request.title, request.text), request.language)
        judged = judge_all(
            request,
            columns,
            topics=self.topics,
            today=today,
            configuration=self.configuration,
        )
        places = np.flatnonzero(~judged.barred)
        with one_thread():
            text = self._texts.values(read, ids, places)
        points = rounded(text.value, self.configuration) + judged.points
        places = places[np.argsort(-points[places], kind="stable")]
        return Order(ids, places, points[places], -points[places], judged, text, read)

    def apart(self, offers: Iterable[OfferProfile]) -> "OfferIndex":
        """An index of these alone, in which each has the score that it has or would have among
        all of this one; until this one changes. What is read of them is remembered."""
        texts = self._texts
        part = OfferIndex(
            configuration=self.configuration,
            encoder=texts.encoder,
            topics=self.topics,
            model=texts.model,
            among=self,
        )
        part.upsert(offers)
        return part

    def direction(self, request: RequestProfile) -> Vectors:
        """Where texts lie that answer the request, (d,)."""
        read = self._texts.read(whole(request.title, request.text), request.language)
        return self._texts.direction(read)

    def usual(self, language: str) -> Floats | None:
        """The mean of the vectors of all texts in a language, (d,); None where there are none."""
        return self._texts.usual(language)

    def best(self, request: RequestProfile, *, today: date) -> float | None:
        """The highest score, before a learned order moves offers about in the head of the list;
        None when all are barred. Quick for a few offers.
        """
        found = self._possible(request, today)
        return None if found is None else best_score(*found, self.configuration)

    def most(
        self, request: RequestProfile, *, today: date, head: Head | None = None
    ) -> float | None:
        """The highest score that a learned order can lead to, which may give whatever reaches
        the head of the list any value of it; `head`: as it was before.

        What stands above all of the head changes it for everybody, and so does what reaches a
        head that is full: another falls out of it, from wherever the order had put it.
        """
        if self._texts.model is None:
            return self.best(request, today=today)
        found = self._possible(request, today)
        if found is None:
            return None
        value, points = found
        if head is not None and (
            value.max() > head.high + SLACK or (head.low and value.max() >= head.low - SLACK)
        ):
            return math.inf
        return best_score(highest(value, head, slack=SLACK), points, self.configuration)

    def _possible(self, request: RequestProfile, today: date) -> tuple[Floats, Integers] | None:
        """Values before a learned order, and points of stated fields, of all that are not barred;
        where all are, no text is read."""
        self._arranged()
        fits = [self._fit(request, self._offers[offer], today) for offer in self._ids]
        places = [place for place, judged in enumerate(fits) if not judged.gates]
        if not places:
            return None
        read = self._texts.read(whole(request.title, request.text), request.language)
        with one_thread():
            value = self._texts.plain(read, self._ids).value[places]
        return value, np.array([fits[place].points(self.configuration) for place in places])

    def shown(self, request: RequestProfile, offers: Sequence[str], *, today: date) -> Shown:
        """What `matching.learning` needs of a list that was shown; offers gone are left out."""
        order = self.order(request, today=today)
        known = [offer for offer in offers if offer in self._offers]
        places = np.searchsorted(order.ids, known).astype(np.int64)
        made = self._texts.features(order.read, known, order.text, places)
        return Shown(tuple(known), made, order.text.value[places])

    def _pairing(
        self, request: RequestProfile, place: int, order: Order, *, rank: int, today: date
    ) -> Pairing:
        offer = self._offers[order.ids[place]]
        judged = self._fit(request, offer, today)
        values = {FeatureCode.TEXT: (float(order.text.value[place]), {}), **judged.values}
        parts = {
            code: contribution(code, value, self.configuration)
            for code, (value, _) in values.items()
        }
        score = sum(parts.values())
        explanation = explain(
            values,
            contributions=parts,
            shared_terms=self._texts.shared(order.read, offer.id, limit=SHARED_TERMS),
            rank_at=lambda points: order.rank_at(place, points, now=score),
            configuration=self.configuration,
        )
        return Pairing(
            offer=offer.id,
            rank=rank,
            score=score / MILLION,
            components={code: part / MILLION for code, part in parts.items()},
            signals=signals(order.text, place),
            explanation=explanation,
            lines=suggested_lines(judged.case),
            near_misses=near_misses(request, offer, today=today, pairs=judged.case.pairs),
        )

    def _fit(self, request: RequestProfile, offer: OfferProfile, today: date) -> Fit:
        return fit(request, offer, topics=self.topics, today=today)

    def _arranged(self) -> Columns:
        """The stated fields of all offers, in the order of their ids."""
        if self._columns is None:
            self._ids = sorted(self._offers)
            self._columns = Columns([self._offers[name] for name in self._ids])
        return self._columns


def _asked(requests: Iterable[RequestProfile]) -> Iterator[tuple[str, str | None]]:
    return ((whole(each.title, each.text), each.language) for each in requests)


def _texts(offer: OfferProfile) -> Sequence[object]:
    return offer.title, offer.text, offer.past, offer.language
