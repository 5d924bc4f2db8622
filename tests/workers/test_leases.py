"""Nobody takes more than asked for, whatever the database thinks of the size of its tables."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from tortoise.connection import get_connection

from concord import jobs
from concord.database import transaction
from concord.pairings import changes, reranking
from tests.conftest import NOW
from tests.factories import requests
from workers import outbox

MINUTE = timedelta(minutes=1)
WAITING = 4
TAKEN = """
SELECT (SELECT count(*) FROM rerank_chunk WHERE leased_until IS NOT NULL)
  + (SELECT count(*) FROM matcher_change WHERE leased_until IS NOT NULL)
  + (SELECT count(*) FROM outbox WHERE lease_until IS NOT NULL) AS found
"""


async def chunk() -> None:
    await reranking.take_chunk(lease=MINUTE)


async def change() -> None:
    await changes.take_waiting(lease=MINUTE, limit=1)


async def row() -> None:
    await outbox.lease(NOW, ["try"], limit=1)


async def waiting(count: int) -> None:
    """So many rows and changes more, and a run over all requests that are open then."""
    await changes.note_changes([str(uuid4()) for _ in range(count)])
    for number in range(count):
        await requests.open_request()
        await jobs.enqueue("try", now=NOW, n=number)
    await reranking.start("command", now=NOW)
    await reranking.plan(now=NOW)


@pytest.mark.parametrize("take", [chunk, change, row])
@pytest.mark.parametrize("counted", [0, 1, 2, WAITING])
async def test_one_is_taken_of_many(
    database: None,
    monkeypatch: pytest.MonkeyPatch,
    take: Callable[[], Awaitable[None]],
    counted: int,
) -> None:
    """With one row counted, PostgreSQL joins the other way round than with more."""
    monkeypatch.setattr(reranking, "CHUNK", 1)
    await waiting(counted)
    async with transaction() as connection:
        await connection.execute_query("SET LOCAL ROLE NONE")
        await connection.execute_query("ANALYZE rerank_chunk, rerank_run, matcher_change, outbox")
    await waiting(WAITING - counted)
    await take()
    (taken,) = await get_connection("default").execute_query_dict(TAKEN)
    assert taken["found"] == 1
