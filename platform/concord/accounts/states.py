"""The life of a person's account, what a single-use link is for, and where a role belongs."""

from collections.abc import Mapping
from enum import StrEnum

from concord.actor import PROVIDER_ROLES, SECRETARIAT_ROLES, STATE_ROLES, Role


class PersonState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class TokenPurpose(StrEnum):
    ACTIVATION = "activation"
    ENROLMENT = "enrolment"  # a new second factor; the password stays
    RESET = "reset"


class Accreditation(StrEnum):
    """Of a focal point or alternate; every other membership is simply accredited."""

    NOMINATED = "nominated"
    ACCREDITED = "accredited"


PROVIDER_SEATS = PROVIDER_ROLES | {Role.DONOR}
SEATS: Mapping[str, frozenset[Role]] = {
    "state_authority": STATE_ROLES | {Role.DONOR},
    "state": PROVIDER_SEATS,
    "intergovernmental": PROVIDER_SEATS,
    "private_sector": PROVIDER_SEATS,
    "civil_society": PROVIDER_SEATS,
    "academia": PROVIDER_SEATS,
    "secretariat": SECRETARIAT_ROLES | PROVIDER_ROLES,
}
"""The roles that an organization of each kind has; UNODC's own programme offers, too."""
