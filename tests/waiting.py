"""Waiting for the worker, without guessing how long."""

import asyncio
import time
from collections.abc import Awaitable, Callable

LONGEST = 20  # seconds
PAUSE = 0.05


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Ask again until it is so; fail when that takes too long."""
    end = time.monotonic() + LONGEST
    while not await is_so():
        assert time.monotonic() < end, f"{is_so.__name__}: not within {LONGEST} s"
        await asyncio.sleep(PAUSE)
