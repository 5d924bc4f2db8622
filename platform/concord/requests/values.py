"""What a request is made of, as typed or imported: frozen inputs of its actions."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from concord.requests.states import Confidentiality


class SharedPart(StrEnum):
    """Parts of a request that a State may share with a provider, beside its items."""

    DESCRIPTION = "description"
    OUTCOME = "outcome"
    EXISTING = "existing"
    INSTITUTIONS = "institutions"
    CONTACTS = "contacts"
    ATTACHMENTS = "attachments"


class Level(StrEnum):
    """How much of a request somebody may see."""

    FULL = "full"
    CIRCULATION = "circulation"
    PUBLIC = "public"
    TRAIL = "trail"


class FollowUp(StrEnum):
    """Was the request met, a year later?"""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class ItemValues:
    """One thing asked for, by the codes of the lists; `quantity` counts `unit`s."""

    topic: str
    modality: str
    beneficiary: str | None = None
    institution: str = ""
    quantity: int | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class DraftValues:
    """Everything a State says in a request.

    `lead_state` is empty for the actor's own State. `coordinators` and `approver` are the persons
    of UNODC that a sealed request names; `excluded` are organizations the State will not take.
    """

    lead_state: str = ""
    title: str = ""
    description: str = ""
    language: str = "en"
    outcome: str = ""
    existing: str = ""
    working_languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    confidentiality: Confidentiality = Confidentiality.PARTNERS
    urgent: bool = False
    urgent_reason: str = ""
    needed_by: date | None = None
    items: tuple[ItemValues, ...] = ()
    co_states: tuple[str, ...] = ()
    excluded: tuple[UUID, ...] = ()
    coordinators: tuple[UUID, ...] = ()
    approver: UUID | None = None


@dataclass(frozen=True, slots=True)
class CirculatedTexts:
    """The two exact texts that the State sees before anything is circulated or published."""

    circulation_text: str = ""
    public_summary: str = ""
    language: str = "en"
