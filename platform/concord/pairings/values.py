"""What pairings know of the matches that are made of them."""

from typing import NamedTuple, TypedDict

from matching.types import Head

ENDED = frozenset(
    {"declined_by_state", "declined_by_partner", "rejected", "lapsed", "cancelled", "closed"}
)
"""States of a match that leave its pair free; a test holds them against the machine."""

LISTED = 50
"""How many candidates of a request are kept."""


class Bar(NamedTuple):
    """What an offer has to reach to be listed: a score where the list is full; and where the
    head of the list stood that a learned order gave anew."""

    cutoff: float | None
    head: Head | None


ANYTHING = Bar(None, None)


class Likeness(TypedDict):
    """The sentence of an offer that answers one of the request best; `mark` of both texts."""

    mark: str
    request: str
    offer: str
