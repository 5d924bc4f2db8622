"""Ranks everything anew, chunk by chunk, beside whatever somebody waits for."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from concord.database import transaction
from concord.pairings.profiles import request_profiles
from concord.pairings.reranking import TRIES, Chunk, finish, is_waiting, plan, renew, take_chunk
from concord.pairings.storing import Looked, store_rankings
from concord.pairings.vectors import drop_older
from workers.context import Context
from workers.leases import renewed
from workers.match_index import prepare, refresh
from workers.match_preselection import rank_each
from workers.match_vectors import requests_vectors

AT_ONCE = 5  # requests in one turn: who waits for a ranking waits for no more than these
LEASE = timedelta(seconds=60)
_log = structlog.get_logger("concord.rerank")


async def plan_rerank(payload: Mapping[str, Any], context: Context) -> None:
    """A run was asked for: see what is asked by now, cut it into chunks, and clear up."""
    pool = context.pool
    if await is_waiting():
        async with pool.turns.turn(later=True):
            await refresh(context)
            crowd = await pool.crowd_now()
        await plan(crowd, encoder=await pool.model_version(), now=context.clock())
    if pool.encodes:
        await drop_older(await pool.model_version())


async def rank_chunk(context: Context, *, lease: timedelta = LEASE) -> bool:
    """Rank the next chunk; False when there is none. One that fails is tried by anybody again."""
    try:
        chunk = await take_chunk(lease=lease)
        if chunk is None:
            return False
        async with renewed(partial(renew, chunk, lease=lease), lease):
            await _carry_out(chunk, context)
    except Exception:  # the worker's edge: the lease runs out, and somebody takes it again
        _log.exception("chunk failed")
        return False
    return True


async def _carry_out(chunk: Chunk, context: Context) -> None:
    now = context.clock()
    if chunk.attempts > TRIES:
        await finish(chunk, now=now, failed=True)
        return
    await prepare(context)
    found: list[Looked] = []
    for first in range(0, len(chunk.requests), AT_ONCE):
        part = chunk.requests[first : first + AT_ONCE]
        async with context.pool.turns.turn(later=True):
            held = await refresh(context)
            profiles = await request_profiles(part)
            vectors = await requests_vectors(context.pool, profiles)
            found += await rank_each(context.pool, profiles, vectors, held=held, today=now.date())
    async with transaction():
        await store_rankings(found, now=now)
        await finish(chunk, now=now)
