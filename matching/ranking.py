"""One ranking for every caller: offers against a request, best first, with what was barred."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.eligibility import failed_gates, near_misses
from matching.encoder import Encoder
from matching.explanation import SHARED_TERMS, Standing, explain, suggested_lines
from matching.features import Case, Value, case, features
from matching.scoring import MILLION, Configuration, contribution, total
from matching.text import ReadText, TextIndex, TextValues, whole
from matching.types import (
    FeatureCode,
    Gate,
    OfferProfile,
    Pairing,
    Ranking,
    RequestProfile,
    TopicTree,
)

NO_TOPICS = TopicTree()


@dataclass(frozen=True, slots=True)
class Order:
    """All possible offers of one request in rank order, before anything is explained."""

    standings: list[Standing]
    places: dict[str, int]
    barred: dict[str, tuple[Gate, ...]]
    text: TextValues
    read: ReadText

    def scores(self) -> Iterable[tuple[str, float]]:
        return ((offer, -score / MILLION) for score, offer in self.standings)


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


class OfferIndex:
    """All offers, ready to be ranked; the result depends on its content, not on its history."""

    def __init__(
        self, *, configuration: Configuration, encoder: Encoder, topics: TopicTree = NO_TOPICS
    ) -> None:
        self.configuration = configuration
        self.topics = topics
        self._texts = TextIndex(encoder)
        self._offers: dict[str, OfferProfile] = {}
        self._ids: list[str] = []

    @property
    def version(self) -> str:
        return f"{self.configuration.version}+{self._texts.encoder.model_version}"

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
        self._ids = sorted(self._offers)

    def remove(self, offers: Iterable[str]) -> None:
        for offer in offers:
            if self._offers.pop(offer, None) is not None:
                self._texts.drop(offer)
        self._ids = sorted(self._offers)

    def learn(self, requests: Iterable[RequestProfile]) -> None:
        """Replaces the known requests: with a hundred or more in a language, what they have in
        common counts for less (`matching.crowd`)."""
        self._texts.learn((whole(each.title, each.text), each.language) for each in requests)

    def rank_one(self, request: RequestProfile, *, today: date, top: int = 0) -> Ranking:
        order = self.order(request, today=today)
        shown = order.standings[:top] if top else order.standings
        pairings = tuple(
            self._pairing(request, offer, order, place=place, today=today)
            for place, (_, offer) in enumerate(shown, 1)
        )
        return Ranking(request.id, self.version, pairings, order.barred)

    def order(self, request: RequestProfile, *, today: date) -> Order:
        """The same ranking as `rank_one` without its explanations."""
        read = self._texts.read(whole(request.title, request.text), request.language)
        text = self._texts.values(read, self._ids)
        barred: dict[str, tuple[Gate, ...]] = {}
        standings: list[Standing] = []
        for offer, value in zip(self._ids, text.value.tolist(), strict=True):
            gates = failed_gates(request, self._offers[offer], today=today)
            if gates:
                barred[offer] = gates
                continue
            values = self._values(self._case(request, offer, today), value)
            standings.append((-total(self._contributions(values)), offer))
        places = {offer: place for place, offer in enumerate(self._ids)}
        return Order(sorted(standings), places, barred, text, read)

    def _pairing(
        self, request: RequestProfile, offer: str, order: Order, *, place: int, today: date
    ) -> Pairing:
        this, row = self._case(request, offer, today), order.places[offer]
        values = self._values(this, float(order.text.value[row]))
        parts = self._contributions(values)
        explanation = explain(
            offer,
            values=values,
            contributions=parts,
            shared_terms=self._texts.shared(order.read, offer, limit=SHARED_TERMS),
            standings=order.standings,
            configuration=self.configuration,
        )
        return Pairing(
            offer=offer,
            rank=place,
            score=total(parts) / MILLION,
            components={code: part / MILLION for code, part in parts.items()},
            signals=_signals(order.text, row),
            explanation=explanation,
            lines=suggested_lines(this),
            near_misses=near_misses(request, this.offer, today=today),
        )

    def _case(self, request: RequestProfile, offer: str, today: date) -> Case:
        return case(request, self._offers[offer], topics=self.topics, today=today)

    def _values(self, this: Case, text: float) -> dict[FeatureCode, Value]:
        return {FeatureCode.TEXT: (text, {}), **features(this)}

    def _contributions(self, values: dict[FeatureCode, Value]) -> dict[FeatureCode, int]:
        return {
            code: contribution(code, value, self.configuration)
            for code, (value, _) in values.items()
        }


def _texts(offer: OfferProfile) -> Sequence[object]:
    return offer.title, offer.text, offer.past, offer.language


def _signals(text: TextValues, row: int) -> dict[str, float]:
    parts = {"words": text.words[row], "meaning": text.meaning[row]}
    return {name: round(float(np.float64(value)), 6) for name, value in parts.items()}
