"""What time does to verifications: a reminder 60 days before the end, then the end."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from tortoise.queryset import QuerySet

from concord.actor import CLOCK
from concord.database import one_by_one, transaction
from concord.organizations.actions import mark_expired, mark_expiry_told
from concord.organizations.models import Organization
from concord.organizations.queries import EXPIRES_SOON
from concord.organizations.states import SCREENED_KINDS, Verification

Transition = Callable[[Organization], Awaitable[None]]


async def run(now: datetime) -> int:
    """Carry out what is due, each in its own transaction; how many. Safe twice at once."""
    verified = Organization.filter(
        verification=Verification.VERIFIED, kind__in=SCREENED_KINDS, verified_until__isnull=False
    )
    over = verified.filter(verified_until__lte=now)
    soon = verified.filter(
        verified_until__gt=now, verified_until__lte=now + EXPIRES_SOON, expiry_told_at=None
    )
    ended = await _each(over, lambda organization: mark_expired(organization, now=now))
    told = await _each(soon, lambda organization: mark_expiry_told(organization, now=now))
    return ended + told


async def _each(due: QuerySet[Organization], transition: Transition) -> int:
    """Each row that is due and that no other process holds, in its own transaction."""

    async def take(organization_id: UUID) -> bool:
        async with transaction(CLOCK):
            locked = due.filter(id=organization_id).select_for_update(
                skip_locked=True, no_key=True
            )
            found = await locked.first()
            if found is not None:
                await transition(found)
            return found is not None

    rows = await due.order_by("verified_until", "id").values_list("id", flat=True)
    return await one_by_one([UUID(str(row)) for row in rows], take)
