"""Submitting an offer, and what a coordinator decides about it."""

from collections.abc import Sequence
from datetime import datetime

from concord.actor import PROVIDER_ROLES, Actor
from concord.deadlines import Step, clocks, deadline, months_after
from concord.errors import Conflict, InvalidInput, Text
from concord.inbox.actions import close_tasks
from concord.inputs import PICK
from concord.offers.actions.recording import (
    allow,
    ask_coordinators,
    ask_provider,
    locked,
    look_for_duplicates,
    move,
    rank,
    record,
    tell_about,
)
from concord.offers.checking import check_for_submission
from concord.offers.models import Offer
from concord.offers.policy import may_publish, may_return, may_submit
from concord.offers.queries import values_of
from concord.offers.states import MACHINE, OfferState
from concord.organizations.policy import may_provide
from concord.reference.queries import code_lists
from notifications.messages.offers import OfferPublished, OfferReturned, OfferSubmitted

UNVERIFIED = (
    "Your organization has to be verified or recognized by UNODC before it submits an offer."
    " The draft is kept."
)
NO_STANDING = "The provider is not verified at present: its offers cannot be published."


async def submit(
    offer: Offer, *, version: int | None = None, actor: Actor, now: datetime
) -> Offer:
    """Ask for review. Raises `InvalidInput` with everything that is still missing."""
    async with locked(offer.id, version=version) as found:
        MACHINE.check("submit", found.state)
        allow(may_submit(actor, found))
        if not (actor.accredited and may_provide(found.organization, now=now)):
            raise Conflict(UNVERIFIED)
        check_for_submission(await values_of(found), today=now.date())
        await send_to_review(found, "submit", actor=actor, now=now)
        await tell_about(found, "submitted", submitted(found), actor=actor, now=now)
        await look_for_duplicates(found, now=now)
        await record(found, "submit", actor=actor, now=now)
    return found


async def send_to_review(offer: Offer, verb: str, *, actor: Actor, now: datetime) -> None:
    """Move to submitted; the review is due in the working days of its clock."""
    offer.due_at = await deadline(Step.REVIEW, start=now)
    offer.submitted_at = now
    await move(offer, verb, OfferState.SUBMITTED, actor=actor, now=now)
    await close_tasks(offer.id, "revise_offer", "reconfirm_offer", now=now)
    await ask_coordinators(offer, "review_offer", now=now, due_at=offer.due_at)


def submitted(offer: Offer) -> OfferSubmitted:
    assert offer.due_at is not None  # noqa: S101 - set by send_to_review
    return OfferSubmitted(offer=offer.public_id, due=offer.due_at.date())


async def publish(
    offer: Offer, *, version: int | None = None, actor: Actor, now: datetime
) -> Offer:
    """Put it on offer for twelve months, and have open requests ranked against it."""
    async with locked(offer.id, version=version) as found:
        MACHINE.check("publish", found.state)
        allow(may_publish(actor, found))
        if not may_provide(found.organization, now=now):
            raise Conflict(NO_STANDING)
        found.published_at = now
        start_year(found, now=now)
        await move(found, "publish", OfferState.PUBLISHED, actor=actor, now=now)
        await close_tasks(found.id, "review_offer", now=now)
        await tell_about(found, "published", published(found), actor=actor, now=now)
        await rank(found, now=now)
        await record(found, "publish", actor=actor, now=now)
    return found


def start_year(offer: Offer, *, now: datetime) -> None:
    """From now on it is on offer until its provider has to say that it still stands."""
    offer.expires_at = months_after(now, clocks().reconfirmation_months)
    offer.due_at = offer.expires_at
    offer.reconfirm_asked_at = None


def published(offer: Offer) -> OfferPublished:
    assert offer.expires_at is not None  # noqa: S101 - set by start_year
    return OfferPublished(offer=offer.public_id, expires=offer.expires_at.date())


async def return_(
    offer: Offer,
    *,
    reasons: Sequence[str],
    note: str = "",
    version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Offer:
    """Send it back to its provider with coded reasons."""
    async with locked(offer.id, version=version) as found:
        MACHINE.check("return", found.state)
        allow(may_return(actor, found))
        await _check_reasons(reasons)
        found.due_at = None
        await move(
            found,
            "return",
            OfferState.RETURNED,
            actor=actor,
            now=now,
            reasons=reasons,
            note=note,
        )
        await close_tasks(found.id, "review_offer", now=now)
        await ask_provider(found, "revise_offer", roles=PROVIDER_ROLES, now=now)
        message = OfferReturned(offer=found.public_id, reasons=tuple(reasons))
        await tell_about(found, "returned", message, actor=actor, now=now)
        await record(found, "return", actor=actor, now=now, reasons=reasons)
    return found


async def _check_reasons(reasons: Sequence[str]) -> None:
    known = {entry.code for entry in (await code_lists()).reasons_for("offer_returned")}
    if not reasons or not known.issuperset(reasons):
        raise InvalidInput({"reasons": Text(PICK)})
