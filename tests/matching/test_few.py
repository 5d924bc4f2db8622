"""A few offers apart get the scores that they get among all."""

import random
from collections.abc import Callable
from datetime import date

import pytest

from matching.encoder import Encoder, LexicalOnly, SentenceEncoder
from matching.ranking import OfferIndex
from matching.scoring import Configuration
from matching.types import OfferProfile, RequestProfile

DAY = date(2027, 1, 11)
WORDS = ("formation", "preuve", "numérique", "police", "training", "digital", "evidence", "law")
ENCODERS: dict[str, Callable[[], Encoder]] = {"use": SentenceEncoder, "lexical": LexicalOnly}


def offers(count: int) -> list[OfferProfile]:
    chance = random.Random(7)  # noqa: S311 - no secret
    return [
        OfferProfile(
            f"o{number:03}",
            text=" ".join(chance.choices(WORDS, k=chance.randint(2, 9))),
            language=chance.choice(("en", "fr", "ar", "de")),
            past=tuple(" ".join(chance.choices(WORDS, k=4)) for _ in range(number % 3)),
        )
        for number in range(count)
    ]


def requests(count: int) -> list[RequestProfile]:
    chance = random.Random(8)  # noqa: S311 - no secret
    return [
        RequestProfile(
            f"r{number:03}",
            text=" ".join(chance.choices(WORDS, k=120 if number % 5 == 0 else 6)) + f" {number}",
            language=("en", "fr", "und")[number % 3],
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("crowd", [0, 330])
def test_a_few_offers_score_as_among_all(encoder: str, crowd: int) -> None:
    index = OfferIndex(configuration=Configuration(), encoder=ENCODERS[encoder]())
    index.upsert(offers(40))
    asked = requests(330) if encoder == "use" and crowd else requests(10)
    if crowd:
        index.learn(asked)
    chosen = ["o001", "o017", "o039", "gone"]
    few = index.few(chosen)
    for request in asked[:10]:
        scores = dict(index.order(request, today=DAY).scores())
        best = max(scores[offer] for offer in chosen[:3])
        assert index.best_of(few, request, today=DAY) == pytest.approx(best, abs=2e-6)


def test_offers_that_are_all_barred_have_no_best_score() -> None:
    index = OfferIndex(configuration=Configuration(), encoder=LexicalOnly())
    index.upsert([OfferProfile("shut", text="training", verified=False), OfferProfile("open")])
    asked = RequestProfile("asked", text="training")
    assert index.best_of(index.few(["shut"]), asked, today=DAY) is None
    assert index.best_of(index.few([]), asked, today=DAY) is None
