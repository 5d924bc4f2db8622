"""Frozen inputs of the actions on terms of reference, deliveries and evaluations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from uuid import UUID

from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_


@dataclass(frozen=True, slots=True)
class TermsDraft:
    """What somebody types; the exact text with its heading and footing is made from it."""

    body: str
    starts_on: date | None = None
    ends_on: date | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """How much of one match line, in the unit of the request item."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class PlannedMilestone:
    title: str
    due_on: date
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPlan:
    title: str
    place: str
    starts_on: date
    ends_on: date
    lines: tuple[PlannedLine, ...]
    milestones: tuple[PlannedMilestone, ...] = ()


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many took part from one institution; `other` is other or not stated."""

    institution: str
    women: int = 0
    men: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says was delivered; `quantities` by match line."""

    text: str
    quantities: Mapping[UUID, int] = field(default_factory=dict)
    attendance: tuple[Attendance, ...] = ()
    outputs: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class EvaluationForm:
    """Answers of one side; `change` is what it would do otherwise next time."""

    ratings: Mapping[str, int]
    text: str = ""
    change: str = ""
    language: str = "en"


QUESTIONS: Mapping[str, Mapping[str, LazyMessage]] = MappingProxyType(
    {
        "state": MappingProxyType(
            {
                "relevance": N_("It answered what we had asked for."),
                "quality": N_("The content and those who delivered it were of good quality."),
                "timeliness": N_("It came when it was needed."),
                "use": N_("We can use in our work what was delivered."),
                "cooperation": N_("Working with the provider went well."),
            }
        ),
        "provider": MappingProxyType(
            {
                "clarity": N_("The request was clear enough to prepare for."),
                "preparation": N_("The State had prepared what was agreed."),
                "participation": N_("Those took part for whom it was meant."),
                "use": N_("What was delivered can be used after we have left."),
                "cooperation": N_("Working with the State went well."),
            }
        ),
    }
)
"""The fixed questions of each side: statements to agree with."""
RATINGS: Mapping[int, LazyMessage] = MappingProxyType(
    {
        1: N_("Not at all"),
        2: N_("A little"),
        3: N_("In part"),
        4: N_("Mostly"),
        5: N_("Fully"),
    }
)
CONFIRMED_BY: Mapping[str, LazyMessage] = MappingProxyType(
    {
        "state": N_("Confirmed by the State"),
        "silence": N_("Not confirmed by the State: it did not answer in time"),
        "unodc": N_("Not confirmed by the State: decided by UNODC"),
    }
)
