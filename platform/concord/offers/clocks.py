"""What the passing of time does to offers: reminders and the end of their year."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from concord.database import transaction
from concord.offers.actions import ask_to_reconfirm, mark_expired
from concord.offers.models import Offer
from concord.offers.queries import due_for_expiry, due_for_reminder, take_due

REMIND_BEFORE = timedelta(days=30)


async def run(now: datetime) -> int:
    """Every due thing in its own transaction; the number done. Safe to run twice at once."""
    reminded = [
        await _take(offer_id, ask_to_reconfirm, before=now + REMIND_BEFORE, now=now)
        for offer_id in await due_for_reminder(now, before=now + REMIND_BEFORE)
    ]
    expired = [
        await _take(offer_id, mark_expired, before=now, now=now)
        for offer_id in await due_for_expiry(now)
    ]
    return sum(reminded) + sum(expired)


async def _take(
    offer_id: UUID, act: Callable[..., Awaitable[Offer]], *, before: datetime, now: datetime
) -> bool:
    async with transaction():
        offer = await take_due(offer_id, before=before)
        if offer is None:
            return False
        await act(offer, now=now)
    return True
