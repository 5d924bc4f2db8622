"""Ranks requests against offers, in the matcher's own process, and stores what it finds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from concord.pairings.actions import drop_pairings, rank_again, store_ranking
from concord.pairings.profiles import offer_fingerprints, request_profile
from concord.requests.models import Request
from concord.requests.states import MATCHABLE
from workers.context import Context
from workers.match_vectors import load_offers, request_vectors


async def rank_request(payload: Mapping[str, Any], context: Context) -> None:
    """Rank one request against every offer that may be ranked now; gone or moved on: nothing."""
    request_id = UUID(payload["request_id"])
    request = await Request.get_or_none(id=request_id)
    if request is None:
        return
    now = context.clock()
    if request.state not in MATCHABLE:
        await drop_pairings(request_id, now=now)
        return
    async with context.pool.lock:
        considered = await refresh(context, now=now)
        profile = await request_profile(request_id)
        if profile is None:
            return
        vectors = await request_vectors(context.pool, profile)
        found = await context.pool.rank(profile, today=now.date(), vectors=vectors)
    await store_ranking(request_id, found, considered=considered, now=now)


async def refresh(context: Context, *, now: datetime) -> int:
    """Bring the index up to the database; the number of offers. Only what changed is loaded.

    Whatever changed makes every open request be ranked again: a new or withdrawn offer, capacity
    that was taken, a provider that was suspended.
    """
    fingerprints = await offer_fingerprints()
    changed, gone = context.pool.stale(fingerprints)
    if changed or gone or not context.pool.warm:
        await rank_again(now=now)
        await load_offers(context.pool, changed, gone)
        context.pool.hold(fingerprints)
    return len(fingerprints)


async def look_for_changes(context: Context) -> None:
    """Load everything at the start, and later whatever changed without a word."""
    async with context.pool.lock:
        await refresh(context, now=context.clock())


async def rank_offer(payload: Mapping[str, Any], context: Context) -> None:
    """An offer came, changed or went: every request that is being matched is ranked again."""
    await rank_again(now=context.clock())
