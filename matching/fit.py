"""What the stated fields of an offer decide, apart from its text; equal fields are judged once."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from matching.eligibility import judge
from matching.features import Case, Value, features
from matching.scoring import Configuration, contribution
from matching.types import FeatureCode, Gate, OfferProfile, RequestProfile, TopicTree


@dataclass(frozen=True, slots=True)
class Fit:
    """Failed gates, or the terms of the score other than text."""

    case: Case
    gates: tuple[Gate, ...]
    values: dict[FeatureCode, Value]

    def points(self, configuration: Configuration) -> int:
        """The sum of the terms, in millionths."""
        return sum(
            contribution(code, value, configuration) for code, (value, _) in self.values.items()
        )


def fit(request: RequestProfile, offer: OfferProfile, *, topics: TopicTree, today: date) -> Fit:
    verdict = judge(request, offer, today=today)
    case = Case(request, offer, verdict.pairs, topics, today)
    return Fit(case, verdict.gates, {} if verdict.gates else features(case))


def structure(offer: OfferProfile) -> Hashable:
    """Everything about an offer that `fit` looks at; slots apart from their ids."""
    return (
        offer.organization,
        offer.organization_state,
        offer.verified,
        tuple(
            (slot.topic, slot.modality, slot.capacity_left, slot.unit, slot.funding, slot.window)
            for slot in offer.slots
        ),
        offer.delivery_languages,
        offer.regions,
        offer.directed_state,
        offer.excluded_states,
        offer.window,
        offer.tags,
        offer.track_record,
    )
