"""From which score on two records are likely or possibly the same, as answers teach."""

import pytest

from concord.duplicates.thresholds import ENOUGH, USUAL, Thresholds, learned
from matching import duplicates as matcher


def answers(*, same: list[float], different: list[float]) -> list[tuple[float, bool]]:
    return [(score, True) for score in same] + [(score, False) for score in different]


def test_the_usual_ones_are_the_matchers() -> None:
    assert (USUAL.likely, USUAL.possible) == (matcher.LIKELY, matcher.POSSIBLE)


def test_a_few_answers_teach_nothing() -> None:
    found = learned(answers(same=[0.9] * (ENOUGH - 1), different=[]))

    assert found == Thresholds(USUAL.likely, USUAL.possible, answers=ENOUGH - 1)
    assert found.verdict(0.1, "possible") == "possible"


def test_enough_answers_move_both() -> None:
    same = [0.80 + step / 200 for step in range(30)]
    different = [0.60 + step / 200 for step in range(30)]

    found = learned(answers(same=same, different=different))

    assert found.learned
    assert (found.likely, found.possible) == (0.8, 0.8)
    assert [found.verdict(score, "possible") for score in (0.79, 0.8, 0.95)] == [
        None,
        "likely",
        "likely",
    ]


def test_where_nearly_nothing_is_the_same_nothing_is_likely() -> None:
    found = learned(answers(same=[0.9] * 3, different=[0.7 + n / 1000 for n in range(60)]))

    assert found.likely > 1
    assert found.possible == 0
    assert found.verdict(0.99, "likely") == "possible"


@pytest.mark.parametrize("wrong", [1, 3])
def test_a_threshold_lies_between_equal_scores_never_inside_them(wrong: int) -> None:
    found = learned(answers(same=[0.9] * 30, different=[0.9] * wrong + [0.5] * 30))

    assert found.likely == 0.9
