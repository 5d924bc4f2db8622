"""Turns: one at a time, the urgent first, and none lost."""

import asyncio
from contextlib import suppress

from workers.turns import Turns


async def take(turns: Turns, name: str, order: list[str], *, later: bool = False) -> None:
    async with turns.turn(later=later):
        order.append(name)


async def waiting(turns: Turns, count: int) -> None:
    async with asyncio.timeout(5):
        while True:
            if len(turns) == count:
                return
            await asyncio.sleep(0)


async def test_the_urgent_go_before_those_who_came_earlier() -> None:
    turns, order = Turns(), list[str]()
    async with turns.turn():
        names = (("a", True), ("b", False), ("c", True), ("d", False))
        jobs = [asyncio.create_task(take(turns, n, order, later=later)) for n, later in names]
        await waiting(turns, 4)
    await asyncio.gather(*jobs)
    assert order == ["b", "d", "a", "c"]


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    turns, order = Turns(), list[str]()
    async with turns.turn():
        jobs = [asyncio.create_task(take(turns, name, order)) for name in ("a", "b", "c")]
        await waiting(turns, 3)
        jobs[0].cancel()
    jobs[1].cancel()
    for job in jobs:
        with suppress(asyncio.CancelledError):
            await job
    assert order == ["c"]
    async with asyncio.timeout(1), turns.turn():
        assert len(turns) == 0
