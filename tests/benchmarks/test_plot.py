"""The plot of how the matcher grows stays readable, whatever the figures are."""

from typing import Any
from xml.etree import ElementTree

import pytest

from tests.benchmarks.labels import Box, Label, placed
from tests.benchmarks.plot import drawn

FIGURES: dict[str, Any] = {
    "index": [
        {"offers": 1000, "middle": 4.9, "high": 5.4, "megabytes": 217},
        {"offers": 10_000, "middle": 8.3, "high": 9.1, "megabytes": 437},
        {"offers": 100_000, "middle": 41, "high": 51, "megabytes": 2697},
    ],
    "preselection": [{"offers": 200_000, "middle": 70, "high": 110, "megabytes": 880}],
    "rerank": [{"size": 1000, "wall": 10, "cpu": 14}, {"size": 3000, "wall": 32, "cpu": 53}],
}


def test_it_is_a_drawing_with_a_title_a_description_and_every_figure() -> None:
    root = ElementTree.fromstring(drawn(FIGURES))  # noqa: S314 - drawn here
    texts = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    description = root.findtext("{http://www.w3.org/2000/svg}desc") or ""

    assert root.findtext("{http://www.w3.org/2000/svg}title")
    assert {"4.9", "51", "2,697", "880", "53"} <= set(texts)
    assert "2,697 at 100,000 offers" in description


@pytest.mark.parametrize("distance", [1, 4, 12, 40])
def test_labels_of_close_points_do_not_meet(distance: int) -> None:
    labels = [
        Label(f"{100 * n}", 100 + n * distance, 100 - n, "#000000", above=n % 2 == 0)
        for n in range(4)
    ]
    boxes = [box for _, box in placed(labels, [], Box(0, 0, 300, 200))]

    assert len(boxes) == len(labels)
    assert not any(one.meets(other) for n, one in enumerate(boxes) for other in boxes[:n])
