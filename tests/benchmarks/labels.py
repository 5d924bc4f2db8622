"""Where the labels of a drawing go, so that none covers another, a point or a line."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

SIGN, TALL, SPACE = 7.0, 15.0, 3.0  # pixels
NEAR = (9.0, 16.0, 26.0, 40.0, 56.0)
ASIDE = (0.0, -0.5, 0.5, -0.75, 0.75, -1.0, 1.0)  # of the label's own width


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: "Box") -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


class Label(NamedTuple):
    """A value, or the `name` of a series, that belongs to a point."""

    text: str
    x: float
    y: float
    colour: str
    above: bool
    name: bool = False


def placed(
    wanted: Sequence[Label], taken: Sequence[Box], frame: Box
) -> Iterator[tuple[Label, Box]]:
    """Values first, names where there is room; the nearest free place of each."""
    full = list(taken)
    for label in sorted(wanted, key=lambda each: each.name):
        box = next(
            (box for box in _places(label) if frame.holds(box) and not _any(box, full)), None
        )
        if box is None:
            raise ValueError(f"no room for {label.text}")
        full.append(box)
        yield label, box


def _places(label: Label) -> Iterator[Box]:
    """On the side that is wanted, then on the other; a name goes where there is room."""
    wide = SIGN * len(label.text)
    nears = NEAR if label.name else NEAR[:3]
    for above in (label.above, not label.above):
        for near in nears:
            top = label.y - near - TALL + 3 if above else label.y + near - 3
            for aside in ASIDE:
                left = label.x - wide / 2 + aside * wide
                yield Box(left, top, left + wide, top + TALL)
    yield Box(label.x + 8, label.y - TALL / 2, label.x + 8 + wide, label.y + TALL / 2)


def _any(box: Box, full: Sequence[Box]) -> bool:
    wide = Box(box.left - SPACE, box.top, box.right + SPACE, box.bottom)
    return any(wide.meets(each) for each in full)
