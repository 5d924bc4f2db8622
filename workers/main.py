"""The worker process: answers the doorbell, looks by itself every five seconds, lets time pass."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from arq import cron, func
from arq.worker import Worker
from prometheus_client import Gauge
from redis.exceptions import RedisError

from concord import deadlines, jobs
from concord.database import WORKER_ROLE, connected
from concord.doorbell import HEALTH_KEY, QUEUE, RING, dumps, loads, redis_settings
from concord.settings import Settings
from workers import (
    clock_jobs,
    duplicate_jobs,
    match_jobs,
    match_learning,
    match_loop,
    notification_jobs,
    portfolio_jobs,
    rerank_jobs,
)
from workers.context import LEASE, Context
from workers.match_pool import MatchPool
from workers.outbox import Handler, dispatch

HANDLERS = {
    jobs.TELL: Handler(notification_jobs.tell, within=True),
    jobs.MAIL: Handler(notification_jobs.mail),
    jobs.RANK_REQUEST: Handler(match_jobs.rank_request, ranks=True),
    jobs.RANK_AGAIN: Handler(match_jobs.rank_request_later, ranks=True, last=True),
    jobs.RANK_OFFER: Handler(match_jobs.rank_offer, ranks=True),
    jobs.RERANK: Handler(rerank_jobs.plan_rerank, ranks=True),
    jobs.CHECK_DUPLICATES: Handler(duplicate_jobs.check_duplicates, ranks=True),
    jobs.SOLVE_PORTFOLIO: Handler(portfolio_jobs.solve_portfolio, beside=True),
    jobs.TRAIN_MODEL: Handler(match_learning.train_model, ranks=True, beside=True),
}
"""Every job that may be asked for, by name."""
RANKINGS = {name: each for name, each in HANDLERS.items() if each.ranks and not each.beside}
"""Those of the ranking loop; the others are carried out as soon as somebody rings."""
OTHERS = {name: each for name, each in HANDLERS.items() if name not in RANKINGS}

JOB_TIMEOUT = 20  # seconds: a killed ring is picked up after this and ten more
LOOK_EVERY = set(range(0, 60, 5))
HEALTH_EVERY = 10
GRACE = 25  # seconds for running jobs at a stop
LOOP_LAG = Gauge("concord_worker_loop_lag_seconds", "How late the worker's loop runs its timers")
_log = structlog.get_logger("concord.worker")


def utc_now() -> datetime:
    return datetime.now(UTC)


async def ring(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:
    """Somebody wrote to the outbox."""
    ctx["concord"].woken.set()
    await dispatch(ctx["concord"], OTHERS)


async def look(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:
    """Nobody rang, or the bell was lost: look all the same."""
    await dispatch(ctx["concord"], OTHERS)


async def pass_time(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:
    """Once a minute: what the clocks say."""
    await clock_jobs.run_clocks(ctx["concord"])
    await dispatch(ctx["concord"], OTHERS)


def make_worker(context: Context, **options: Any) -> Worker:
    """An arq worker on the doorbell's queue; what it does is in PostgreSQL."""
    return Worker(
        [func(ring, name=RING, keep_result=0)],
        cron_jobs=[
            cron(look, name="look", second=LOOK_EVERY, unique=False, keep_result=0),
            cron(pass_time, name="pass_time", second={1}, unique=True, keep_result=0),
        ],
        queue_name=QUEUE,
        redis_settings=redis_settings(context.settings.redis_address),
        job_serializer=dumps,
        job_deserializer=loads,
        job_timeout=JOB_TIMEOUT,
        max_tries=1000,
        max_jobs=10,
        poll_delay=0.1,
        job_completion_wait=GRACE,
        health_check_interval=HEALTH_EVERY,
        health_check_key=HEALTH_KEY,
        ctx={"concord": context},
        **options,
    )


async def run(
    settings: Settings, *, clock: Callable[[], datetime] = utc_now, lease: timedelta = LEASE
) -> None:
    """Work until SIGTERM or SIGINT; running jobs are given time to end."""
    deadlines.configure(settings.clocks)
    pool = MatchPool(settings.embeddings)
    context = Context(settings=settings, clock=clock, pool=pool, lease=lease)
    async with connected(settings.database_url, role=WORKER_ROLE, pool_size=settings.pool_size):
        beside = [asyncio.create_task(each) for each in (measure_lag(), keep_warm(context))]
        loops = (
            match_loop.rank_what_waits(context, RANKINGS, OTHERS),
            match_loop.rank_chunks(context),
            match_loop.rank_chunks(context),  # one is stored while another is ranked
        )
        ranking = [asyncio.create_task(each) for each in loops]
        worker = make_worker(context)
        try:
            await worker.async_run()
        finally:
            context.stopping.set()
            await asyncio.wait(ranking, timeout=GRACE)
            for task in (*beside, *ranking, *context.beside):
                task.cancel()
            with suppress(RedisError, OSError):
                await worker.close()  # takes the sign of life back
            pool.close()


async def keep_warm(context: Context) -> None:
    """Load the encoder and every offer, at the start and whenever the matcher's process died.

    Until then mails go out and rankings wait.
    """
    while True:
        await context.pool.cold.wait()
        try:
            await match_jobs.warm_up(context)
            context.woken.set()
        except Exception:  # the worker's edge: the database may be away
            _log.exception("warm-up failed")
            await asyncio.sleep(2)


async def measure_lag() -> None:
    """Keep the gauge of how late timers are: a blocked loop shows."""
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(1)
        LOOP_LAG.set(loop.time() - before - 1)
