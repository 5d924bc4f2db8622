"""What one reader may know of a request: the only form in which pages receive it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from concord.requests.completeness import Part
from concord.requests.dossier import (
    Assigned,
    Disclosed,
    Excluded,
    Party,
    Question,
    Reading,
    Stage,
    Waiting,
)
from concord.requests.states import Confidentiality
from concord.requests.values import Level


@dataclass(frozen=True, slots=True)
class ItemView:
    """One thing asked for; `institution` and the counts are None where they are not shown."""

    id: UUID
    topic: str
    modality: str
    quantity: int | None
    unit: str | None
    beneficiary: str | None = None
    institution: str | None = None
    reserved: int | None = None
    delivered: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request at one level; what the level does not allow is None or empty.

    `heading` is the title where it may be seen, else the first line of what was circulated.
    """

    id: UUID
    public_id: str
    version: int
    level: Level
    state: str
    state_since: datetime
    due_at: datetime | None = None
    confidentiality: Confidentiality | None = None
    urgent: bool = False
    needed_by: date | None = None
    heading: str
    heading_language: str = ""
    region: str | None = None
    lead_state: str | None = None
    co_states: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    working_languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    items: tuple[ItemView, ...] = ()
    topics: tuple[str, ...] = ()  # in lists, instead of the items
    title: str | None = None
    description: str | None = None
    language: str | None = None
    outcome: str | None = None
    existing: str | None = None
    urgent_reason: str | None = None
    circulation_text: str | None = None
    public_summary: str | None = None
    texts_language: str = ""
    authority: str | None = None
    shares_files: bool = False
    completeness: int | None = None
    missing: tuple[Part, ...] = ()
    override_reason: str | None = None
    publish_agreed_at: datetime | None = None
    lead_publish_agreed_at: datetime | None = None
    circulated_at: datetime | None = None
    opened_at: datetime | None = None
    submitted_at: datetime | None = None
    unmatched_since: datetime | None = None
    referral_reason: str | None = None
    referral_body: str | None = None
    follow_up_answer: str | None = None
    import_source: str | None = None
    parties: tuple[Party, ...] = ()
    exclusions: tuple[Excluded, ...] = ()
    assignments: tuple[Assigned, ...] = ()
    disclosures: tuple[Disclosed, ...] = ()
    clarifications: tuple[Question, ...] = ()
    steps: tuple[Stage, ...] = ()
    readings: tuple[Reading, ...] = ()
    tasks: tuple[Waiting, ...] = ()
