"""What the passing of time does to offers: reminders and the end of their year."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from concord.database import one_by_one, transaction
from concord.offers.actions import ask_to_reconfirm, mark_expired
from concord.offers.models import Offer
from concord.offers.queries import due_for_expiry, due_for_reminder, take_due

REMIND_BEFORE = timedelta(days=30)


async def run(now: datetime) -> int:
    """Every due thing in its own transaction; the number done. Safe to run twice at once."""
    soon = now + REMIND_BEFORE
    remind = partial(_take, act=ask_to_reconfirm, before=soon, now=now)
    expire = partial(_take, act=mark_expired, before=now, now=now)
    reminded = await one_by_one(await due_for_reminder(now, before=soon), remind)
    return reminded + await one_by_one(await due_for_expiry(now), expire)


async def _take(
    offer_id: UUID, *, act: Callable[..., Awaitable[Offer]], before: datetime, now: datetime
) -> bool:
    async with transaction():
        offer = await take_due(offer_id, before=before)
        if offer is None:
            return False
        await act(offer, now=now)
    return True
