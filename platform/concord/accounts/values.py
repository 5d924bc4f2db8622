"""The frozen inputs of what is done to accounts."""

from dataclasses import dataclass, field
from uuid import UUID

from concord.actor import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """A role in an organization; `states` are the codes (alpha-3) that a coordinator serves."""

    organization_id: UUID
    role: Role
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Somebody to be invited; `email` in lower case, `locale` one of the six languages."""

    email: str
    name: str
    seat: Seating
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What was typed to sign in; `code` is from the authenticator, or a recovery code."""

    email: str
    password: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a person says about how to be addressed; `timezone` is an IANA name."""

    name: str
    locale: str
    timezone: str
    wants_email: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What was typed behind an activation link: a password, and a code that proves the factor."""

    password: str = field(repr=False)
    code: str = field(repr=False)
