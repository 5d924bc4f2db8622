"""The frozen inputs of what is done to organizations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from concord.actor import Role
from concord.organizations.states import Finding, OrganizationKind, Sanctions


class File(Protocol):
    """A file as it was sent; nothing in it is believed yet."""

    @property
    def filename(self) -> str: ...

    @property
    def content(self) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileValues:
    """What an organization says about itself; `state` (ISO 3166-1 alpha-3) is where it sits."""

    name: str
    state: str | None = None
    website: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganization:
    kind: OrganizationKind
    profile: ProfileValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A provider that presents itself, and its first administrator."""

    organization: NewOrganization
    person_name: str = ""
    email: str = ""
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an officer found on one question; None while it is open."""

    finding: Finding | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningValues:
    """The answers so far, by question, and what screening against the sanctions list gave."""

    answers: Mapping[str, Answer]
    sanctions_on: date | None = None
    sanctions_result: Sanctions | None = None
    sanctions_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`note` is for the file, `told` for the organization."""

    verified: bool
    note: str
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Why; UNODC alone reads it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nomination:
    name: str
    email: str
    role: Role
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteVerbale:
    reference: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeListEdit:
    """What may change of an entry; None where its list has no such column."""

    label: str
    active: bool
    cooling_days: int | None = None
    security_force: bool | None = None
    safeguard: bool | None = None
