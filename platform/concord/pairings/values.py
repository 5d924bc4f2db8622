"""What pairings know of the matches that are made of them."""

from typing import TypedDict

ENDED = frozenset(
    {"declined_by_state", "declined_by_partner", "rejected", "lapsed", "cancelled", "closed"}
)
"""States of a match that leave its pair free; a test holds them against the machine."""

LISTED = 50
"""How many candidates of a request are kept."""


class Likeness(TypedDict):
    """The sentence of an offer that answers one of the request best; `mark` of both texts."""

    mark: str
    request: str
    offer: str
