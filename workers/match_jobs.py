"""Ranks requests against offers, in the matcher's own process, and stores what it finds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from concord import jobs
from concord.database import transaction
from concord.pairings.actions import drop_pairings, store_ranking
from concord.pairings.profiles import (
    offer_fingerprints,
    offer_profiles,
    request_profile,
    topic_tree,
)
from concord.requests.models import Request
from concord.requests.states import MATCHABLE
from workers.context import Context


async def rank_request(payload: Mapping[str, Any], context: Context) -> None:
    """Rank one request against every offer that may be ranked now; gone or moved on: nothing."""
    request_id = UUID(payload["request_id"])
    request = await Request.get_or_none(id=request_id)
    if request is None:
        return
    if request.state not in MATCHABLE:
        async with transaction():
            await drop_pairings(request_id)
        return
    profile = await request_profile(request_id)
    if profile is None:
        return
    now = context.clock()
    async with context.pool.lock:
        considered = await refresh(context)
        found = await context.pool.rank(profile, today=now.date())
    await store_ranking(request_id, found, considered=considered, now=now)


async def refresh(context: Context) -> int:
    """Bring the index up to the database: only what changed is loaded; the number of offers."""
    fingerprints = await offer_fingerprints()
    changed, gone = context.pool.stale(fingerprints)
    if changed or gone or not context.pool.warm:
        await context.pool.update(
            await offer_profiles(changed) if changed else [],
            gone,
            topics=await topic_tree(),
            fingerprints=fingerprints,
        )
    return len(fingerprints)


async def warm(context: Context) -> None:
    """Load everything before the first request asks for it."""
    async with context.pool.lock:
        await refresh(context)


async def rank_offer(payload: Mapping[str, Any], context: Context) -> None:
    """An offer came, changed or went: every request that is being matched is ranked again.

    Requests asked for within the same few seconds are ranked once.
    """
    now = context.clock()
    moment = int(now.timestamp() // 3)
    for request_id in (
        await Request.filter(state__in=MATCHABLE).order_by("id").values_list("id", flat=True)
    ):
        await jobs.enqueue(
            jobs.RANK_REQUEST,
            now=now,
            at=now + timedelta(seconds=1),
            dedup=f"{jobs.RANK_REQUEST}:{request_id}:{moment}",
            request_id=str(request_id),
        )
