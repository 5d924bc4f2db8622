"""Messages about a delivery: planned, reported, confirmed or disputed, cancelled."""

from datetime import date

from notifications.messages.base import Audience, Message, Party, Urgency
from notifications.messages.fields import DeliveryId, MatchId


class DeliveryMessage(Message, frozen=True, kw_only=True):
    link = "/deliveries/{delivery}"
    delivery: DeliveryId
    match: MatchId


class StateDeliveryMessage(DeliveryMessage, frozen=True, kw_only=True):
    """To the focal points of each requesting State."""

    audience = Audience.FOCAL_POINTS


class ProviderDeliveryMessage(DeliveryMessage, frozen=True, kw_only=True):
    """To the participants of the match."""

    audience = Audience.PARTICIPANTS


class CoordinatorDeliveryMessage(DeliveryMessage, frozen=True, kw_only=True):
    audience = Audience.COORDINATORS


class ApproverDeliveryMessage(DeliveryMessage, frozen=True, kw_only=True):
    audience = Audience.APPROVERS


class DeliveryPlannedToState(StateDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_planned_to_state"
    waiting_for = Party.PROVIDERS


class DeliveryPlannedToProviders(ProviderDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_planned_to_providers"
    waiting_for = Party.PROVIDERS


class DeliveryPlannedToCoordinators(CoordinatorDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_planned_to_coordinators"
    waiting_for = Party.PROVIDERS


class DeliveryReportDue(ProviderDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_report_due"
    urgency = Urgency.ACT


class DeliveryReportedToState(StateDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_reported_to_state"
    urgency = Urgency.ACT
    due: date


class DeliveryReportedToProviders(ProviderDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_reported_to_providers"
    waiting_for = Party.STATE
    due: date


class DeliveryReportedToCoordinators(CoordinatorDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_reported_to_coordinators"
    waiting_for = Party.STATE
    due: date


class DeliveryConfirmedToState(StateDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_confirmed_to_state"


class DeliveryConfirmedToProviders(ProviderDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_confirmed_to_providers"


class DeliveryConfirmedToCoordinators(CoordinatorDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_confirmed_to_coordinators"


class DeliveryUnconfirmedToState(StateDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_unconfirmed_to_state"


class DeliveryUnconfirmedToProviders(ProviderDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_unconfirmed_to_providers"


class DeliveryUnconfirmedToCoordinators(CoordinatorDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_unconfirmed_to_coordinators"


class DeliveryDisputedToState(StateDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_disputed_to_state"
    waiting_for = Party.PROVIDERS
    due: date


class DeliveryDisputedToProviders(ProviderDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_disputed_to_providers"
    urgency = Urgency.ACT
    due: date


class DeliveryDisputedToCoordinators(CoordinatorDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_disputed_to_coordinators"
    waiting_for = Party.PROVIDERS
    due: date


class DeliveryDecisionAsked(ApproverDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_decision_asked"
    urgency = Urgency.ACT


class DeliveryCancelledToState(StateDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_cancelled_to_state"


class DeliveryCancelledToProviders(ProviderDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_cancelled_to_providers"


class DeliveryCancelledToCoordinators(CoordinatorDeliveryMessage, frozen=True, kw_only=True):
    name = "delivery_cancelled_to_coordinators"
