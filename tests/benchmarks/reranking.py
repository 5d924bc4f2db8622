"""A full run: as many open requests as offers, ranked anew by two workers."""

import asyncio
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from concord.database import transaction
from concord.doorbell import Doorbell
from concord.pairings import reranking
from concord.pairings.models import Pairing
from concord.settings import Settings
from tests.benchmarks import corpus, speed

WORKERS = 2
PATIENCE = 3600


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds and megabytes; `warm`: until both workers have loaded everything."""

    size: int
    warm: float
    wall: float
    cpu: float
    megabytes: float
    pairings: int


async def measure(settings: Settings, *, size: int) -> Figures:
    """`cpu` and `megabytes` are those of both workers with their matchers."""
    await corpus.fill(size, size)
    bell = Doorbell(settings.redis_address)
    with ExitStack() as stack:
        started = time.perf_counter()
        workers = [stack.enter_context(speed.worker(settings)) for _ in range(WORKERS)]
        await speed.idle(workers)
        warm = time.perf_counter() - started
        before = sum(speed.spent(each.pid) for each in workers)
        started, most = time.perf_counter(), 0.0
        async with transaction():
            await reranking.start("command", now=datetime.now(UTC))
        await bell.ring()
        while (await reranking.latest_runs())[0].is_running:
            most = max(most, sum(speed.resident(each.pid) for each in workers))
            if time.perf_counter() - started > PATIENCE:
                raise TimeoutError("the run does not end")
            await asyncio.sleep(0.2)
        wall = time.perf_counter() - started
        spent = sum(speed.spent(each.pid) for each in workers) - before
    await bell.close()
    return Figures(size, warm, wall, spent, most, await Pairing.all().count())
