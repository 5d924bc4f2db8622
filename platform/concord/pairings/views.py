"""What the workbench shows of a pairing, an offer that is missing, and a duplicate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from concord.offers.models import Offer
from concord.pairings import wording
from concord.pairings.models import Pairing
from concord.reference.code_lists import CodeLists
from concord.requests.models import RequestItem
from concord.web.elements import Contribution


@dataclass(frozen=True, slots=True)
class LineView:
    """A suggested line, as the hidden fields of a proposal: item × slot × quantities."""

    item: str
    slot: str
    item_quantity: int
    slot_quantity: int
    words: str


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
    reasons: Sequence[str]
    shared_terms: Sequence[str]
    near_misses: Sequence[str]
    without: str
    lines: Sequence[LineView]
    starts_on: date | None
    ends_on: date | None

    @property
    def is_ready(self) -> bool:
        """Whether it can be proposed as it stands: countable lines and a period."""
        return bool(self.lines) and self.starts_on is not None and self.ends_on is not None


@dataclass(frozen=True, slots=True)
class Period:
    starts_on: date | None
    ends_on: date | None


def pairing_view(
    pairing: Pairing,
    offer: Offer,
    items: Mapping[str, RequestItem],
    asked: Period,
    lists: CodeLists,
) -> PairingView:
    """`offer` comes with its organization and slots."""
    explanation: Mapping[str, Any] = pairing.explanation
    period = common_period(asked, offer)
    return PairingView(
        public_id=offer.public_id,
        title=offer.title,
        language=offer.language,
        organization=offer.organization.name,
        rank=pairing.rank,
        score=pairing.score,
        contributions=_contributions(pairing, explanation, lists),
        reasons=[
            wording.reason(one["code"], one["parameters"], lists) for one in explanation["reasons"]
        ],
        shared_terms=explanation["shared_terms"],
        near_misses=[
            wording.near_miss(str(one["code"]), _mapping(one["parameters"]), lists)
            for one in pairing.gates
        ],
        without=_without(explanation),
        lines=_lines(pairing, offer, items, lists),
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )


def common_period(asked: Period, offer: Offer) -> Period:
    """The dates that both sides leave possible."""
    starts = [day for day in (asked.starts_on, offer.starts_on) if day]
    ends = [day for day in (asked.ends_on, offer.ends_on) if day]
    return Period(max(starts, default=None), min(ends, default=None))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _contributions(
    pairing: Pairing, explanation: Mapping[str, Any], lists: CodeLists
) -> list[Contribution]:
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


def _without(explanation: Mapping[str, Any]) -> str:
    changes = explanation["without"]
    if not changes:
        return ""
    first = changes[0]
    return wording.without(first["code"], first["rank"])


def _lines(
    pairing: Pairing, offer: Offer, items: Mapping[str, RequestItem], lists: CodeLists
) -> list[LineView]:
    slots = {str(slot.id): slot for slot in offer.slots}
    found = []
    for line in pairing.lines:
        item, slot = items.get(str(line["item"])), slots.get(str(line["slot"]))
        quantity = line["quantity"]
        if item is None or slot is None or not isinstance(quantity, int):
            continue
        unit = lists.units[slot.unit_id] if slot.unit_id else None
        topic = wording.topic_name(item.topic_id, lists)
        found.append(
            LineView(
                item=str(item.id),
                slot=str(slot.id),
                item_quantity=quantity,
                slot_quantity=quantity,
                words=wording.line(topic, quantity, unit.label if unit else ""),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class MissingOffer:
    """Why an offer is not among the candidates."""

    public_id: str
    rank: int | None
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class RankingView:
    """The run behind the list."""

    considered: int
    eligible: int
    computed_at: datetime
    model_version: str
