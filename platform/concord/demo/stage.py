"""What the story has set up so far: who acts, what was asked and offered, and the day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from concord.accounts.keys import Keys
from concord.actor import Actor
from concord.errors import Conflict
from concord.offers.models import Offer
from concord.offers.values import OfferValues
from concord.organizations.models import Organization
from concord.requests.models import Request
from concord.requests.values import DraftValues

WRITTEN_FOR = date(2026, 12, 1)
"""The day on which the sample's dates make sense: on others they move along."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
OPENING_HOUR = time(8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SampleOffer:
    organization: str
    values: OfferValues


@dataclass(slots=True)
class Days:
    """The story's calendar: each moment that is asked for lies after the one before."""

    end: datetime
    moment: datetime = LONG_AGO

    def before(self, days: int) -> datetime:
        """A moment of the working day so many days before the end, later than all before."""
        opening = datetime.combine(self.end.date() - timedelta(days=days), OPENING_HOUR)
        return self._later(min(opening, self.end - timedelta(hours=2)))

    def next(self) -> datetime:
        """A minute later."""
        return self._later(self.moment + timedelta(minutes=1))

    def _later(self, wanted: datetime) -> datetime:
        self.moment = min(max(wanted, self.moment + timedelta(seconds=20)), self.end)
        return self.moment


@dataclass(slots=True)
class Stage:
    """`requests` and `offers` are known by the sample's own ids."""

    days: Days
    keys: Keys
    sample_requests: Mapping[str, DraftValues]
    sample_offers: Mapping[str, SampleOffer]
    actors: dict[str, Actor] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)

    def focal_point(self, state: str) -> Actor:
        return self.actors[f"focal_{state[:2].lower()}"]

    def coordinator(self, state: str) -> Actor:
        """The coordinator who serves a State."""
        return next(
            actor
            for key, actor in sorted(self.actors.items())
            if key.startswith("coordinator") and actor.serves(state)
        )

    def admin_of(self, organization_id: object) -> Actor:
        """The administrator of a provider."""
        return next(
            actor
            for key, actor in sorted(self.actors.items())
            if key.startswith("admin_") and actor.organization_id == organization_id
        )

    def request_values(self, name: str) -> DraftValues:
        """A sample request, its window moved along with the years."""
        values = self.sample_requests[name]
        starts_on, ends_on = self._moved(values.starts_on), self._moved(values.ends_on)
        return replace(values, starts_on=starts_on, ends_on=ends_on)

    def offer_values(self, name: str) -> OfferValues:
        values = self.sample_offers[name].values
        starts_on, ends_on = self._moved(values.starts_on), self._moved(values.ends_on)
        return replace(values, starts_on=starts_on, ends_on=ends_on)

    def _moved(self, day: date | None) -> date | None:
        return day + (self.days.end.date() - WRITTEN_FOR) if day else None


class OutOfStory(Conflict):
    """The story cannot go on: a sample and a rule do not fit together."""
