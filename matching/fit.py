"""What the stated fields of an offer decide, apart from its text."""

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
