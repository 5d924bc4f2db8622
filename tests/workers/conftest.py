"""A worker without its process: jobs run in the test, the matcher in a process of its own."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from uuid import UUID

import pytest
import pytest_asyncio

from concord import jobs
from concord.pairings.models import Pairing
from concord.reference.queries import forget
from concord.requests.models import Request
from concord.settings import Settings
from tests.conftest import NOW, Clock
from tests.workers.mail_server import Postbox
from workers.context import Context
from workers.main import HANDLERS
from workers.match_jobs import look_for_changes
from workers.match_pool import MatchPool
from workers.outbox import dispatch
from workers.rerank_jobs import rank_chunk

FAR = ("PRE.01", "training_course", 20, "training_places")


@pytest.fixture(scope="package")
def pool() -> Iterator[MatchPool]:
    """The matcher's process, in lexical mode; one for all these tests."""
    made = MatchPool("lexical")
    yield made
    made.close()


@pytest_asyncio.fixture
async def context(
    settings: Settings, clock: Clock, database: None, pool: MatchPool
) -> AsyncIterator[Context]:
    """A warm worker on an empty outbox."""
    forget()
    made = Context(settings=settings, clock=clock, pool=pool)
    await look_for_changes(made)
    yield made


@pytest_asyncio.fixture
async def postbox() -> AsyncIterator[Postbox]:
    """A real mail server on loopback."""
    made = Postbox()
    await made.start()
    yield made
    await made.stop()


async def work(context: Context) -> int:
    """Everything that is due, as the worker does it; the number of rows."""
    count = await dispatch(context, HANDLERS)
    while context.pool.warm and await rank_chunk(context):
        pass
    return count


async def asked(one: Request) -> None:
    await jobs.enqueue(jobs.RANK_REQUEST, now=NOW, request_id=one.id)


async def ranked(one: Request) -> list[UUID]:
    rows = await Pairing.filter(request_id=one.id).order_by("rank")
    return [row.offer_id for row in rows]


async def lose_process(pool: MatchPool) -> None:
    """The matcher's process is killed, and somebody has noticed."""
    os.kill(await pool.process_id(), signal.SIGKILL)
    async with asyncio.timeout(40):
        with suppress(BrokenProcessPool):
            while True:
                await pool.process_id()
                await asyncio.sleep(0.02)
