"""Offers apart get the scores that they get, or would get, among all."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from matching.encoder import Encoder, LexicalOnly, SentenceEncoder, Vectors
from matching.ranking import OfferIndex
from matching.scoring import Configuration
from matching.types import OfferProfile, RequestProfile

DAY = date(2027, 1, 11)
WORDS = ("formation", "preuve", "numérique", "police", "training", "digital", "evidence", "law")
MATTERS = (
    *("ransomware in hospitals", "cash couriers", "judges", "mobile telephones", "a draft bill"),
    *("child protection", "banks", "electricity networks", "extradition", "schools", "ports"),
    *("virtual currencies", "border police", "elections", "e-mail fraud", "prosecutors"),
    *("a laboratory", "satellite images", "interpreters", "water supply", "fishing vessels"),
)
ENCODERS: dict[str, Callable[[], Encoder]] = {"use": SentenceEncoder, "lexical": LexicalOnly}


class Counting(LexicalOnly):
    """Counts the texts that it is given."""

    def __init__(self) -> None:
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return super().encode(texts)


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


def crowd(count: int) -> list[RequestProfile]:
    """As many, no two of them alike."""
    chance = random.Random(9)  # noqa: S311 - no secret
    return [
        RequestProfile(
            f"c{number:03}",
            text=" ".join(chance.sample(MATTERS, 4)),
            language=("en", "fr")[number % 2],
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("encoder", "known"), [("use", ()), ("use", ("en", "fr")), ("lexical", ())]
)
def test_a_few_offers_score_as_among_all(encoder: str, known: Sequence[str]) -> None:
    index = OfferIndex(configuration=Configuration(), encoder=ENCODERS[encoder]())
    index.upsert(offers(40))
    asked = crowd(300) if known else requests(10)
    assert [each.language for each in index.known(asked)] == list(known)
    index.learn(asked)
    chosen = ["o001", "o017", "o039"]
    few = index.apart(index.profiles(chosen))
    new = [replace(request, text=f"{request.text} filed since") for request in asked[:10]]
    for request in (*asked[:10], *new):
        scores = dict(index.order(request, today=DAY).scores())
        best = max(scores[offer] for offer in chosen)
        assert few.best(request, today=DAY) == pytest.approx(best, abs=2e-6)


def test_offers_that_are_all_barred_have_no_best_score() -> None:
    index = OfferIndex(configuration=Configuration(), encoder=LexicalOnly())
    index.upsert([OfferProfile("shut", text="training", verified=False), OfferProfile("open")])
    asked = RequestProfile("asked", text="training")
    assert index.apart(index.profiles(["shut"])).best(asked, today=DAY) is None
    assert index.apart([]).best(asked, today=DAY) is None


def ranked(index: OfferIndex, request: RequestProfile) -> dict[str, tuple[float, object]]:
    found = index.rank_one(request, today=DAY).pairings
    return {each.offer: (each.score, each.explanation.shared_terms) for each in found}


@pytest.mark.parametrize("encoder", ENCODERS)
def test_offers_that_are_not_in_the_index_score_as_if_they_were_weighed_there(
    encoder: str,
) -> None:
    index = OfferIndex(configuration=Configuration(), encoder=ENCODERS[encoder]())
    index.upsert(offers(30))
    strangers = [replace(each, id=f"x{each.id}") for each in offers(30)]
    apart = index.apart(strangers)
    for request in requests(6):
        whole = ranked(index, request)
        for name, (score, terms) in ranked(apart, request).items():
            expected, words = whole[name.removeprefix("x")]
            assert score == pytest.approx(expected, abs=2e-6)
            assert terms == words
    assert len(index) == 30


@pytest.mark.parametrize("times", [1, 30])
def test_whom_else_one_is_apart_with_does_not_matter(times: int) -> None:
    index = OfferIndex(configuration=Configuration(), encoder=SentenceEncoder())
    index.upsert(offers(30))
    strangers = [
        OfferProfile("new", text="ransomware forensics training", language="en"),
        OfferProfile("old", text="training the police", language="en"),
        OfferProfile("other", text="رصد الجرائم السيبرانية", language="ar"),
        OfferProfile("unknown", text="verkkorikollisuus", language="fi"),
    ]
    asked = "ransomware training for the police " * times  # long texts are weighed otherwise
    request = RequestProfile("asked", text=asked.strip(), language="en")
    together = ranked(index.apart(strangers), request)
    for each in strangers:
        alone = ranked(index.apart([each]), request)[each.id]
        assert alone[0] == pytest.approx(together[each.id][0], abs=2e-6)
    assert "ransomware" in str(together["new"][1])  # a word that no offer of the whole has


def test_a_text_is_read_once_for_however_many_parts() -> None:
    encoder = Counting()
    index = OfferIndex(configuration=Configuration(), encoder=encoder)
    index.upsert(offers(10))
    stranger = OfferProfile("new", text="forensics", language="en", past=("police", "law"))
    before = encoder.texts
    for _ in range(3):
        index.apart([*offers(10)[:4], stranger])
    assert encoder.texts == before + 3
    index.apart([replace(stranger, text="forensics for courts")])
    assert encoder.texts == before + 6
