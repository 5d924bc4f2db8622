"""Under a learned order: no list that a changed offer enters is left out when it is weighed."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matching.ranking import OfferIndex
from matching.reorder import HEAD, SIGNALS, TextModel
from matching.scoring import Configuration
from matching.types import Head, ItemProfile, OfferProfile, RequestProfile, SlotProfile
from tests.matching.cases import HashedWords

DAY = date(2027, 1, 11)
LISTED = 50
OFFERS = HEAD + 100
TOPIC = "PRE.01"
WORDS = [f"word{number}" for number in range(40)]


def texts(chance: np.random.Generator, count: int, length: int) -> list[str]:
    return [" ".join(chance.choice(WORDS, length)) for _ in range(count)]


def some_model(chance: np.random.Generator) -> TextModel:
    weights = chance.normal(size=SIGNALS + HashedWords.dimension)
    return TextModel("random", weights.astype(np.float64))


def listed(index: OfferIndex, request: RequestProfile) -> tuple[list[str], float, Head | None]:
    found = index.rank_one(request, today=DAY, top=LISTED, barred=False)
    return [one.offer for one in found.pairings], found.pairings[-1].score, found.head


@pytest.mark.parametrize("seed", range(8))
def test_no_list_that_an_offer_enters_is_left_out(seed: int) -> None:
    chance = np.random.default_rng(seed)
    index = OfferIndex(
        configuration=Configuration(), encoder=HashedWords(), model=some_model(chance)
    )
    index.upsert(OfferProfile(f"o{n:03}", text=t) for n, t in enumerate(texts(chance, OFFERS, 6)))
    asked = [RequestProfile(f"r{n}", text=t) for n, t in enumerate(texts(chance, 12, 8))]
    before = {request.id: listed(index, request) for request in asked}
    entered = left_out = 0
    for number, text in enumerate(texts(chance, 12, 6)):
        new = OfferProfile(f"new{number}", text=text, verified=number % 4 != 0)
        few = index.apart([new])
        index.upsert([new])
        for request in asked:
            offers, cutoff, head = before[request.id]
            enters = new.id in listed(index, request)[0]
            most = few.most(request, today=DAY, head=head)
            entered += enters
            left_out += most is None or most < cutoff
            assert not enters or (most is not None and most >= cutoff - 0.005)
            assert new.id not in offers
        index.remove([new.id])
    assert entered  # else nothing was tried
    assert left_out  # and most lists are left alone


def test_without_a_learned_order_the_most_is_the_best() -> None:
    chance = np.random.default_rng(1)
    index = OfferIndex(configuration=Configuration(), encoder=HashedWords())
    index.upsert(OfferProfile(f"o{n}", text=t) for n, t in enumerate(texts(chance, 30, 6)))
    request = RequestProfile("asked", text=texts(chance, 1, 6)[0])
    few = index.apart(index.profiles(["o3", "o4"]))
    assert few.most(request, today=DAY) == few.best(request, today=DAY)
    assert index.rank_one(request, today=DAY).head is None


def test_what_stands_above_the_head_concerns_the_whole_list() -> None:
    """It takes the highest place of the head, so that others get other values."""
    chance = np.random.default_rng(2)
    index = OfferIndex(
        configuration=Configuration(), encoder=HashedWords(), model=some_model(chance)
    )
    index.upsert(OfferProfile(f"o{n}", text=t) for n, t in enumerate(texts(chance, OFFERS, 6)))
    request = RequestProfile("asked", text="quite another matter altogether")
    _, _, head = listed(index, request)
    assert head is not None
    same = OfferProfile("same", text=request.text)
    assert index.apart([same]).most(request, today=DAY, head=head) == float("inf")
    far = replace(same, text=texts(chance, 1, 6)[0])
    assert index.apart([far]).most(request, today=DAY) is not None
    for barred in (replace(same, verified=False), replace(far, verified=False)):
        assert index.apart([barred]).most(request, today=DAY, head=head) is None


def test_barred_offers_take_no_place_in_the_head() -> None:
    """However many of them say just what is asked for."""
    chance = np.random.default_rng(3)
    index = OfferIndex(
        configuration=Configuration(), encoder=HashedWords(), model=some_model(chance)
    )
    index.upsert(OfferProfile(f"o{n}", text=t) for n, t in enumerate(texts(chance, OFFERS, 6)))
    request = RequestProfile("asked", text=texts(chance, 1, 8)[0])
    index.upsert(OfferProfile(f"no{n}", text=request.text, verified=False) for n in range(HEAD))
    found = index.rank_one(request, today=DAY)
    assert len(found.pairings) == OFFERS
    values = sorted((pairing.signals["base"] for pairing in found.pairings), reverse=True)
    assert found.head == pytest.approx((values[HEAD - 1], values[0]), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_a_list_is_as_stored_wherever_the_new_offer_leaves_it(seed: int) -> None:
    """Whoever reaches a full head puts another out of it, and that one may be listed."""
    chance = np.random.default_rng(seed)
    index = OfferIndex(
        configuration=Configuration(), encoder=HashedWords(), model=some_model(chance)
    )
    index.upsert(
        OfferProfile(f"o{n:03}", text=text, slots=(SlotProfile("s", TOPIC, "training_course"),))
        for n, text in enumerate(texts(chance, OFFERS, 6))
    )
    asked = [
        RequestProfile(f"r{n}", text=text, items=(ItemProfile("i", TOPIC, "training_course"),))
        for n, text in enumerate(texts(chance, 12, 8))
    ]
    before = {request.id: (listed(index, request), stored(index, request)) for request in asked}
    left_out = 0
    elsewhere = (SlotProfile("s", "LEG.01", "training_course"),)
    for number, text in enumerate(texts(chance, 20, 6)):
        new = OfferProfile(f"new{number}", text=text, slots=elsewhere)
        few = index.apart([new])
        index.upsert([new])
        for request in asked:
            (_, cutoff, head), was = before[request.id]
            most = few.most(request, today=DAY, head=head)
            if most is None or most < cutoff - 0.005:
                left_out += 1
                now = dict(index.order(request, today=DAY).scores())
                # Two of the head may change places when what is usual changes by next to nothing.
                assert max(abs(now[offer] - was[offer]) for offer in was) < 0.03
        index.remove([new.id])
    assert left_out


def stored(index: OfferIndex, request: RequestProfile) -> dict[str, float]:
    found = index.rank_one(request, today=DAY, top=LISTED, barred=False)
    return {pairing.offer: pairing.score for pairing in found.pairings}
