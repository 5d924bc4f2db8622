"""What is known of somebody else's project, as imported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class NameAnswer(StrEnum):
    """What a person said of an imported name that the list of States does not have."""

    STATE = "state"
    NOT_A_STATE = "not_a_state"


class Mark(StrEnum):
    """What the reader of an activity should know of it before relying on it."""

    IDENTIFIER = "identifier"  # does not begin with the publisher's own reference
    MADE_IDENTIFIER = "made_identifier"  # the file gave none, it was made of its other number
    SECONDARY = "secondary"  # reported by somebody else than who does it
    DATES = "dates"  # it ends before it starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an activity is: a State of the list, or a name that is none or waits for a person.

    `key` is set where the name is not in the list; it `waits` until a person has answered.
    """

    name: str
    state: str | None = None
    key: str = ""
    percentage: float | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityValues:
    """One project; `identifier` is the same in every export of its publisher.

    `stated_at` is when its publisher last changed it: an older file never overwrites a newer one.
    """

    identifier: str
    source: str
    title: str
    places: tuple[Place, ...]
    publisher: str = ""
    description: str = ""
    language: str = "en"
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    provider: str = ""
    provider_type: str = ""
    status: str = ""
    topics: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    dates: Mapping[str, str] = field(default_factory=dict)
    sectors: tuple[Mapping[str, str], ...] = ()
    participants: tuple[Mapping[str, str], ...] = ()
    amount: Decimal | None = None
    currency: str | None = None
    url: str = ""
    stated_at: datetime | None = None
    marks: tuple[str, ...] = ()
    line: int = 0

    @property
    def states(self) -> tuple[str, ...]:
        """The States it is in, the one with the largest share first."""
        return states_of(self.places)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the list of States does not have."""
        return tuple(dict.fromkeys(place.key for place in self.places if place.key))


def states_of(places: tuple[Place, ...]) -> tuple[str, ...]:
    ordered = sorted(places, key=lambda place: -(place.percentage or 0))
    return tuple(dict.fromkeys(place.state for place in ordered if place.state))


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a run of an import comes from."""

    file_name: str = ""
    sha256: str = ""
    format: str = "csv"
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many activities an import made, changed, found as they were, and knew newer."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(
            self.created + other.created,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.older + other.older,
        )


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an import, begun: what it stores refers to it."""

    id: UUID
    at: datetime
