"""Learning from decisions: what is better is adopted, what is not is refused."""

from dataclasses import replace

import numpy as np
import pytest

from matching.learning import (
    Calibration,
    Decided,
    average_precision_of,
    calibrate,
    calibration_error,
    learn,
    unseen_scores,
)
from matching.ranking import OfferIndex
from matching.reorder import SIGNALS, TextModel, reordered
from matching.scoring import Configuration
from tests.matching.cases import OFFER, REQUEST, TODAY, TOPICS, HashedWords

WIDTH = 12


def decisions(count: int, *, truth: float) -> list[Decided]:
    """Lists in which a feature decides; `truth` is its share in the marks, the rest noise."""
    draw = np.random.default_rng(3)
    lists = []
    for number in range(count):
        features = draw.normal(size=(20, WIDTH))
        marks = truth * features[:, 5] + (1 - truth) * draw.normal(size=20)
        chosen = marks >= np.sort(marks)[-4]
        lists.append(Decided(f"g{number // 2}", features, draw.normal(size=20), chosen))
    return lists


def test_a_better_order_is_adopted() -> None:
    lesson = learn(decisions(40, truth=0.9), version="two")
    assert lesson.is_better
    assert lesson.after > lesson.before + 0.2
    assert lesson.model is not None
    assert int(np.argmax(np.abs(lesson.model.weights))) == 5


def test_noise_is_refused() -> None:
    assert not learn(decisions(40, truth=0.0), version="two").is_better


def test_a_poisoned_batch_is_refused() -> None:
    honest = decisions(60, truth=0.9)
    current = [replace(each, current=each.features[:, 5]) for each in honest]
    poisoned = [
        replace(each, chosen=~each.chosen) if number % 2 else each
        for number, each in enumerate(current)
    ]
    assert not learn(poisoned, version="two").is_better


def test_too_few_decisions_teach_nothing() -> None:
    lesson = learn(decisions(19, truth=0.9), version="two")
    assert (lesson.model, lesson.lists, lesson.is_better) == (None, 19, False)


def test_lists_without_a_choice_are_left_out() -> None:
    undecided = [replace(each, chosen=np.zeros(20, bool)) for each in decisions(30, truth=1)]
    assert learn(undecided, version="two").lists == 0


def test_the_same_decisions_teach_the_same() -> None:
    first, second = (learn(decisions(30, truth=0.8), version="two") for _ in range(2))
    assert first.gain == second.gain
    assert first.model is not None
    assert second.model is not None
    assert first.model.weights.tobytes() == second.model.weights.tobytes()


def test_a_group_is_never_judged_by_itself() -> None:
    lists = decisions(20, truth=0.9)
    secret = np.zeros((20, WIDTH))
    secret[:, 0] = 100.0 * lists[0].chosen
    lists[0] = replace(lists[0], features=secret)
    assert average_precision_of(unseen_scores(lists)[0], lists[0].chosen) < 1


def test_probabilities_are_calibrated() -> None:
    draw = np.random.default_rng(5)
    scores = draw.normal(size=4000)
    chosen = draw.random(4000) < 1 / (1 + np.exp(-(2 * scores - 1)))
    fitted = calibrate(scores, chosen)
    assert (fitted.slope, fitted.intercept) == pytest.approx((2, -1), abs=0.2)
    assert fitted.error < 0.05
    assert fitted.probability(0.5) == pytest.approx(0.5, abs=0.05)
    assert not fitted.is_band
    assert Calibration(1, 0, 0, 199).is_band


def test_calibration_error_is_the_distance_of_stated_and_seen() -> None:
    assert calibration_error(np.array([0.0, 1.0]), np.array([False, True])) == 0
    assert calibration_error(np.array([1.0, 1.0]), np.array([False, False])) == 1


def test_values_keep_their_heights() -> None:
    value, places = np.array([0.1, 0.9, 0.5, 0.2]), np.array([1, 2])
    assert reordered(value, places, np.array([0.0, 1.0])).tolist() == [0.1, 0.5, 0.9, 0.2]


def test_a_model_moves_offers_and_names_itself() -> None:
    words = ("investigators", "seized", "telephones")
    offered = [replace(OFFER, id=word, title="", text=word) for word in words]
    plain = OfferIndex(configuration=Configuration(), encoder=HashedWords(), topics=TOPICS)
    plain.upsert(offered)
    before = plain.rank_one(REQUEST, today=TODAY)
    against = TextModel("turned", np.concatenate([[-1.0], np.zeros(SIGNALS - 1 + 32)]))
    turned = OfferIndex(
        configuration=Configuration(), encoder=HashedWords(), topics=TOPICS, model=against
    )
    turned.upsert(offered)
    after = turned.rank_one(REQUEST, today=TODAY)
    assert [each.offer for each in after.pairings] == [each.offer for each in before.pairings][
        ::-1
    ]
    assert [each.score for each in after.pairings] == [each.score for each in before.pairings]
    assert after.model_version == "linear-1+hashed+turned"


def test_a_shown_list_gives_what_is_learned_from() -> None:
    index = OfferIndex(configuration=Configuration(), encoder=HashedWords(), topics=TOPICS)
    index.upsert([OFFER, replace(OFFER, id="o2", text="courts")])
    shown = index.shown(REQUEST, ["o2", "gone", "o1"], today=TODAY)
    assert shown.offers == ("o2", "o1")
    assert shown.features.shape == (2, SIGNALS + 32)
    assert shown.current.tolist() == index.order(REQUEST, today=TODAY).text.value[::-1].tolist()
