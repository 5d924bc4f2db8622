"""Everything is ranked anew in chunks, whatever happens to the workers."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection

from concord.inbox.models import Task
from concord.offers.models import Offer
from concord.pairings import reranking
from concord.pairings.models import Outlook, Pairing, Ranking
from concord.requests.models import Request
from tests.conftest import NOW, Clock
from tests.factories import offers as offer
from tests.factories import people
from tests.factories import requests as request
from tests.waiting import until
from tests.workers.conftest import FAR, asked, work
from workers.context import Context
from workers.match_jobs import look_for_changes, warm_up
from workers.rerank_jobs import rank_chunk


async def stored() -> list[dict[str, Any]]:
    """Everything about the pairings but when and in which row."""
    rows = await Pairing.all().order_by("request_id", "rank").values()
    gone = ("id", "computed_at", "created_at")
    return [{key: value for key, value in row.items() if key not in gone} for row in rows]


async def runs() -> list[dict[str, Any]]:
    rows = [
        *await Ranking.all().order_by("request_id").values(),
        *await Outlook.all().order_by("request_id").values(),
    ]
    return [{key: row[key] for key in row if key not in ("computed_at",)} for row in rows]


async def all_chunks(context: Context) -> int:
    count = 0
    while await rank_chunk(context):
        count += 1
    return count


async def opened(count: int) -> list[Request]:
    await people.coordinator("QMM")
    return [await request.open_request() for _ in range(count)]


async def test_chunks_store_what_single_rankings_store(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reranking, "CHUNK", 2)
    await offer.published()
    await offer.published(slots=[FAR])
    for one in await opened(5):
        await asked(one)
    await work(context)
    before = await stored(), await runs()
    clock.forward(minutes=1)
    await reranking.start("command", now=clock())
    await reranking.plan(now=clock())
    assert await all_chunks(context) == 3
    assert (await stored(), await runs()) == before
    assert {row.computed_at for row in await Ranking.all()} == {clock()}
    (seen,) = await reranking.latest_runs()
    assert (seen.requests, seen.ranked, seen.chunks, seen.done, seen.failed) == (5, 5, 3, 3, 0)
    assert seen.ended_at == clock()


async def test_a_request_without_a_ranking_gets_one_and_an_empty_list_closes_its_task(
    context: Context, clock: Clock
) -> None:
    ranked, new = await opened(2)
    made = await offer.published()
    await asked(ranked)
    await work(context)
    assert await Task.filter(subject_id=ranked.id, closed_at=None).count() == 1
    await Offer.filter(id=made.id).update(state="withdrawn")
    clock.forward(minutes=1)
    await reranking.start("equity", now=clock())
    await reranking.plan(now=clock())
    await all_chunks(context)
    assert await Ranking.filter(request_id__in=[ranked.id, new.id], considered=0).count() == 2
    assert await Task.filter(closed_at=None, kind="propose_match").count() == 0


async def test_a_chunk_of_a_worker_that_died_is_taken_again(context: Context) -> None:
    await opened(3)
    await offer.published()
    await look_for_changes(context)
    await reranking.start("command", now=NOW)
    await reranking.plan(now=NOW)
    taken = await reranking.take_chunk(lease=timedelta(0))
    assert taken is not None
    other = await reranking.take_chunk(lease=timedelta(minutes=1))
    assert other is not None
    assert (other.number, other.requests, other.attempts) == (0, taken.requests, 2)
    assert await reranking.take_chunk(lease=timedelta(0)) is None
    await reranking.finish(other, now=NOW)
    await reranking.finish(taken, now=NOW)  # whoever comes late changes nothing
    (seen,) = await reranking.latest_runs()
    assert (seen.done, seen.is_running) == (1, False)


async def leased_until() -> datetime:
    rows = await get_connection("default").execute_query_dict(
        "SELECT leased_until FROM rerank_chunk"
    )
    found: datetime = rows[0]["leased_until"]
    return found


async def test_a_chunk_that_takes_long_stays_with_its_worker(context: Context) -> None:
    await opened(1)
    await offer.published()
    await look_for_changes(context)
    await reranking.start("command", now=NOW)
    await reranking.plan(now=NOW)
    short = timedelta(seconds=0.6)
    async with context.pool.turns.turn():
        ranking = asyncio.create_task(rank_chunk(context, lease=short))

        async def waits() -> bool:
            return len(context.pool.turns) == 1

        await until(waits)
        first = await leased_until()

        async def renewed() -> bool:
            return await leased_until() > first + short

        await until(renewed)
    assert await ranking
    (seen,) = await reranking.latest_runs()
    assert (seen.ranked, seen.failed, seen.is_running) == (1, 0, False)


async def test_a_chunk_that_always_fails_does_not_hold_up_the_run(context: Context) -> None:
    await opened(1)
    await look_for_changes(context)
    await reranking.start("command", now=NOW)
    await reranking.plan(now=NOW)
    for _ in range(reranking.TRIES):
        assert await reranking.take_chunk(lease=timedelta(0))
    assert await rank_chunk(context)
    (seen,) = await reranking.latest_runs()
    assert (seen.failed, seen.done, seen.is_running) == (1, 1, False)


async def test_a_new_run_takes_the_place_of_one_under_way(context: Context, clock: Clock) -> None:
    await opened(1)
    await reranking.start("order", now=NOW)
    await reranking.plan(now=NOW)
    await reranking.start("equity", now=clock.forward(seconds=1))
    assert await reranking.take_chunk(lease=timedelta(0)) is None
    await reranking.plan(now=NOW)
    await reranking.plan(now=NOW)
    assert await reranking.take_chunk(lease=timedelta(minutes=1))
    assert await reranking.take_chunk(lease=timedelta(minutes=1)) is None
    second, first = await reranking.latest_runs(2)
    assert (first.superseded, first.reason, second.superseded, second.is_running) == (
        True,
        "order",
        False,
        True,
    )


async def test_without_requests_a_run_is_over_at_once(database: None) -> None:
    await reranking.start("command", now=NOW)
    await reranking.plan(now=NOW)
    (seen,) = await reranking.latest_runs()
    assert (seen.chunks, seen.is_running) == (0, False)


async def test_rankings_of_another_version_are_made_anew(context: Context) -> None:
    (one,) = await opened(1)
    await offer.published()
    await asked(one)
    await work(context)
    await warm_up(context)
    assert await reranking.latest_runs() == []
    await Ranking.all().update(model_version="linear-0+older")
    await warm_up(context)
    await work(context)
    assert (await Ranking.get(request_id=one.id)).model_version == await context.pool.version()
    assert [run.reason for run in await reranking.latest_runs(5)] == ["version"]
