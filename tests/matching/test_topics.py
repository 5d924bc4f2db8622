"""Distance in the topic tree."""

import pytest
from hypothesis import given

from matching.topics import closeness, nearest
from tests.matching.cases import TOPICS, codes


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("INV.01", "INV.01", 1.0),
        ("INV.01", "INV", 0.8),
        ("SUB.07", "INV.04", 0.6),
        ("INV.01", "INV.02", 0.5),
        ("SUB.07", "INV.01", 0.3),
        ("INV.01", "EVD.01", 0.0),
        ("OTHER", "ELSE", 0.0),
    ],
)
def test_closeness(first: str, second: str, expected: float) -> None:
    assert closeness(first, second, TOPICS) == expected


@given(codes, codes)
def test_closeness_is_the_same_both_ways(first: str | None, second: str | None) -> None:
    one, other = first or "", second or ""
    assert closeness(one, other, TOPICS) == closeness(other, one, TOPICS)


def test_the_nearest_topic_goes_by_code_when_equal() -> None:
    assert nearest("INV.01", ["INV.04", "INV.02"], TOPICS) == (0.5, "INV.02")
    assert nearest("INV.01", [], TOPICS) == (0.0, "")
