"""Leasing, finishing, putting back and giving up of outbox rows."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection

from concord import jobs
from concord.settings import Settings
from notifications.errors import Permanent
from tests.conftest import NOW, Clock
from workers.context import Context
from workers.match_pool import MatchPool
from workers.outbox import BACKOFF, Handler, dispatch, lease


class Job:
    """Remembers what it was given; fails with `error` while there is one."""

    def __init__(self, error: Exception | None = None) -> None:
        self.seen: list[str] = []
        self.error = error

    async def __call__(self, payload: Mapping[str, Any], context: Context) -> None:
        self.seen.append(payload["n"])
        if self.error:
            raise self.error


@pytest.fixture
def context(settings: Settings, clock: Clock, database: None) -> Context:
    return Context(settings=settings, clock=clock, pool=MatchPool("lexical"))


async def ask(count: int, *, at: timedelta = timedelta()) -> None:
    for number in range(count):
        await jobs.enqueue("try", now=NOW, at=NOW + at, n=number)


async def test_dispatch_carries_out_everything_due_once(context: Context) -> None:
    await ask(40)
    job = Job()
    assert await dispatch(context, {"try": Handler(job)}) == 40
    assert sorted(map(int, job.seen)) == list(range(40))
    assert await dispatch(context, {"try": Handler(job)}) == 0


async def test_dispatch_leaves_what_is_not_yet_due(context: Context, clock: Clock) -> None:
    await ask(1, at=timedelta(seconds=60))
    job = Job()
    assert await dispatch(context, {"try": Handler(job)}) == 0
    clock.forward(seconds=60)
    assert await dispatch(context, {"try": Handler(job)}) == 1


async def test_two_dispatchers_share_the_rows(context: Context) -> None:
    await ask(64)
    job = Job()
    counts = await asyncio.gather(*(dispatch(context, {"try": Handler(job)}) for _ in range(4)))
    assert sum(counts) == 64
    assert len(job.seen) == len(set(job.seen)) == 64


async def test_a_failing_row_waits_longer_each_time(context: Context, clock: Clock) -> None:
    await ask(1)
    job = Job(OSError("away"))
    await dispatch(context, {"try": Handler(job)})
    row = await jobs.Outbox.get()
    assert (row.attempts, row.done_at, row.lease_until, row.error) == (1, None, None, "OSError")
    assert timedelta(seconds=4) <= row.next_at - NOW <= timedelta(seconds=6)
    clock.forward(seconds=10)
    await dispatch(context, {"try": Handler(job)})
    row = await jobs.Outbox.get()
    assert timedelta(seconds=48) <= row.next_at - clock() <= timedelta(seconds=72)


async def test_a_row_that_never_succeeds_dies(context: Context, clock: Clock) -> None:
    await ask(1)
    job = Job(OSError("away"))
    for _ in range(len(BACKOFF) + 1):
        await dispatch(context, {"try": Handler(job)})
        clock.forward(hours=13)
    row = await jobs.Outbox.get()
    assert (row.attempts, row.dead_at is not None) == (len(BACKOFF) + 1, True)
    assert await dispatch(context, {"try": Handler(job)}) == 0


async def test_a_permanent_failure_dies_at_once(context: Context) -> None:
    await ask(1)
    await dispatch(context, {"try": Handler(Job(Permanent("no such address")))})
    row = await jobs.Outbox.get()
    assert (row.attempts, row.dead_at) == (1, NOW)


async def test_a_row_within_the_transaction_leaves_nothing_when_it_fails(context: Context) -> None:
    async def write_and_fail(payload: Mapping[str, Any], context: Context) -> None:
        await jobs.enqueue("other", now=NOW, n=1)
        raise OSError("away")

    await ask(1)
    await dispatch(context, {"try": Handler(write_and_fail, within=True)})
    assert await jobs.Outbox.filter(name="other").count() == 0
    assert (await jobs.Outbox.get(name="try")).done_at is None


async def test_a_lease_that_ran_out_is_taken_again(context: Context) -> None:
    await ask(1)
    assert len(await lease(NOW, ["try"])) == 1
    assert await lease(NOW, ["try"]) == []
    await jobs.Outbox.all().update(lease_until=NOW - timedelta(days=400))
    assert [row.attempts for row in await lease(NOW, ["try"])] == [2]


async def test_a_ranking_is_held_for_seconds_only(context: Context) -> None:
    """Whoever waits for it waits no longer for a worker that died."""
    left: list[float] = []

    async def look(payload: Mapping[str, Any], context: Context) -> None:
        rows = await get_connection("default").execute_query_dict(
            "SELECT extract(epoch FROM lease_until - clock_timestamp())::float8 AS left"
            " FROM outbox"
        )
        left.append(rows[0]["left"])

    for during in (context.ranking_lease, None):
        await jobs.Outbox.all().delete()
        await ask(1)
        await dispatch(context, {"try": Handler(look)}, during=during)
    assert 0 < left[0] < context.ranking_lease.total_seconds() < 10
    assert left[1] > 20
    assert replace(context, lease=timedelta(seconds=1)).ranking_lease == timedelta(seconds=1)


async def test_rankings_wait_until_the_matcher_is_warm(context: Context) -> None:
    await ask(1)
    job = Job()
    assert await dispatch(context, {"try": Handler(job, ranks=True)}) == 0
    assert job.seen == []


async def test_the_same_dedup_is_asked_for_once(context: Context) -> None:
    for _ in range(2):
        await jobs.enqueue("try", now=NOW, dedup="try:1", n=1)
    assert await jobs.Outbox.all().count() == 1


async def test_what_is_taken_back_is_never_done(context: Context) -> None:
    await jobs.enqueue("try", now=NOW, dedup="match_1:proposed", n=1)
    await jobs.enqueue("try", now=NOW, dedup="matchx1:proposed", n=2)
    assert await jobs.forget("match_1:") == 1
    job = Job()
    await dispatch(context, {"try": Handler(job)})
    assert job.seen == ["2"]
