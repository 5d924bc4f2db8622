"""Messages from the terms of reference to the end of a match."""

from datetime import date

from notifications.messages.base import Audience, Party, Urgency
from notifications.messages.fields import RequestId
from notifications.messages.matches import (
    CoordinatorMatchMessage,
    MatchMessage,
    ProviderMatchMessage,
    StateMatchMessage,
)


class ApproverMatchMessage(MatchMessage, frozen=True, kw_only=True):
    audience = Audience.APPROVERS


class TermsDraftedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "terms_drafted_to_state"
    urgency = Urgency.ACT
    due: date


class TermsDraftedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "terms_drafted_to_providers"
    urgency = Urgency.ACT
    due: date


class TermsDraftedToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "terms_drafted_to_coordinators"
    waiting_for = Party.STATE_AND_PROVIDERS
    due: date


class MatchAgreedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "match_agreed_to_state"
    waiting_for = Party.PROVIDERS
    due: date


class MatchAgreedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "match_agreed_to_providers"
    urgency = Urgency.ACT
    due: date


class MatchAgreedToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_agreed_to_coordinators"
    waiting_for = Party.PROVIDERS
    due: date


class MatchStartedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "match_started_to_state"
    waiting_for = Party.PROVIDERS


class MatchStartedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "match_started_to_providers"
    urgency = Urgency.ACT


class MatchStartedToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_started_to_coordinators"
    waiting_for = Party.PROVIDERS


class MatchStalled(ApproverMatchMessage, frozen=True, kw_only=True):
    name = "match_stalled"
    urgency = Urgency.ACT
    request: RequestId


class MatchDeliveredToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "match_delivered_to_state"
    urgency = Urgency.ACT
    due: date


class MatchDeliveredToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "match_delivered_to_providers"
    urgency = Urgency.ACT
    due: date


class MatchDeliveredToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_delivered_to_coordinators"
    waiting_for = Party.STATE_AND_PROVIDERS
    due: date


class MatchEvaluated(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_evaluated"


class MatchClosedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "match_closed_to_state"


class MatchClosedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "match_closed_to_providers"
    delete_by: date


class MatchClosedToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_closed_to_coordinators"


class SharingStoppedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "sharing_stopped_to_state"


class SharingStoppedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "sharing_stopped_to_providers"
    delete_by: date


class SharingStoppedToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "sharing_stopped_to_coordinators"
