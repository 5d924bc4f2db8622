"""Messages about a person's account, accreditation and tasks."""

from datetime import date, datetime

from notifications.messages.base import Audience, Message, Urgency
from notifications.messages.fields import (
    Count,
    FocalRole,
    OrganizationId,
    StateCode,
    SubjectId,
    Token,
)


class AccountMessage(Message, frozen=True, kw_only=True):
    """About the reader's own account: mailed whatever the reader's settings say."""

    audience = Audience.PERSON
    mandatory = True
    link = "/account"


class LinkMessage(AccountMessage, frozen=True, kw_only=True):
    """Carries a single-use token: mailed only, never shown again, never logged."""

    urgency = Urgency.ACT
    in_inbox = False
    secrets = ("token",)
    token: Token

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class ActivationInvited(LinkMessage, frozen=True, kw_only=True):
    name = "activation_invited"
    link = "/activate/{token}"
    due: date


class PasswordResetAsked(LinkMessage, frozen=True, kw_only=True):
    name = "password_reset_asked"
    link = "/password/reset/{token}"
    minutes: Count


class PasswordChanged(AccountMessage, frozen=True, kw_only=True):
    name = "password_changed"
    at: datetime


class SecondFactorReset(AccountMessage, frozen=True, kw_only=True):
    name = "second_factor_reset"
    at: datetime


class RecoveryCodeUsed(AccountMessage, frozen=True, kw_only=True):
    name = "recovery_code_used"
    at: datetime
    remaining: Count


class FocalPointNominated(Message, frozen=True, kw_only=True):
    name = "focal_point_nominated"
    audience = Audience.COORDINATORS
    urgency = Urgency.ACT
    link = "/organizations/{organization}"
    organization: OrganizationId
    state: StateCode
    role: FocalRole


class AccreditationGranted(Message, frozen=True, kw_only=True):
    name = "accreditation_granted"
    audience = Audience.PERSON
    link = "/"
    state: StateCode
    role: FocalRole


class AccreditationEnded(Message, frozen=True, kw_only=True):
    name = "accreditation_ended"
    audience = Audience.PERSON
    mandatory = True
    link = "/"
    state: StateCode
    role: FocalRole


class TasksHandedOver(Message, frozen=True, kw_only=True):
    name = "tasks_handed_over"
    audience = Audience.PERSON
    urgency = Urgency.ACT
    link = "/"
    tasks: Count


class StepDueSoon(Message, frozen=True, kw_only=True):
    """A reminder to one person whose step on the subject ends soon."""

    name = "step_due_soon"
    audience = Audience.PERSON
    urgency = Urgency.ACT
    link = "/{collection}/{subject}"
    subject: SubjectId
    due: date


class OnBehalfConfirmationAsked(Message, frozen=True, kw_only=True):
    """An act was recorded for a State; a second person of UNODC confirms it."""

    name = "on_behalf_confirmation_asked"
    audience = Audience.SECRETARIAT
    urgency = Urgency.ACT
    link = "/{collection}/{subject}"
    subject: SubjectId
    due: date | None = None


class OnBehalfConfirmed(Message, frozen=True, kw_only=True):
    """To the coordinator who recorded the act."""

    name = "on_behalf_confirmed"
    audience = Audience.PERSON
    link = "/{collection}/{subject}"
    subject: SubjectId


class OnBehalfRefused(Message, frozen=True, kw_only=True):
    """To the coordinator who recorded the act."""

    name = "on_behalf_refused"
    audience = Audience.PERSON
    urgency = Urgency.ACT
    link = "/{collection}/{subject}"
    subject: SubjectId


class OnBehalfToldToState(Message, frozen=True, kw_only=True):
    """UNODC acted for the State on paper: its focal points, where it has any, hear of it."""

    name = "on_behalf_told_to_state"
    audience = Audience.FOCAL_POINTS
    link = "/{collection}/{subject}"
    subject: SubjectId
