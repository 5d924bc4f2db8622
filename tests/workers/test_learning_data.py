"""Decisions replayed from public titles: what the product's own training makes of them."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matching.decisions import DecidedList, Decisions, Outcome, Refusal, ShownOffer
from matching.encoder import Remembering, SentenceEncoder, stored
from matching.evaluation import average_precision
from matching.excerpts import offer_texts, request_texts
from matching.order import Order
from matching.packs import ANY_DAY, LANGUAGES, table
from matching.ranking import OfferIndex
from matching.reorder import model_of
from matching.scoring import WEIGHTS, Configuration
from matching.types import FeatureCode, OfferProfile, RequestProfile
from workers.match_learning import trained

pytestmark = pytest.mark.data
SHOWN = 50
FOLDS = 5
UNTRAINED, GAIN = 0.40, 0.024


class Replay:
    """Job titles in Spanish: each a request, the same trade under other names its offers."""

    def __init__(self, folder: Path) -> None:
        language = LANGUAGES[folder.name]
        self.right: dict[str, set[str]] = {}
        for request, _, offer, grade in table(folder / "qrels.tsv"):
            if int(grade) > 0:
                self.right.setdefault(request, set()).add(offer)
        titles = {row[0]: row[1] for row in table(folder / "queries")}
        requests = [RequestProfile(i, one, one, language) for i, one in titles.items()]
        offers = [
            OfferProfile(row[0], row[1], row[1], language)
            for row in table(folder / "corpus_elements")
        ]
        encoder = Remembering(SentenceEncoder())
        self.index = OfferIndex(configuration=Configuration(), encoder=encoder)
        self.index.upsert(offers)
        self.index.learn(requests)
        self.requests = [one for one in requests if one.id in self.right]
        texts = {one.id: offer_texts(one) for one in offers}
        texts |= {one.id: request_texts(one) for one in self.requests}
        self.vectors = {i: stored(encoder.encode(each[:1]))[0] for i, each in texts.items()}
        self.lists = [self._shown(one) for one in self.requests]

    def _shown(self, request: RequestProfile) -> DecidedList:
        order, right = self.index.order(request, today=ANY_DAY), self.right[request.id]
        offers = [_offer(order, place, right) for place in order.places[:SHOWN].tolist()]
        return DecidedList(" ".join(sorted(right)), request.id, "", tuple(offers))

    def decisions(self, lists: Sequence[DecidedList]) -> Decisions:
        weight = WEIGHTS[FeatureCode.TEXT]
        return Decisions("learned-1", "", weight, tuple(lists), self.vectors)

    def precision(self, place: int) -> float:
        """Of the whole list, as the index ranks it now."""
        request = self.requests[place]
        found = [offer for offer, _ in self.index.order(request, today=ANY_DAY).scores()]
        return average_precision(found, self.right[request.id])


def _offer(order: Order, place: int, right: set[str]) -> ShownOffer:
    offer, text = order.ids[place], order.text
    return ShownOffer(
        offer=offer,
        text=float(text.value[place]),
        base=float(text.base[place]),
        words=float(text.words[place]),
        meaning=float(text.meaning[place]),
        rest=0.0,
        outcome=Outcome.PROPOSED if offer in right else Outcome.SHOWN,
    )


@pytest.fixture(scope="module")
def replay() -> Replay:
    folder = Path(os.environ["CONCORD_DATA"]) / "matching" / "titles"
    return Replay(next(iter(sorted(folder.iterdir()))))


async def test_the_adopted_order_ranks_unseen_requests_better(
    replay: Replay, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twins (the same answers) are learned from together or not at all."""
    groups = sorted({one.group for one in replay.lists})
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    places = range(len(replay.lists))
    before = [replay.precision(place) for place in places]
    after = [0.0] * len(before)
    for number in range(FOLDS):
        known = [one for one in replay.lists if fold[one.group] != number]
        found = await trained(replay.decisions(known))
        assert found.is_adopted
        replay.index.adopt(Configuration(), model_of("learned-1", found.weights))
        for place in places:
            if fold[replay.lists[place].group] == number:
                after[place] = replay.precision(place)
        replay.index.adopt(Configuration(), None)
    with capsys.disabled():
        print(f"\ntitles, MAP: untrained {np.mean(before):.3f}, adopted {np.mean(after):.3f}")
    assert np.mean(before) >= UNTRAINED
    assert np.mean(after) >= np.mean(before) + GAIN


@pytest.mark.parametrize(
    ("poison", "refusal"), [("last", Refusal.TURNED_ROUND), ("chance", Refusal.NOT_BETTER)]
)
async def test_a_poisoned_batch_is_refused(replay: Replay, poison: str, refusal: Refusal) -> None:
    draw = np.random.default_rng(3)
    found = await trained(replay.decisions([spoilt(one, poison, draw) for one in replay.lists]))
    assert refusal in found.refusals


def spoilt(one: DecidedList, poison: str, draw: np.random.Generator) -> DecidedList:
    """As many proposals as before: the last ones shown, or any."""
    size = len(one.offers)
    count = sum(each.outcome is Outcome.PROPOSED for each in one.offers)
    taken = set(
        range(size - count, size)
        if poison == "last"
        else draw.choice(size, count, replace=False).tolist()
    )
    return replace(
        one,
        offers=tuple(
            replace(each, outcome=Outcome.PROPOSED if place in taken else Outcome.SHOWN)
            for place, each in enumerate(one.offers)
        ),
    )
