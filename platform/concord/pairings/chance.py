"""How often pairings of a score were taken forward, as far as decisions can tell."""

import math
from dataclasses import dataclass
from enum import StrEnum

from concord.small_cells import at_least
from matching.decisions import BANDS_UNTIL

CURVE_FROM = 30
"""Decisions before a curve is put in words: with fewer, the 95 % interval of a share about one
half (± .18 with thirty) is wider than a band, and nothing tells one of the three from the next."""
DISTRUSTED = ("too_few", "turned_round")
"""Trainings refused for the decisions themselves, not for the order that they gave: their curve is
of the same decisions."""


class Band(StrEnum):
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Chance:
    """`share` in [0, 1]; only the band is shown until enough decisions stand behind it."""

    share: float
    decisions: int

    @property
    def band(self) -> Band:
        return Band.LOW if self.share < 1 / 3 else Band.MIDDLE if self.share < 2 / 3 else Band.HIGH

    @property
    def told(self) -> int:
        """In whole fives: a decision on a request that the reader may not see tells nothing."""
        return at_least(self.decisions) or 0

    @property
    def is_band(self) -> bool:
        return self.decisions < BANDS_UNTIL


@dataclass(frozen=True, slots=True)
class Curve:
    """1 / (1 + exp(-(slope x score + intercept))) (Platt 1999), from so many decisions."""

    slope: float
    intercept: float
    decisions: int

    def at(self, score: float) -> Chance:
        power = max(-60.0, min(60.0, -(self.slope * score + self.intercept)))
        return Chance(1 / (1 + math.exp(power)), self.decisions)
