"""Frozen inputs of the actions on portfolios."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

LEAST_WEIGHT, MOST_WEIGHT = 1.0, 5.0
URGENT_FIRST = 2.0
EVEN = 1.0
UNMET_PRICE = 1.0
HIGHEST: Literal["max"] = "max"
MOST_PROPOSED = 25
Floor = float | Literal["max"] | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What weighs how much: `urgent` and `least_served` multiply a request's scores, `price` is
    what a request left unserved costs, in scores; `floor` is the least score to be given."""

    urgent: float = URGENT_FIRST
    least_served: float = EVEN
    price: float = UNMET_PRICE
    floor: Floor = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A request and an offer by their public ids."""

    request: str
    offer: str

    def __str__(self) -> str:
        return f"{self.request}:{self.offer}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a run is asked with: pairs that stay, and pairs that are ruled out."""

    terms: Terms = field(default_factory=Terms)
    kept: frozenset[Pair] = frozenset()
    excluded: frozenset[Pair] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of chosen rows now, by pair, and those that were proposed before."""

    outcomes: Mapping[str, Mapping[str, Any]]
    already: frozenset[str]

    @property
    def made(self) -> int:
        return sum("match" in outcome for outcome in self.outcomes.values())
