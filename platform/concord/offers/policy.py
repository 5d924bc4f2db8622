"""Who may do what to an offer that they see: the whole table on one page."""

from uuid import UUID

from concord.actor import PROVIDER_ROLES, STATE_ROLES, Actor, Role
from concord.offers.models import Offer
from concord.offers.states import EDITABLE, MACHINE, TERMINAL, OfferState
from concord.organizations.states import OrganizationKind

CASE_OFFICERS = frozenset({Role.COORDINATOR, Role.APPROVER})
READERS = CASE_OFFICERS | {Role.DUE_DILIGENCE, Role.AUDITOR}
"""Roles of UNODC that see every offer once it was submitted."""
ASKERS = STATE_ROLES - {Role.OBSERVER}
ANSWERABLE = frozenset({OfferState.SUBMITTED, OfferState.RETURNED, OfferState.PUBLISHED})


def provides(actor: Actor, offer: Offer) -> bool:
    """A member of the provider, in that seat now."""
    return actor.is_provider and actor.organization_id == offer.organization_id


def has_part_in(actor: Actor, offer: Offer) -> bool:
    """Whether the person works for the provider in any seat: then somebody else reviews it."""
    wrote_it = actor.person_id == offer.created_by_id and offer.import_source is None
    return wrote_it or any(
        seat.organization_id == offer.organization_id and seat.role in PROVIDER_ROLES
        for seat in actor.seats
    )


def may_draft(actor: Actor) -> bool:
    providers = actor.organization_kind not in {"", OrganizationKind.STATE_AUTHORITY}
    return actor.is_provider and providers


def may_import(actor: Actor, organization_id: UUID) -> bool:
    of_provider = actor.is_provider and actor.organization_id == organization_id
    return of_provider or actor.role in {Role.COORDINATOR, Role.ADMIN}


def may_see_exclusions(actor: Actor, offer: Offer) -> bool:
    """UNODC's case officers and the provider itself; nobody else learns that there are any."""
    return actor.role in CASE_OFFICERS or provides(actor, offer)


may_see_capacity = may_see_exclusions
"""What of a slot is held, reserved and delivered is known to the same people."""


def may_see_every_hold(actor: Actor) -> bool:
    """A provider sees what is held by matches in which it was asked; UNODC sees every hold."""
    return actor.role in CASE_OFFICERS


def may_see_steps(actor: Actor, offer: Offer) -> bool:
    return actor.role in READERS or provides(actor, offer)


def may_edit(actor: Actor, offer: Offer) -> bool:
    return provides(actor, offer) and offer.state in EDITABLE


def may_submit(actor: Actor, offer: Offer) -> bool:
    return provides(actor, offer) and _may("submit", actor, offer)


def reviews(actor: Actor, offer: Offer) -> bool:
    """A coordinator without any part in it: UNODC's own programme is reviewed from outside too."""
    return actor.is_coordinator and not has_part_in(actor, offer)


def may_publish(actor: Actor, offer: Offer) -> bool:
    return _may("publish", actor, offer) and reviews(actor, offer)


def may_return(actor: Actor, offer: Offer) -> bool:
    return _may("return", actor, offer) and reviews(actor, offer)


def may_change_scope(actor: Actor, offer: Offer) -> bool:
    return provides(actor, offer) and _may("change_scope", actor, offer)


def reconfirms(actor: Actor, offer: Offer) -> bool:
    """The provider's administrator, whatever the state."""
    return provides(actor, offer) and actor.role in MACHINE.rules["reconfirm"].roles


def may_reconfirm(actor: Actor, offer: Offer) -> bool:
    return provides(actor, offer) and _may("reconfirm", actor, offer)


def may_withdraw(actor: Actor, offer: Offer) -> bool:
    """The provider at any time; a coordinator what was once submitted."""
    arrived = actor.is_coordinator and offer.submitted_at is not None
    return (provides(actor, offer) or arrived) and _may("withdraw", actor, offer)


def may_ask(actor: Actor, offer: Offer) -> bool:
    """States and coordinators ask; what providers want to know of each other stays outside."""
    if actor.is_coordinator:
        return offer.state in ANSWERABLE
    return actor.role in ASKERS and offer.state is OfferState.PUBLISHED


def asks(actor: Actor) -> bool:
    """Whether questions are this role's to ask, whatever the offer's state."""
    return actor.is_coordinator or actor.role in ASKERS


def may_answer(actor: Actor, offer: Offer) -> bool:
    return provides(actor, offer) and offer.state not in TERMINAL


def _may(verb: str, actor: Actor, offer: Offer) -> bool:
    return MACHINE.may(verb, offer.state, actor.role)
