"""`python -m tests.benchmarks.plot JSON SVG`: how the matcher grows, drawn from its figures.

One file for light and dark pages: every colour stands out from white and from near black.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log10
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.benchmarks.labels import Box, Label, placed

WIDTH, HEIGHT = 960, 344
LEFT, TOP, ACROSS, DOWN, APART = 44, 66, 244, 216, 318
INK, FAINT, BLUE, ORANGE = "#737b86", "#737b86", "#3579be", "#bd6514"
OFFERS = (1000, 1_000_000)
STYLE = f"""text {{ font: 12px system-ui, sans-serif; fill: {INK} }}
.title {{ font-size: 14px; font-weight: 600 }} .value {{ font-weight: 600 }}
.grid {{ stroke: {FAINT}; stroke-opacity: .3 }} .line {{ fill: none; stroke-width: 2 }}"""


@dataclass(frozen=True, slots=True)
class Series:
    """`points`: offers and a value; the first of two for the same offers is labelled above."""

    name: str
    colour: str
    points: Sequence[tuple[float, float]]
    above: bool = True
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    unit: str
    span: tuple[float, float]
    series: Sequence[Series]


def panels(figures: dict[str, Any]) -> list[Panel]:
    whole, chosen = figures.get("index", []), figures.get("preselection", [])
    runs = figures.get("rerank", [])
    return [
        Panel(
            "One request, ranked and explained",
            "CPU time in ms: ● 95 of 100 stay below, ○ half do",
            (1, 10_000),
            [
                Series("all offers in memory", BLUE, _of(whole, "offers", "high")),
                Series("", BLUE, _of(whole, "offers", "middle"), above=False, hollow=True),
                Series("preselected", ORANGE, _of(chosen, "offers", "high")),
                Series("", ORANGE, _of(chosen, "offers", "middle"), above=False, hollow=True),
            ],
        ),
        Panel(
            "Memory of one matcher process",
            "MB",
            (100, 10_000),
            [
                Series("all offers in memory", BLUE, _of(whole, "offers", "megabytes")),
                Series("preselected", ORANGE, _of(chosen, "offers", "megabytes")),
            ],
        ),
        Panel(
            "A full run of two workers",
            "seconds, as many requests as offers",
            (5, 1000),
            [
                Series("CPU time of both", ORANGE, _of(runs, "size", "cpu")),
                Series("time that passes", BLUE, _of(runs, "size", "wall"), above=False),
            ],
        ),
    ]


def _of(rows: Sequence[dict[str, Any]], across: str, up: str) -> list[tuple[float, float]]:
    return [(row[across], row[up]) for row in rows]


def drawn(figures: dict[str, Any]) -> str:
    made = panels(figures)
    body = "\n".join(
        line for number, panel in enumerate(made) for line in _panel(panel, LEFT + number * APART)
    )
    summary = "; ".join(
        f"{panel.title}, {panel.unit}: " + ", ".join(_told(each) for each in panel.series)
        for panel in made
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-labelledby="title desc">\n<title id="title">How the matcher grows</title>\n'
        f'<desc id="desc">{escape(summary)}.</desc>\n<style>{STYLE}</style>\n{body}\n</svg>\n'
    )


def _told(series: Series) -> str:
    points = (f"{shown(value)} at {offers:,.0f} offers" for offers, value in series.points)
    return " ".join((series.name, *points)).strip()


def _panel(panel: Panel, left: float) -> Iterator[str]:
    yield f'<text class="title" x="{left}" y="22">{escape(panel.title)}</text>'
    yield f'<text x="{left}" y="42">{escape(panel.unit)}</text>'
    yield from _grid(panel, left)
    yield f'<text x="{left + ACROSS / 2}" y="{TOP + DOWN + 40}" text-anchor="middle">offers</text>'
    taken = [Box(left - 40, y - 7, left - 4, y + 7) for _, y in _ticks(panel, left)]
    wanted: list[Label] = []
    for series in panel.series:
        places = [_place(panel, left, point) for point in series.points]
        taken += [Box(x - 5, y - 5, x + 5, y + 5) for x, y in places]
        taken += [box for pair in pairwise(places) for box in _along(*pair)]
        yield from _series(series, places)
        for (_, value), (x, y) in zip(series.points, places, strict=True):
            wanted.append(Label(shown(value), x, y, series.colour, series.above))
        if series.name and places:
            middle = places[len(places) // 2]
            wanted.append(Label(series.name, *middle, series.colour, series.above, name=True))
    frame = Box(left - 40, TOP - 16, left + ACROSS + 26, TOP + DOWN)
    for label, box in placed(wanted, taken, frame):
        yield (
            f'<text class="{"" if label.name else "value"}" x="{box.left:.1f}"'
            f' y="{box.bottom - 3:.1f}" style="fill: {label.colour}">{escape(label.text)}</text>'
        )


def _grid(panel: Panel, left: float) -> Iterator[str]:
    for offers in (1000, 10_000, 100_000, 1_000_000):
        x, _ = _place(panel, left, (offers, panel.span[0]))
        words = f"{offers:,}" if offers < 1_000_000 else "1 million"
        yield f'<path class="grid" d="M{x:.1f} {TOP}V{TOP + DOWN}"/>'
        yield f'<text x="{x:.1f}" y="{TOP + DOWN + 20}" text-anchor="middle">{words}</text>'
    for value, y in _ticks(panel, left):
        yield f'<path class="grid" d="M{left} {y:.1f}h{ACROSS}"/>'
        yield f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{value:,}</text>'


def _ticks(panel: Panel, left: float) -> list[tuple[int, float]]:
    """Powers of ten on the upright axis, and their heights."""
    low, high = panel.span
    shown_values = [value for value in (1, 10, 100, 1000, 10_000) if low <= value <= high]
    return [(value, _place(panel, left, (OFFERS[0], value))[1]) for value in shown_values]


def _series(series: Series, places: Sequence[tuple[float, float]]) -> Iterator[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dashes = ' stroke-dasharray="3 4"' if series.hollow else ""
    yield f'<polyline class="line" stroke="{series.colour}"{dashes} points="{path}"/>'
    fill = f'fill-opacity="0" stroke="{series.colour}" stroke-width="2"'
    for x, y in places:
        look = fill if series.hollow else f'fill="{series.colour}"'
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" {look}/>'


def _place(panel: Panel, left: float, point: tuple[float, float]) -> tuple[float, float]:
    """Both axes are logarithmic."""
    across = log10(point[0] / OFFERS[0]) / log10(OFFERS[1] / OFFERS[0])
    up = log10(point[1] / panel.span[0]) / log10(panel.span[1] / panel.span[0])
    return left + across * ACROSS, TOP + DOWN - up * DOWN


def _along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Box]:
    """Small boxes that cover a line, so that no label is written across it."""
    steps = 24
    for step in range(steps + 1):
        x = start[0] + (end[0] - start[0]) * step / steps
        y = start[1] + (end[1] - start[1]) * step / steps
        yield Box(x - 1, y - 1, x + 1, y + 1)


def shown(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def main() -> int:
    figures, target = (Path(name) for name in sys.argv[1:3])
    target.write_text(drawn(json.loads(figures.read_text("utf-8"))), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
