"""Which offers somebody may see at all: one condition for every list."""

from tortoise.expressions import Q

from concord.actor import STATE_ROLES, Actor
from concord.offers.policy import READERS
from concord.offers.states import OfferState
from concord.organizations.states import Verification


def standing_q() -> Q:
    """Offers whose provider is verified: screened or recognized, until the clock says no."""
    return Q(organization__verification=Verification.VERIFIED)


def published_q() -> Q:
    """What the public sees: on offer to every State."""
    return Q(state=OfferState.PUBLISHED, directed_state_id=None) & standing_q()


def visible_q(actor: Actor) -> Q:
    """What this actor may see of `Offer`."""
    if actor.role in READERS:
        return Q(submitted_at__isnull=False)
    if actor.is_provider:
        return published_q() | Q(organization_id=actor.organization_id)
    if actor.role in STATE_ROLES and actor.state:
        return published_q() | directed_q(actor.state)
    return published_q()


def directed_q(state: str) -> Q:
    """Published offers that name this State."""
    return Q(state=OfferState.PUBLISHED, directed_state_id=state) & standing_q()
