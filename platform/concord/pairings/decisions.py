"""From shown lists and proposals to what people decided about each offer on a list. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from matching.decisions import DecidedList, Outcome, ShownOffer
from matching.scoring import WEIGHTS
from matching.types import FeatureCode

TEXT_WEIGHT = WEIGHTS[FeatureCode.TEXT]

UNFIT = frozenset(
    {
        ("decline_by_state", "content"),
        ("decline_by_state", "language"),
        ("decline_by_partner", "content"),
        ("reject", "better_alternative"),
    }
)
"""What says that the offer does not answer the need; dates, capacity or money say nothing."""

UNSAID = frozenset({("decline_by_state", "excluded_provider")})
"""What nothing may be learned from: an exclusion is known to nobody but UNODC."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as one person saw it; `offers` as they are kept in `shown_list`."""

    request: UUID
    person: UUID
    learned: str
    shown_at: datetime
    offers: Sequence[Mapping[str, Any]]

    @property
    def ids(self) -> list[str]:
        return [str(each["offer"]) for each in self.offers]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal that was not undone, and how it was declined: verb and coded reason.

    `in_portfolio`: a row of a plan over many requests, which gives up single ranks for the whole.
    """

    request: UUID
    offer: UUID
    person: UUID
    at: datetime
    declined: tuple[str, str] | None = None
    in_portfolio: bool = False


def decided_lists(shown: Sequence[Shown], proposals: Sequence[Proposed]) -> list[DecidedList]:
    """The lists on which something was decided, each with the outcome of every offer.

    A proposal belongs to the last list on which the proposer saw the offer; where the proposer
    saw none, to the last that anybody saw.
    """
    decided: dict[int, list[Proposed]] = {}
    for proposal in proposals:
        place = _list_of(proposal, shown)
        if place is not None:
            decided.setdefault(place, []).append(proposal)
    return [_decided(shown[place], decided[place]) for place in sorted(decided)]


def _list_of(proposal: Proposed, shown: Sequence[Shown]) -> int | None:
    offer = str(proposal.offer)
    places = [
        place
        for place, one in enumerate(shown)
        if one.request == proposal.request and one.shown_at <= proposal.at and offer in one.ids
    ]
    own = [place for place in places if shown[place].person == proposal.person]
    return max(own or places, key=lambda place: (shown[place].shown_at, place), default=None)


def _decided(one: Shown, proposals: Sequence[Proposed]) -> DecidedList:
    """What a portfolio passed over is left out: it was wanted elsewhere, whatever it is worth."""
    found = {str(each.offer): each.declined for each in proposals}
    by_hand = _last([each for each in proposals if not each.in_portfolio], one)
    last = _last(proposals, one)
    offers = []
    for place, row in enumerate(one.offers):
        offer = str(row["offer"])
        declined = found.get(offer)
        passed_over = offer not in found and by_hand <= place < last
        if declined in UNSAID or passed_over:
            continue
        if offer in found:
            outcome = Outcome.DECLINED if declined in UNFIT else Outcome.PROPOSED
        else:
            outcome = Outcome.SKIPPED if place < by_hand else Outcome.SHOWN
        offers.append(_offer(row, outcome))
    return DecidedList(str(one.request), str(one.request), one.learned, tuple(offers))


def _last(proposals: Sequence[Proposed], one: Shown) -> int:
    """The place of the lowest that was proposed; -1 for none."""
    proposed = {str(each.offer) for each in proposals}
    return max((place for place, offer in enumerate(one.ids) if offer in proposed), default=-1)


def _offer(row: Mapping[str, Any], outcome: Outcome) -> ShownOffer:
    components, signals = row["components"], row["signals"]
    text = components[FeatureCode.TEXT.value]
    return ShownOffer(
        offer=str(row["offer"]),
        text=text / TEXT_WEIGHT,
        base=signals["base"],
        words=signals["words"],
        meaning=signals["meaning"],
        rest=(row["score"] - text) / TEXT_WEIGHT,
        outcome=outcome,
    )
