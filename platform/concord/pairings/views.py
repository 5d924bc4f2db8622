"""What the workbench shows of a pairing, of the run behind it, and of an offer that is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from concord.offers.models import Offer, OfferSlot
from concord.organizations.states import OrganizationKind
from concord.pairings import wording
from concord.pairings.chance import Chance, Curve
from concord.pairings.lines import LineView, Period, proposal_period, suggested_lines
from concord.pairings.models import Pairing
from concord.pairings.values import ENDED, Likeness
from concord.reference.code_lists import CodeLists
from concord.requests.views import RequestView
from concord.web.elements import Contribution


@dataclass(frozen=True, slots=True)
class MatchOfPair:
    """The latest match of this request with this offer."""

    public_id: str
    state: str

    @property
    def is_live(self) -> bool:
        return self.state not in ENDED


@dataclass(frozen=True, slots=True)
class PairingView:
    """One candidate: `without` says what taking away its largest reason would do."""

    public_id: str
    title: str
    language: str
    organization: str
    rank: int
    score: float
    contributions: Sequence[Contribution]
    shared_terms: Sequence[str]
    near_misses: Sequence[str]
    without: str
    lines: Sequence[LineView]
    period: Period | None
    is_programme: bool
    match: MatchOfPair | None
    chance: Chance | None = None
    closest: Likeness | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be proposed in one step; UNODC's own programme needs a reason first."""
        return bool(self.lines) and self.period is not None and not self.is_programme


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored pairing with its offer, whose organization is loaded, and what is on offer."""

    pairing: Pairing
    offer: Offer
    slots: Sequence[OfferSlot]
    match: MatchOfPair | None = None


def pairing_view(
    found: Candidate,
    request: RequestView,
    lists: CodeLists,
    *,
    today: date,
    curve: Curve | None = None,
) -> PairingView:
    pairing, offer = found.pairing, found.offer
    explanation: Mapping[str, Any] = pairing.explanation
    lines = suggested_lines(pairing, found.slots, request.items, lists)
    asked = Period(request.starts_on, request.ends_on)
    offered = Period(offer.starts_on, offer.ends_on)
    return PairingView(
        public_id=offer.public_id,
        title=offer.title,
        language=offer.language,
        organization=offer.organization.name,
        rank=pairing.rank,
        score=pairing.score,
        contributions=_contributions(pairing, explanation, lists),
        shared_terms=explanation["shared_terms"],
        near_misses=[
            wording.near_miss(str(one["code"]), _mapping(one["parameters"]), lists)
            for one in pairing.gates
        ],
        without=_without(explanation, pairing.rank),
        lines=lines,
        period=proposal_period(asked, offered, found.slots, lines, today=today),
        is_programme=offer.organization.kind is OrganizationKind.SECRETARIAT,
        match=found.match,
        chance=curve.at(pairing.score) if curve else None,
        closest=explanation.get("closest"),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _contributions(
    pairing: Pairing, explanation: Mapping[str, Any], lists: CodeLists
) -> list[Contribution]:
    """Every term that counts, the largest first; the largest four in words."""
    words = {
        one["code"]: wording.reason(one["code"], one["parameters"], lists)
        for one in explanation["reasons"]
    }
    ordered = sorted(pairing.components.items(), key=lambda pair: -pair[1])
    return [
        Contribution(wording.feature_name(code), value, words.get(code, ""))
        for code, value in ordered
        if value
    ]


def _without(explanation: Mapping[str, Any], rank: int) -> str:
    changes = explanation["without"]
    if not changes:
        return ""
    first = changes[0]
    return wording.without(first["code"], first["rank"], now=rank)


@dataclass(frozen=True, slots=True)
class MissingOffer:
    """Why an offer is not among the candidates; a possible one stands below those kept.

    `of_nearest`: how many were looked at, where these were the nearest alone.
    """

    public_id: str
    rank: int | None
    reasons: Sequence[str]
    is_possible: bool = False
    of_nearest: int | None = None


@dataclass(frozen=True, slots=True)
class RankingView:
    """The run behind the list; `seen`: how many of it the reader was shown before."""

    considered: int
    nearest: bool
    eligible: int
    computed_at: datetime
    model_version: str
    seen: int = 0
    curve: Curve | None = None
