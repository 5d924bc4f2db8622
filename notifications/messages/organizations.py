"""Messages about a provider's registration and verification."""

from datetime import date

from notifications.messages.base import Audience, Message, Party, Urgency
from notifications.messages.fields import OrganizationId


class OrganizationMessage(Message, frozen=True, kw_only=True):
    link = "/organizations/{organization}"
    organization: OrganizationId


class ProviderRegistered(OrganizationMessage, frozen=True, kw_only=True):
    """A new or returning provider awaits screening."""

    name = "provider_registered"
    audience = Audience.DUE_DILIGENCE
    urgency = Urgency.ACT
    due: date | None = None


class ProviderVerified(OrganizationMessage, frozen=True, kw_only=True):
    name = "provider_verified"
    audience = Audience.OWNER
    until: date


class ProviderRejected(OrganizationMessage, frozen=True, kw_only=True):
    name = "provider_rejected"
    audience = Audience.OWNER


class ProviderSuspendedToOwner(OrganizationMessage, frozen=True, kw_only=True):
    name = "provider_suspended_to_owner"
    audience = Audience.OWNER
    waiting_for = Party.SECRETARIAT


class ProviderSuspendedToCoordinators(OrganizationMessage, frozen=True, kw_only=True):
    name = "provider_suspended_to_coordinators"
    audience = Audience.COORDINATORS
    waiting_for = Party.SECRETARIAT


class ProviderReinstated(OrganizationMessage, frozen=True, kw_only=True):
    name = "provider_reinstated"
    audience = Audience.OWNER


class VerificationExpiresSoon(OrganizationMessage, frozen=True, kw_only=True):
    name = "verification_expires_soon"
    audience = Audience.OWNER
    urgency = Urgency.ACT
    due: date


class VerificationExpired(OrganizationMessage, frozen=True, kw_only=True):
    name = "verification_expired"
    audience = Audience.OWNER
    urgency = Urgency.ACT
