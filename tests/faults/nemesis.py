"""Kills, restarts and holds, one after the other, and how long each took to heal."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import asyncpg
import httpx2

from concord.database import credentials
from tests.faults.site import Site

BETWEEN = (2.0, 6.0)
"""Seconds of peace between two faults."""
LEASED = """
SELECT id FROM outbox WHERE done_at IS NULL AND dead_at IS NULL AND lease_until > clock_timestamp()
"""
STILL = "SELECT count(*) FROM outbox WHERE id = ANY($1) AND done_at IS NULL AND dead_at IS NULL"
HEALED_WITHIN = 60.0


@dataclass(slots=True)
class Faults:
    """How many of each, and the seconds that healing took."""

    kills: int = 0
    restarts: int = 0
    redis_losses: int = 0
    holds: int = 0
    web_after_database: list[float] = field(default_factory=list)
    jobs_again: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Nemesis:
    site: Site
    chance: Random
    done: Faults = field(default_factory=Faults)
    watching: list[asyncio.Task[None]] = field(default_factory=list)

    async def rage(self, stop: asyncio.Event) -> None:
        """Every kind of fault in turn, each on a process or server of chance."""
        acts: list[Callable[[], Awaitable[None]]] = [
            self.kill_web,
            self.kill_workers,
            self.restart_database,
            self.kill_web,
            self.lose_redis,
            self.hold,
        ]
        number = 0
        while not stop.is_set():
            await asyncio.sleep(self.chance.uniform(*BETWEEN))
            await acts[number % len(acts)]()
            number += 1
        await asyncio.gather(*self.watching)

    async def keep_up(self) -> None:
        """Start again what has ended by itself, as a supervisor does: the database was away."""
        while True:
            await asyncio.sleep(1)
            for child in self.site.children.values():
                if child.ended and not child.killed:
                    child.start()

    async def kill_web(self) -> None:
        child = self.site.children[self.chance.choice(["web1", "web2"])]
        child.kill()
        self.done.kills += 1
        await asyncio.sleep(0.5)
        child.start()

    async def kill_workers(self) -> None:
        """Both, with something in hand if there is anything to do just now."""
        with suppress(OSError, asyncpg.PostgresError):
            in_hand = await self.leased()
            for name in ("worker1", "worker2"):
                self.site.children[name].kill()
                self.done.kills += 1
            in_hand = await self.leased() or in_hand
            self.watching.append(asyncio.create_task(self.watch(in_hand, time.monotonic())))
        for name in ("worker1", "worker2"):
            self.site.children[name].start()

    async def watch(self, in_hand: list[int], since: float) -> None:
        """How long it takes until nothing of it is left to do."""
        while time.monotonic() - since < HEALED_WITHIN:
            with suppress(OSError, asyncpg.PostgresError):
                if not await self.unfinished(in_hand):
                    break
            await asyncio.sleep(0.5)
        if in_hand:
            self.done.jobs_again.append(time.monotonic() - since)

    async def restart_database(self) -> None:
        self.site.restart_database()
        self.done.restarts += 1
        await asyncio.sleep(0.2)
        started = await until(self.database_answers)
        self.done.web_after_database.append(await until(self.web_answers) - started)

    async def lose_redis(self) -> None:
        """With its data and without, in turn."""
        wipe = self.done.redis_losses % 2 == 0
        await asyncio.to_thread(lambda: self.site.kill_redis(wipe=wipe))
        self.done.redis_losses += 1

    async def hold(self) -> None:
        child = self.site.children[self.chance.choice(sorted(self.site.children))]
        self.done.holds += 1
        await asyncio.to_thread(child.hold, 10.0)

    async def leased(self) -> list[int]:
        """What workers have in hand; looked for until there is something, for three seconds."""
        connection = await asyncpg.connect(**credentials(self.site.urls.database_url))
        last = time.monotonic() + 3
        try:
            found = await connection.fetch(LEASED)
            while not found and time.monotonic() < last:
                found = await connection.fetch(LEASED)
            return [row["id"] for row in found]
        finally:
            await connection.close()

    async def unfinished(self, rows: list[int]) -> int:
        connection = await asyncpg.connect(**credentials(self.site.urls.database_url))
        try:
            return int(await connection.fetchval(STILL, rows))
        finally:
            await connection.close()

    async def database_answers(self) -> bool:
        try:
            connection = await asyncpg.connect(**credentials(self.site.urls.database_url))
        except (OSError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True

    async def web_answers(self) -> bool:
        """Both processes answer a page that reads the database."""
        async with httpx2.AsyncClient(timeout=5) as browser:
            try:
                answers = [await browser.get(f"{one}/offers") for one in self.site.addresses]
            except httpx2.HTTPError:
                return False
        return all(answer.status_code == 200 for answer in answers)


async def until(holds: Callable[[], Awaitable[bool]], *, within: float = HEALED_WITHIN) -> float:
    """The moment from which it holds, by the monotonic clock; `TimeoutError` after `within`."""
    last = time.monotonic() + within
    while not await holds():
        if time.monotonic() > last:
            raise TimeoutError
        await asyncio.sleep(0.05)
    return time.monotonic()
