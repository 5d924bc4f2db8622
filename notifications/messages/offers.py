"""Messages about an offer."""

from datetime import date

from notifications.messages.base import Audience, Message, Party, Urgency
from notifications.messages.fields import OfferId, ReasonCode


class OfferMessage(Message, frozen=True, kw_only=True):
    link = "/offers/{offer}"
    offer: OfferId


class OfferSubmitted(OfferMessage, frozen=True, kw_only=True):
    """Also owed when a published offer's scope changed and it is reviewed again."""

    name = "offer_submitted"
    audience = Audience.COORDINATORS
    urgency = Urgency.ACT
    due: date


class OfferReturned(OfferMessage, frozen=True, kw_only=True):
    name = "offer_returned"
    audience = Audience.OWNER_TEAM
    urgency = Urgency.ACT
    reasons: tuple[ReasonCode, ...]


class OfferPublished(OfferMessage, frozen=True, kw_only=True):
    name = "offer_published"
    audience = Audience.OWNER_TEAM
    expires: date


class OfferReconfirmDue(OfferMessage, frozen=True, kw_only=True):
    name = "offer_reconfirm_due"
    audience = Audience.OWNER
    urgency = Urgency.ACT
    due: date


class OfferExpired(OfferMessage, frozen=True, kw_only=True):
    name = "offer_expired"
    audience = Audience.OWNER
    urgency = Urgency.ACT


class OfferWithdrawnToOwner(OfferMessage, frozen=True, kw_only=True):
    name = "offer_withdrawn_to_owner"
    audience = Audience.OWNER_TEAM


class OfferWithdrawnToCoordinators(OfferMessage, frozen=True, kw_only=True):
    name = "offer_withdrawn_to_coordinators"
    audience = Audience.COORDINATORS


class ClarificationAskedOfProvider(OfferMessage, frozen=True, kw_only=True):
    name = "clarification_asked_of_provider"
    audience = Audience.OWNER_TEAM
    urgency = Urgency.ACT
    due: date | None = None


class OfferReviewWaits(OfferMessage, frozen=True, kw_only=True):
    """A published offer changed in scope: it is off the public list until reviewed."""

    name = "offer_review_waits"
    audience = Audience.OWNER_TEAM
    waiting_for = Party.SECRETARIAT
    due: date | None = None
