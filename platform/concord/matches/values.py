"""Frozen inputs of the actions on matches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from concord.requests.values import SharedPart
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

DATA_PARTS: tuple[str, ...] = tuple(part.value for part in SharedPart)
"""What `data_shared` may name."""
PART_NAMES: Mapping[str, LazyMessage] = MappingProxyType(
    {
        SharedPart.DESCRIPTION.value: N_("the description"),
        SharedPart.OUTCOME.value: N_("the expected outcome"),
        SharedPart.EXISTING.value: N_("what exists already"),
        SharedPart.INSTITUTIONS.value: N_("the names of the institutions"),
        SharedPart.CONTACTS.value: N_("who to contact"),
        SharedPart.ATTACHMENTS.value: N_("the attachments"),
    }
)


class Part(StrEnum):
    """What an organization does in a match."""

    PROVIDER = "provider"
    FUNDER = "funder"
    HOST = "host"


PARTICIPANT_ROLES: Mapping[str, LazyMessage] = MappingProxyType(
    {"provider": N_("Provider"), "funder": N_("Funder"), "host": N_("Host")}
)


class SuspendedFor(StrEnum):
    """Who holds a suspension, and so who may end it."""

    REQUEST = "request"
    STATE = "state"
    PROVIDER = "provider"
    APPROVER = "approver"
    VERIFICATION = "verification"


@dataclass(frozen=True, slots=True)
class LineDraft:
    """Request item × offer slot, and how much in each side's unit."""

    item_id: UUID
    slot_id: UUID
    item_quantity: int
    slot_quantity: int
    ratio_reason: str = ""


@dataclass(frozen=True, slots=True)
class ParticipantDraft:
    """An organization besides the offer's own, or the same in a further role."""

    organization_id: UUID
    role: Part = Part.PROVIDER


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a coordinator proposes; `rationale` is read by UNODC alone."""

    lines: tuple[LineDraft, ...]
    participants: tuple[ParticipantDraft, ...]
    starts_on: date
    ends_on: date
    data_shared: tuple[str, ...]
    rationale: str = ""
    no_conflict: bool = False


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """An act of a State that came on paper: which State, and the reference of its note."""

    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approver writes down: risk and mitigation for UNODC, funding for everyone."""

    risk_note: str = ""
    risk_mitigation: str = ""
    funding_note: str = ""
    join_reason: str = ""


Decisions = Mapping[UUID, Mapping[UUID, int] | None]
"""By delivery: what of each match line was delivered; None for one that did not take place."""


def distinct(parts: Sequence[str]) -> tuple[str, ...]:
    """The parts in the order of the list, each once."""
    return tuple(part for part in DATA_PARTS if part in parts)
