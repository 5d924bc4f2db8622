"""What happens to an offer after it was published: changes, renewal, and its ends."""

from datetime import datetime

from concord.actor import CLOCK, Actor, Role
from concord.errors import Conflict
from concord.inbox.actions import close_tasks
from concord.offers.actions.drafting import write
from concord.offers.actions.recording import (
    allow,
    ask_provider,
    locked,
    look_for_duplicates,
    move,
    rank,
    record,
    tell_about,
)
from concord.offers.actions.reviewing import (
    UNVERIFIED,
    published,
    send_to_review,
    start_year,
    submitted,
)
from concord.offers.checking import check_for_submission
from concord.offers.models import Offer
from concord.offers.policy import may_change_scope, may_reconfirm, may_withdraw
from concord.offers.queries import values_of
from concord.offers.states import MACHINE, OfferState
from concord.offers.values import OfferValues, scope_differs
from concord.organizations.policy import may_provide
from notifications.messages.offers import (
    OfferExpired,
    OfferReconfirmDue,
    OfferReviewWaits,
    OfferWithdrawnToCoordinators,
    OfferWithdrawnToOwner,
)


async def change_scope(
    offer: Offer, values: OfferValues, *, version: int, actor: Actor, now: datetime
) -> bool:
    """Save a published offer; True if its scope changed, so that it has to be reviewed again.

    Matches of the offer are the caller's part: it has locked their requests before.
    """
    async with locked(offer.id, version=version) as found:
        MACHINE.check("change_scope", found.state)
        allow(may_change_scope(actor, found))
        changed = scope_differs(await values_of(found), values)
        check_for_submission(values, today=now.date())
        found.scope_changed_at = now if changed else found.scope_changed_at
        found.version += not changed
        await write(found, values, now=now)
        if changed:
            await _review_again(found, actor=actor, now=now)
        await rank(found, now=now)
        await look_for_duplicates(found, now=now)
        await record(found, "change_scope" if changed else "edit", actor=actor, now=now)
    return changed


async def _review_again(offer: Offer, *, actor: Actor, now: datetime) -> None:
    await send_to_review(offer, "change_scope", actor=actor, now=now)
    message = submitted(offer)
    waits = OfferReviewWaits(offer=offer.public_id, due=message.due)
    await tell_about(offer, "changed", message, waits, actor=actor, now=now)


async def reconfirm(
    offer: Offer, *, version: int | None = None, actor: Actor, now: datetime
) -> Offer:
    """It still stands: on offer for another twelve months, also when it had expired."""
    async with locked(offer.id, version=version) as found:
        MACHINE.check("reconfirm", found.state)
        allow(may_reconfirm(actor, found))
        if not may_provide(found.organization, now=now):
            raise Conflict(UNVERIFIED)
        start_year(found, now=now)
        await move(found, "reconfirm", OfferState.PUBLISHED, actor=actor, now=now)
        await close_tasks(found.id, "reconfirm_offer", now=now)
        await tell_about(found, "reconfirmed", published(found), actor=actor, now=now)
        await rank(found, now=now)
        await record(found, "reconfirm", actor=actor, now=now)
    return found


async def ask_to_reconfirm(offer: Offer, *, now: datetime) -> Offer:
    """Remind its administrators, once before it expires."""
    async with locked(offer.id) as found:
        due = found.expires_at
        if found.state is OfferState.PUBLISHED and due and found.reconfirm_asked_at is None:
            found.reconfirm_asked_at = now
            await found.save(update_fields=["reconfirm_asked_at"])
            message = OfferReconfirmDue(offer=found.public_id, due=due.date())
            await tell_about(found, "reconfirm_due", message, now=now)
            await ask_provider(
                found, "reconfirm_offer", roles={Role.PARTNER_ADMIN}, now=now, due_at=due
            )
    return found


async def mark_expired(offer: Offer, *, now: datetime) -> Offer:
    """Nobody has reconfirmed it: off the list until somebody does."""
    async with locked(offer.id) as found:
        found.due_at = None
        await move(found, "expire", OfferState.EXPIRED, actor=CLOCK, now=now)
        await ask_provider(found, "reconfirm_offer", roles={Role.PARTNER_ADMIN}, now=now)
        await tell_about(found, "expired", OfferExpired(offer=found.public_id), now=now)
        await rank(found, now=now)
        await record(found, "expire", actor=CLOCK, now=now)
    return found


async def mark_withdrawn(offer: Offer, *, actor: Actor, now: datetime, note: str = "") -> Offer:
    """End it for good; the caller has ended its matches. A draft that nobody saw ends quietly."""
    async with locked(offer.id) as found:
        MACHINE.check("withdraw", found.state)
        allow(may_withdraw(actor, found))
        was_seen, was_on_offer = found.submitted_at is not None, found.published_at is not None
        found.due_at = None
        await move(found, "withdraw", OfferState.WITHDRAWN, actor=actor, now=now, note=note)
        await close_tasks(found.id, now=now)
        owner = OfferWithdrawnToOwner(offer=found.public_id)
        coordinators = OfferWithdrawnToCoordinators(offer=found.public_id)
        told = (owner, coordinators) if was_seen else (owner,)
        await tell_about(found, "withdrawn", *told, actor=actor, now=now)
        if was_on_offer:
            await rank(found, now=now)
        await record(found, "withdraw", actor=actor, now=now)
    return found
