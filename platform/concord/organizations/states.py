"""The life of a provider's verification and of a focal point's accreditation."""

from enum import StrEnum

from concord.actor import FOCAL_POINTS, Role
from concord.machine import Machine, rule


class OrganizationKind(StrEnum):
    STATE_AUTHORITY = "state_authority"
    STATE = "state"
    INTERGOVERNMENTAL = "intergovernmental"
    PRIVATE_SECTOR = "private_sector"
    CIVIL_SOCIETY = "civil_society"
    ACADEMIA = "academia"
    SECRETARIAT = "secretariat"


_K = OrganizationKind
SCREENED_KINDS = frozenset({_K.PRIVATE_SECTOR, _K.CIVIL_SOCIETY, _K.ACADEMIA})
"""Only non-State providers are screened; others are accredited or recognized."""
PROVIDER_KINDS = frozenset(_K) - {_K.STATE_AUTHORITY}


class Verification(StrEnum):
    REGISTERED = "registered"
    SCREENING = "screening"
    VERIFIED = "verified"
    EXPIRED = "expired"
    REJECTED = "rejected"
    SUSPENDED = "suspended"


class Finding(StrEnum):
    """What an officer found on one due-diligence question."""

    SATISFACTORY = "satisfactory"
    CONCERN = "concern"  # acceptable, with a note that says why
    UNSATISFACTORY = "unsatisfactory"


class Sanctions(StrEnum):
    """The outcome of screening against the consolidated list."""

    NO_HIT = "no_hit"
    CLEARED = "cleared"  # a person adjudicated the hit: somebody else
    HIT = "hit"  # blocks until adjudicated


class Accreditation(StrEnum):
    NOMINATED = "nominated"
    ACCREDITED = "accredited"
    ENDED = "ended"


_V = Verification
_OFFICER = {Role.DUE_DILIGENCE}

VERIFICATION: Machine[Verification] = Machine(
    name="verification",
    states=Verification,
    initial=_V.REGISTERED,
    terminal=frozenset(),
    rules={
        "screen": rule(
            {_V.REGISTERED, _V.EXPIRED, _V.REJECTED},
            {_V.SCREENING},
            _OFFICER | {Role.PARTNER_ADMIN},
        ),
        "recognize": rule({_V.REGISTERED}, {_V.VERIFIED}, _OFFICER | {Role.COORDINATOR}),
        "verify": rule({_V.SCREENING}, {_V.VERIFIED}, _OFFICER),
        "renew": rule({_V.VERIFIED}, {_V.VERIFIED}, _OFFICER),
        "reject": rule({_V.SCREENING}, {_V.REJECTED}, _OFFICER),
        "expire": rule({_V.VERIFIED}, {_V.EXPIRED}, clock=True),
        "suspend": rule({_V.VERIFIED}, {_V.SUSPENDED}, _OFFICER),
        "reinstate": rule({_V.SUSPENDED}, {_V.VERIFIED}, _OFFICER),
    },
)

_A = Accreditation
_NOMINATING = {Role.COORDINATOR, Role.ADMIN}
ACCREDITATION: Machine[Accreditation] = Machine(
    name="accreditation",
    states=Accreditation,
    initial=_A.NOMINATED,
    terminal=frozenset(),
    rules={
        "nominate_again": rule({_A.ENDED}, {_A.NOMINATED}, FOCAL_POINTS | _NOMINATING),
        "accredit": rule({_A.NOMINATED}, {_A.ACCREDITED}, {Role.COORDINATOR}),
        "end": rule({_A.NOMINATED, _A.ACCREDITED}, {_A.ENDED}, _NOMINATING),
    },
)
