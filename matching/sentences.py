"""The sentence of an offer that answers a sentence of the request best, across languages too."""

import re
from dataclasses import dataclass

from matching.encoder import Encoder, one_thread

# Full stops of six languages; a point inside a number or an abbreviation has no space behind it.
END = re.compile(r"(?<=[.!?؟])\s+|(?<=[。！？；])|\n+")
SHORTEST = 6
MOST = 40


@dataclass(frozen=True, slots=True)
class Closest:
    """`closeness` is the cosine of the two sentences' vectors."""

    request: str
    offer: str
    closeness: float


def sentences(text: str) -> list[str]:
    """At most forty; a piece too short to mean anything is left out where others remain."""
    pieces = [piece.strip() for piece in END.split(text) if piece.strip()]
    return [piece for piece in pieces if len(piece) >= SHORTEST][:MOST] or pieces[:MOST]


def closest_sentences(
    request: str, offer: str, *, encoder: Encoder, most: int = MOST
) -> Closest | None:
    """None without a model, or when a text is blank; ties go to the earlier sentences."""
    asked, offered = sentences(request)[:most], sentences(offer)[:most]
    if not encoder.dimension or not asked or not offered:
        return None
    with one_thread():
        close = encoder.encode(asked) @ encoder.encode(offered).T
    row, column = divmod(int(close.round(6).argmax()), len(offered))
    return Closest(asked[row], offered[column], round(float(close[row, column]), 6))
