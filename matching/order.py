"""All possible offers of one request in rank order, before anything is explained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.judging import Judged
from matching.postings import Integers
from matching.scoring import MILLION
from matching.text import ReadText, TextValues


@dataclass(frozen=True, slots=True)
class Order:
    """`ids`: all offers, sorted. `places`: where in `ids` the possible ones are, best first;
    `points`: their scores in millionths, so descending; `ascending`: the same below zero."""

    ids: Sequence[str]
    places: Integers
    points: Integers
    ascending: Integers
    judged: Judged
    text: TextValues
    read: ReadText

    def scores(self) -> Iterator[tuple[str, float]]:
        for place, points in zip(self.places.tolist(), self.points.tolist(), strict=True):
            yield self.ids[place], points / MILLION

    def rank_at(self, place: int, points: int, *, now: int) -> int:
        """The rank of the offer at `place`, which has `now`, were its score `points`."""
        better = int(self.ascending.searchsorted(-points, "left"))
        level = int(self.ascending.searchsorted(-points, "right"))
        ahead = better + int(self.places[better:level].searchsorted(place, "left"))
        return ahead + 1 - (now > points)
