"""Turns: one at a time, the urgent first, and none lost."""

import asyncio
from contextlib import suppress

from workers.turns import Turns


async def take(turns: Turns, name: str, order: list[str], *, later: bool = False) -> None:
    async with turns.turn(later=later):
        order.append(name)
        await asyncio.sleep(0)


async def started(*jobs: asyncio.Task[None]) -> None:
    """Every job has come as far as it can."""
    for _ in jobs:
        await asyncio.sleep(0)


async def test_the_urgent_go_before_those_who_came_earlier() -> None:
    turns, order = Turns(), list[str]()
    async with turns.turn():
        names = (("a", True), ("b", False), ("c", True), ("d", False))
        jobs = [asyncio.create_task(take(turns, n, order, later=later)) for n, later in names]
        await started(*jobs)
    await asyncio.gather(*jobs)
    assert order == ["b", "d", "a", "c"]


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    turns, order = Turns(), list[str]()
    async with turns.turn():
        first, second, third = (
            asyncio.create_task(take(turns, name, order)) for name in ("a", "b", "c")
        )
        await started(first, second, third)
        first.cancel()
        await asyncio.sleep(0)
    second.cancel()  # its turn was given to it, and it has not begun
    with suppress(asyncio.CancelledError):
        await second
    await third
    assert order == ["c"]
    async with asyncio.timeout(1), turns.turn():
        pass
