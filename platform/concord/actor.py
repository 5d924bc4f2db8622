"""Who acts, in which role, and on whose behalf."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """Every role of the platform; one membership has one role."""

    FOCAL_POINT = "focal_point"
    ALTERNATE = "alternate"
    DRAFTER = "drafter"
    OBSERVER = "observer"
    PARTNER_ADMIN = "partner_admin"
    PARTNER_MEMBER = "partner_member"
    COORDINATOR = "coordinator"
    APPROVER = "approver"
    DUE_DILIGENCE = "due_diligence"
    AUDITOR = "auditor"
    ADMIN = "admin"
    DONOR = "donor"


FOCAL_POINTS = frozenset({Role.FOCAL_POINT, Role.ALTERNATE})
STATE_ROLES = FOCAL_POINTS | {Role.DRAFTER, Role.OBSERVER}
PROVIDER_ROLES = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MEMBER})
SECRETARIAT_ROLES = frozenset(
    {Role.COORDINATOR, Role.APPROVER, Role.DUE_DILIGENCE, Role.AUDITOR, Role.ADMIN}
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One membership of a person: where, and as what."""

    membership_id: UUID
    role: Role
    organization_id: UUID
    organization_name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request of any kind, in the one membership that is in use.

    `state` is the ISO 3166-1 alpha-3 code that a State role speaks for; `states` are the codes
    that a coordinator serves (empty means all). `accredited` is false for a mere nominee.
    """

    person_id: UUID | None = None
    name: str = ""
    role: Role | None = None
    membership_id: UUID | None = None
    organization_id: UUID | None = None
    organization_name: str = ""
    organization_kind: str = ""
    organization_verified: bool = False
    state: str | None = None
    states: frozenset[str] = frozenset()
    accredited: bool = False
    locale: str = "en"
    seats: tuple[Seat, ...] = field(default=())

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def is_focal_point(self) -> bool:
        """An accredited focal point or alternate: one who may bind the State."""
        return self.role in FOCAL_POINTS and self.accredited

    @property
    def is_state(self) -> bool:
        return self.role in STATE_ROLES

    @property
    def is_provider(self) -> bool:
        return self.role in PROVIDER_ROLES

    @property
    def is_secretariat(self) -> bool:
        return self.role in SECRETARIAT_ROLES

    @property
    def is_coordinator(self) -> bool:
        return self.role is Role.COORDINATOR

    def serves(self, state: str) -> bool:
        """Whether a coordinator's set of States holds this one."""
        return self.is_coordinator and (not self.states or state in self.states)


PUBLIC = Actor()
"""Nobody signed in."""

CLOCK = Actor(name="clock")
"""The passing of time: transitions that no person makes."""
