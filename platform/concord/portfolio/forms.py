"""What the portfolio's form sends: terms, and what the coordinator said of each row."""

from collections.abc import Iterable

from concord.errors import Text
from concord.inputs import Reader
from concord.portfolio.models import PortfolioRun
from concord.portfolio.values import (
    HIGHEST,
    LEAST_WEIGHT,
    MOST_WEIGHT,
    Draft,
    Floor,
    Pair,
    Terms,
)
from concord.reference.identifiers import normalized_public_id

MOST_PAIRS = 300
"""With the rows of one page, their marks and the terms they stay within what a form may send."""
FLOORS = ("none", HIGHEST, "number")
WEIGHT = "Enter a number from %(least)s to %(most)s."


def parse_draft(typed: Reader, base: PortfolioRun | None) -> Draft:
    """Rows that were not on the page stay as the run before had them.

    What was ruled out before is on every page that says so (`listed`), one field a pair.
    """
    shown = _pairs(typed.raw.get("shown", ()))
    kept = _pairs(typed.raw.get("keep", ()))
    excluded = _pairs(typed.raw.get("exclude", ()))
    before_kept = _pairs(base.kept) if base else frozenset[Pair]()
    unlisted = base is not None and not typed.raw.get("listed")
    before_excluded = _pairs(base.excluded) if base and unlisted else frozenset[Pair]()
    draft = Draft(
        terms=_terms(typed),
        kept=(before_kept - shown | kept) - excluded,
        excluded=before_excluded - shown | excluded,
    )
    if len(draft.kept) > MOST_PAIRS or len(draft.excluded) > MOST_PAIRS:
        typed.refuse("", Text("Keep and rule out %(most)s pairs or fewer.", most=MOST_PAIRS))
    typed.check()
    return draft


def draft_of(run: PortfolioRun) -> Draft:
    return Draft(Terms(**run.terms), _pairs(run.kept), _pairs(run.excluded))


def _terms(typed: Reader) -> Terms:
    return Terms(
        urgent=_number(typed, "urgent", LEAST_WEIGHT, MOST_WEIGHT),
        least_served=_number(typed, "least_served", LEAST_WEIGHT, MOST_WEIGHT),
        price=_number(typed, "price", 0.0, MOST_WEIGHT),
        floor=_floor(typed),
    )


def _floor(typed: Reader) -> Floor:
    chosen = typed.choice("floor", FLOORS, required=True)
    if chosen == HIGHEST:
        return HIGHEST
    return _number(typed, "least_score", 0.0, 1.0) if chosen == "number" else None


def _number(typed: Reader, name: str, least: float, most: float) -> float:
    """A plain decimal number, with a point or a comma."""
    words = typed.text(name, required=True, limit=10).replace(",", ".")
    digits = words.replace(".", "", 1)
    number = float(words) if digits.isascii() and digits.isdigit() else -1.0
    if not least <= number <= most:
        typed.refuse(name, Text(WEIGHT, least=f"{least:g}", most=f"{most:g}"))
    return number


def _pairs(words: Iterable[str]) -> frozenset[Pair]:
    """Pairs of public ids; what is none is passed over."""
    found = set()
    for each in words:
        request, _, offer = each[:80].partition(":")
        names = normalized_public_id(request), normalized_public_id(offer)
        if names[0] and names[1]:
            found.add(Pair(names[0], names[1]))
    return frozenset(found)
