"""What tests ask of servers and processes: who lives, who answers, who is to die."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from redis import asyncio as redis

from concord.services import ServiceUrls

ROOT = Path(__file__).parents[2]
PATIENCE = 10.0


@dataclass(frozen=True)
class Holder:
    """Another process that uses the servers."""

    process: subprocess.Popen[str]
    urls: ServiceUrls

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def leave(self) -> None:
        self.process.communicate()


@contextmanager
def held_by_another(folder: Path) -> Iterator[Holder]:
    with started(folder) as process:
        yield Holder(process, answered(process))


@contextmanager
def started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is about to use the servers; ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.services.holder", folder],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process


def answered(process: subprocess.Popen[str]) -> ServiceUrls:
    assert process.stdout is not None
    return ServiceUrls(*process.stdout.readline().split())


def processes_of(folder: Path) -> dict[int, str]:
    """The name of every living process that works in `folder`, by its number."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "cwd").readlink().is_relative_to(folder):
                found[int(entry.name)] = (entry / "comm").read_text().strip()
        except OSError:
            continue
    return found


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def postmaster(folder: Path) -> int:
    return int((folder / "embedded/postgres/postmaster.pid").read_text().split()[0])


def redis_server(folder: Path) -> int:
    names = processes_of(folder)
    return next(number for number, name in names.items() if name == "redis-server")


def kill(folder: Path, number: int) -> None:
    os.kill(number, signal.SIGKILL)
    until(lambda: number not in processes_of(folder))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)


async def rows(url: str, query: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def told(url: str, *command: str) -> object:
    client = redis.Redis.from_url(url, decode_responses=True)
    try:
        return await client.execute_command(*command)
    finally:
        await client.aclose()
