"""Leases of outbox rows: kept while the worker lives and works, over soon after it died."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection

from concord import jobs
from concord.settings import Settings
from tests.conftest import NOW, Clock
from tests.waiting import until
from workers import leases
from workers.context import LEASE, Context
from workers.match_pool import MatchPool
from workers.outbox import Handler, dispatch, lease

SHORT = timedelta(seconds=0.6)


class Slow:
    """A job that begins and ends when the test says."""

    def __init__(self) -> None:
        self.seen = 0
        self.end = asyncio.Event()

    async def __call__(self, payload: Mapping[str, Any], context: Context) -> None:
        self.seen += 1
        await self.end.wait()

    async def has_begun(self) -> bool:
        return bool(self.seen)


@pytest.fixture
def context(settings: Settings, clock: Clock, database: None) -> Context:
    return Context(settings=settings, clock=clock, pool=MatchPool("lexical"))


async def leased_until(dedup: str = "one") -> datetime:
    found = (await jobs.Outbox.get(dedup=dedup)).lease_until
    assert found is not None
    return found


@pytest.mark.parametrize("within", [True, False])
async def test_what_takes_long_stays_with_its_worker(context: Context, within: bool) -> None:
    await jobs.enqueue("try", now=NOW, dedup="one")
    job = Slow()
    handlers = {"try": Handler(job, within=within)}
    working = asyncio.create_task(dispatch(context, handlers, during=SHORT))
    await until(job.has_begun)
    first = await leased_until()

    async def renewed() -> bool:
        return await leased_until() > first + SHORT

    await until(renewed)
    job.end.set()
    assert await working == 1
    row = await jobs.Outbox.get()
    assert (job.seen, row.attempts, row.done_at) == (1, 1, NOW)


async def test_a_job_without_end_is_given_to_another(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LONGEST", timedelta())
    await jobs.enqueue("try", now=NOW, dedup="one")
    job = Slow()
    working = asyncio.create_task(dispatch(context, {"try": Handler(job)}, during=SHORT))
    await until(job.has_begun)

    async def taken() -> bool:
        return bool(await lease(NOW, ["try"]))

    await until(taken)
    job.end.set()
    await working


async def test_what_ran_beside_is_soon_anothers_when_its_worker_dies(context: Context) -> None:
    await jobs.enqueue("try", now=NOW, dedup="one")
    job = Slow()
    await dispatch(context, {"try": Handler(job, beside=True)})
    await until(job.has_begun)
    (task,) = context.beside
    task.cancel()
    await asyncio.wait([task])
    (now,) = await get_connection("default").execute_query_dict("SELECT clock_timestamp() AS now")
    assert now["now"] < await leased_until() <= now["now"] + LEASE


async def test_a_lease_that_another_has_is_left_to_it(context: Context) -> None:
    """Such as of a worker that slept: its own lease is over, the row is done anew meanwhile."""
    for name in ("lost", "kept"):
        await jobs.enqueue("try", now=NOW, dedup=name)
    job = Slow()
    working = asyncio.create_task(dispatch(context, {"try": Handler(job)}, during=SHORT))

    async def both_have_begun() -> bool:
        return job.seen == 2

    await until(both_have_begun)
    over = NOW - timedelta(days=400)
    await jobs.Outbox.filter(dedup="lost").update(lease_until=over, attempts=2)
    first = await leased_until("kept")

    async def renewed() -> bool:
        return await leased_until("kept") > first + SHORT

    await until(renewed)
    assert await leased_until("lost") == over
    job.end.set()
    await working
