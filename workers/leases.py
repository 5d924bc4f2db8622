"""Keeps what a worker has taken its own for as long as it works on it, and lives."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

LONGEST = timedelta(minutes=15)
_log = structlog.get_logger("concord.leases")


@asynccontextmanager
async def renewed(renew: Callable[[], Awaitable[object]], lease: timedelta) -> AsyncIterator[None]:
    """While the block runs, `renew` is called thrice a lease; for `LONGEST`, should it never end.

    `renew` lengthens only what is still this worker's: it may come late.
    """
    renewing = asyncio.create_task(_renew(renew, lease.total_seconds() / 3))
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.wait([renewing])


async def _renew(renew: Callable[[], Awaitable[object]], every: float) -> None:
    until = time.monotonic() + LONGEST.total_seconds()
    while time.monotonic() < until:
        await asyncio.sleep(every)
        try:
            await renew()
        except Exception:  # the worker's edge: the database may be away
            _log.exception("lease not renewed")
