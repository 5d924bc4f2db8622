"""The ranking of one worker: one loop, so that what is urgent waits for a few rankings at most."""

import asyncio
import time
from collections.abc import Mapping

import structlog

from workers import match_jobs, rerank_jobs
from workers.context import Context
from workers.outbox import Handler, dispatch

AT_ONCE = 4  # rows leased together: whoever comes next waits for no more than these
LOOK_EVERY = 1  # seconds
WEIGH_EVERY = 1
COMPARE_EVERY = 60
_log = structlog.get_logger("concord.ranking")


async def rank_what_waits(
    context: Context, rankings: Mapping[str, Handler], others: Mapping[str, Handler]
) -> None:
    """Until the worker stops: rankings that are due, and changes that nobody spoke of.

    What rankings owe, such as the news of the first one, is carried out beside them.
    """
    weighed = compared = time.monotonic()
    while not context.stopping.is_set():
        if not await _woken(context) or not context.pool.warm:
            continue
        try:
            if await dispatch(context, rankings, limit=AT_ONCE, during=context.ranking_lease):
                context.begin(_carry_out(context, others))
            if time.monotonic() - compared > COMPARE_EVERY:
                compared = time.monotonic()
                await match_jobs.look_for_changes(context)
            elif time.monotonic() - weighed > WEIGH_EVERY:
                weighed = time.monotonic()
                if await match_jobs.weigh_changes(context):
                    context.woken.set()  # what has to be ranked for them is due at once
        except Exception:  # the worker's edge: the database may be away
            _log.exception("ranking failed")
            await asyncio.sleep(LOOK_EVERY)


async def rank_chunks(context: Context) -> None:
    """Until the worker stops: chunks of a run over all requests, one at a time."""
    while not context.stopping.is_set():
        if not context.pool.warm or not await rerank_jobs.rank_chunk(context):
            await asyncio.sleep(LOOK_EVERY)


async def _carry_out(context: Context, others: Mapping[str, Handler]) -> None:
    try:
        await dispatch(context, others)
    except Exception:  # the worker's edge: whoever looks next does it
        _log.exception("dispatch failed")


async def _woken(context: Context) -> bool:
    """Somebody rang, or a second went by."""
    try:
        async with asyncio.timeout(LOOK_EVERY):
            await context.woken.wait()
    except TimeoutError:
        pass
    context.woken.clear()
    return not context.stopping.is_set()
