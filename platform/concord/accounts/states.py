"""The life of a person's account, and what a single-use link is for."""

from enum import StrEnum


class PersonState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class TokenPurpose(StrEnum):
    ACTIVATION = "activation"
    RESET = "reset"
