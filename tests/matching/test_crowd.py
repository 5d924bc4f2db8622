"""What many requests have in common: kept, followed, and compared with in parts."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matching import crowd
from matching.encoder import SentenceEncoder
from matching.ranking import OfferIndex
from matching.scoring import Configuration
from matching.types import OfferProfile, RequestProfile
from tests.matching.cases import HashedWords

DAY = date(2027, 1, 11)
WORDS = [f"word{number}" for number in range(50)]


def texts(count: int, *, seed: int) -> list[str]:
    chance = np.random.default_rng(seed)
    return [" ".join(chance.choice(WORDS, 7)) for _ in range(count)]


def offers(count: int, *, seed: int = 1) -> list[OfferProfile]:
    return [
        OfferProfile(f"o{n:04}", text=text, past=tuple(texts(n % 3, seed=n)))
        for n, text in enumerate(texts(count, seed=seed))
    ]


def requests(count: int, language: str = "en") -> list[RequestProfile]:
    return [
        RequestProfile(f"{language}{n}", text=text, language=language)
        for n, text in enumerate(texts(count, seed=len(language) + 7))
    ]


def index(count: int = 300) -> OfferIndex:
    made = OfferIndex(configuration=Configuration(), encoder=HashedWords())
    made.upsert(offers(count))
    return made


def scores(made: OfferIndex, asked: list[RequestProfile]) -> list[list[tuple[str, float]]]:
    return [list(made.order(request, today=DAY).scores()) for request in asked]


def test_the_direction_of_a_request_is_what_is_its_own() -> None:
    """Its vector; in a language of many requests less what these have in common."""
    made, asked = index(3), requests(120)
    lone = RequestProfile("lone", text=asked[0].text, language="fr")
    plain = HashedWords().encode([asked[0].text])[0]
    assert made.direction(asked[0]).tolist() == plain.tolist()
    made.learn(asked)
    own = plain - HashedWords().encode(sorted(one.text for one in asked)).mean(axis=0)
    assert made.direction(asked[0]) == pytest.approx(own / np.linalg.norm(own), abs=1e-6)
    assert made.direction(lone).tolist() == plain.tolist()


def test_what_is_kept_has_the_effect_of_what_was_learned() -> None:
    asked = [*requests(130), *requests(110, "fr"), *requests(99, "es")]
    learned, followed, alone = index(), index(), index()
    learned.learn(asked)
    kept = followed.known(reversed(asked))
    assert [(each.language, len(each.digests)) for each in kept] == [
        ("en", 16 * 130),
        ("fr", 16 * 110),
    ]
    followed.follow(kept)
    assert scores(learned, asked) == scores(followed, asked)
    assert scores(learned, asked)[:240] != scores(alone, asked)[:240]
    assert scores(learned, asked)[240:] == scores(alone, asked)[240:]  # fewer than a hundred
    followed.follow([])
    assert scores(followed, asked) == scores(alone, asked)


def test_a_text_read_for_the_same_in_another_language_is_no_member() -> None:
    assert (
        OfferIndex(configuration=Configuration(), encoder=HashedWords()).known(requests(150, "xx"))
        == []
    )


def test_of_requests_that_say_nearly_the_same_one_counts() -> None:
    """Else what answers a request that many States file would look as if it were near to all."""
    made = index()
    chance = np.random.default_rng(3)
    alone = [
        RequestProfile(f"r{n}", text=" ".join(chance.choice(WORDS, 40)), language="en")
        for n in range(110)
    ]
    again = [replace(each, id=f"{each.id}-2", text=f"{each.text} again") for each in alone]
    (kept,) = made.known([*again, *alone])
    assert len(kept.digests) == 16 * 110
    assert kept in made.known([*alone, *again])
    assert made.known([*alone[:99], *again[:99]]) == []


def test_parts_ahead_of_time_and_all_at_once_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = requests(130)
    at_once, ahead = index(), index()
    for made in (at_once, ahead):
        made.follow(made.known(asked))
    expected = scores(at_once, asked)
    monkeypatch.setattr(crowd, "AT_ONCE", 130 * 40)  # forty works in a part
    parts = 0
    while ahead.prepare():
        parts += 1
    assert parts == 15  # 600 works
    assert scores(ahead, asked) == expected
    assert not ahead.prepare()


def test_history_leaves_no_trace() -> None:
    """Works compared together with others, alone, or after a change: the same sums."""
    asked = requests(130)
    made, grown = index(257), index(3)
    for each in (made, grown):
        each.follow(each.known(asked))
    assert scores(grown, asked)
    for n in range(3, 257, 50):
        grown.upsert(offers(257)[n : n + 50])
        assert scores(grown, asked[:2])
    assert scores(grown, asked) == scores(made, asked)


def test_a_new_edition_replaces_the_old_one() -> None:
    first, second = requests(130), requests(260)
    changed, fresh = index(), index()
    changed.learn(first)
    old = scores(changed, second[:3])
    changed.learn(second)
    fresh.learn(second)
    assert scores(changed, second[:3]) == scores(fresh, second[:3]) != old


def test_the_sentence_encoder_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """In its dimensions and on this machine's kernels no sum depends on its neighbours."""
    encoder = SentenceEncoder()
    asked, offered = requests(110), offers(140)
    made = [OfferIndex(configuration=Configuration(), encoder=encoder) for _ in range(2)]
    for place, each in enumerate(made):
        for n in range(0, 140, 140 if place else 9):
            each.upsert(offered[n : n + (140 if place else 9)])
            each.learn(asked)
            assert scores(each, asked[:1])
    assert scores(made[0], asked[:9]) == scores(made[1], asked[:9])
