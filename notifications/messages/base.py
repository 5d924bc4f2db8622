"""What every message is: a frozen record with a stable name, an audience and an urgency."""

from enum import StrEnum
from typing import ClassVar

from msgspec import Struct


class Audience(StrEnum):
    """Who is told; `notifications.recipients` has one rule for each."""

    PERSON = "person"
    FOCAL_POINTS = "focal_points"
    STATE_TEAM = "state_team"
    CO_FOCAL_POINTS = "co_focal_points"
    COORDINATORS = "coordinators"
    APPROVERS = "approvers"
    SECRETARIAT = "secretariat"
    DUE_DILIGENCE = "due_diligence"
    OWNER = "owner"
    OWNER_TEAM = "owner_team"
    PARTICIPANTS = "participants"
    CIRCULATION = "circulation"
    TOLD_PROVIDERS = "told_providers"


class Urgency(StrEnum):
    ACT = "act"
    KNOW = "know"


class Party(StrEnum):
    """Whom the case waits for; a reader who is asked to act is always `YOU`."""

    YOU = "you"
    STATE = "state"
    PROVIDERS = "providers"
    STATE_AND_PROVIDERS = "state_and_providers"
    SECRETARIAT = "secretariat"
    NOBODY = "nobody"


class Message(Struct, frozen=True, kw_only=True):
    """Fields hold ids, codes, dates and counts (`fields.py`); `due` is when the step ends."""

    name: ClassVar[str]
    audience: ClassVar[Audience]
    urgency: ClassVar[Urgency] = Urgency.KNOW
    waiting_for: ClassVar[Party] = Party.NOBODY
    link: ClassVar[str]
    in_inbox: ClassVar[bool] = True
    mandatory: ClassVar[bool] = False
    secrets: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def awaited(cls) -> Party:
        return Party.YOU if cls.urgency is Urgency.ACT else cls.waiting_for
