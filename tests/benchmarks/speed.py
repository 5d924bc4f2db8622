"""Time from opening a request to its ranked pairings, with the real worker."""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import psutil

from concord import jobs
from concord.database import transaction
from concord.doorbell import Doorbell
from concord.pairings.models import Ranking
from concord.requests.models import Request
from concord.requests.states import RequestState
from concord.settings import Settings
from tests.benchmarks import corpus

PATIENCE = 300  # seconds for the first ranking: the worker loads every offer before it
REPEATS = 5
CALM, IDLE = 3, 0.15  # so many seconds in a row, each with less CPU than that
PASSED_ON = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}


async def idle(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Until they have loaded what they need: three seconds with next to nothing to do."""
    calm, before = 0, 0.0
    started = time.perf_counter()
    while calm < CALM:
        if time.perf_counter() - started > PATIENCE:
            raise TimeoutError("the workers do not come to rest")
        await asyncio.sleep(1)
        now = sum(spent(each.pid) for each in processes)
        calm = calm + 1 if now - before < IDLE else 0
        before = now


@contextmanager
def worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "workers"], env=PASSED_ON | settings.as_environment()
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def kill(process: subprocess.Popen[bytes]) -> None:
    """At once, as a machine that fails; its matcher ends with it."""
    process.kill()
    process.wait(60)


def spent(pid: int) -> float:
    """CPU seconds of a process and all its children."""
    root = psutil.Process(pid)
    times = [each.cpu_times() for each in (root, *root.children(recursive=True))]
    return float(sum(each.user + each.system for each in times))


def resident(pid: int) -> float:
    """Megabytes of a process and all its children."""
    root = psutil.Process(pid)
    return float(sum(p.memory_info().rss for p in (root, *root.children(recursive=True)))) / 1e6


async def ranked(request: Request, doorbell: Doorbell, *, offers: int) -> float:
    """Seconds from the commit that opens a request to its stored pairings."""
    async with transaction():
        await Request.filter(id=request.id).update(state=RequestState.OPEN)
        await jobs.enqueue(jobs.RANK_REQUEST, now=datetime.now(UTC), request_id=request.id)
    started = time.perf_counter()
    await doorbell.ring()
    while time.perf_counter() - started < PATIENCE:
        if await _is_ranked(request.id, offers):
            return time.perf_counter() - started
        await asyncio.sleep(0.01)
    raise TimeoutError("the worker has not ranked the request")


async def _is_ranked(request_id: UUID, offers: int) -> bool:
    return await Ranking.filter(request_id=request_id, considered=offers).exists()


async def opening(settings: Settings, sizes: tuple[int, ...]) -> float:
    """Print a line a size; the megabytes of the worker with its pool at the largest."""
    of, there, megabytes = await corpus.providers(), 0, 0.0
    doorbell = Doorbell(settings.redis_address)
    for size in sizes:
        await corpus.add_offers(size - there, of, seed=size)
        there = size
        requests = await corpus.add_requests(REPEATS + 1, RequestState.NO_OBJECTION, seed=size)
        with worker(settings) as process:
            await ranked(requests[0], doorbell, offers=size)
            seconds = [await ranked(one, doorbell, offers=size) for one in requests[1:]]
            megabytes = resident(process.pid)
        print(
            f"  {size:>6} offers: {statistics.median(seconds):.2f} s"
            f" (slowest {max(seconds):.2f} s), worker with its pool {megabytes:.0f} MB"
        )
    await doorbell.close()
    return megabytes
