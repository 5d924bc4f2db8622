"""The worker as a process of its own: heard within two seconds, stopped, and killed."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from concord import jobs
from concord.actor import Role
from concord.doorbell import Doorbell
from concord.inbox.models import Notice
from concord.pairings.models import Ranking
from concord.settings import Settings
from notifications.messages import dump
from notifications.messages.requests import RequestOpened
from tests.architecture.tree import ROOT
from tests.conftest import make_settings
from tests.factories import offers, people, requests
from tests.servers import Servers
from tests.workers.mail_server import Postbox

PASSED_ON = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
LONG = 40  # seconds: a busy machine
OPENED = RequestOpened(request="REQ-7K3Q-9D")


def own_redis(url: str, worker_id: str) -> str:
    """Another database of the same Redis: bells of other test processes are not heard here."""
    number = 1 + int(re.sub(r"\D", "", worker_id) or 0) % 15
    if "db=" in url:
        return re.sub(r"db=\d+", f"db={number}", url)
    return f"{re.sub(r'/[0-9]*$', '', url)}/{number}"


@pytest.fixture
def apart(servers: Servers, database_url: str, tmp_path: Path, worker_id: str) -> Settings:
    url = own_redis(servers.redis_url, worker_id)
    return make_settings(servers, database_url, tmp_path, REDIS_URL=url)


@asynccontextmanager
async def worker(
    settings: Settings, module: str = "workers"
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker in a process group of its own; nothing of it is left at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        cwd=ROOT,
        env={**PASSED_ON, **settings.as_environment()},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await until(lambda: no_process_in(process.pid))


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(LONG):
        while True:
            if await is_so():
                return
            await asyncio.sleep(0.02)


async def no_process_in(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


async def nothing_waits() -> bool:
    return not await jobs.Outbox.filter(done_at=None).exists()


async def test_a_bell_is_answered_within_two_seconds_and_sigterm_ends_it(
    database: None, apart: Settings
) -> None:
    bell = Doorbell(apart.redis_address)
    await offers.published()
    me = await people.member(Role.COORDINATOR, states=("QMM",))
    async with worker(apart) as process:
        await until(bell.is_answered)
        first = await requests.open_request()
        await jobs.enqueue(jobs.RANK_REQUEST, now=datetime.now(UTC), request_id=first.id)
        await until(nothing_waits)  # the matcher is warm from here on
        for _ in range(3):
            one = await requests.open_request()
            await jobs.enqueue(jobs.RANK_REQUEST, now=datetime.now(UTC), request_id=one.id)
            started = time.monotonic()
            assert await bell.ring()
            await until(nothing_waits)
            assert time.monotonic() - started < 2
            assert (await Ranking.get(request_id=one.id)).considered == 1
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), LONG) == 0
        assert not await bell.is_answered()
    await bell.close()
    assert await Notice.filter(person_id=me.person_id).count() == 4


async def test_a_killed_worker_loses_nothing(
    database: None, apart: Settings, postbox: Postbox, servers: Servers, tmp_path: Path
) -> None:
    """Killed while the mail server hesitates: the lease runs out and another one goes on."""
    settings = make_settings(
        servers,
        apart.database_url,
        tmp_path,
        REDIS_URL=apart.redis_url,
        CONCORD_SMTP_URL=postbox.url,
    )
    me = await people.member(Role.COORDINATOR)
    postbox.ready.clear()
    async with worker(settings, "tests.workers.short_lease") as process:
        await jobs.owe(
            OPENED.name, dump(OPENED), to=[me.person_id], dedup="event", now=datetime.now(UTC)
        )
        await asyncio.wait_for(postbox.asked.wait(), LONG)
        process.kill()
        await process.wait()
    row = await jobs.Outbox.get(name=jobs.MAIL)
    assert (row.done_at, row.attempts, postbox.letters) == (None, 1, [])
    postbox.ready.set()
    async with worker(settings, "tests.workers.short_lease"):
        await until(nothing_waits)
    row = await jobs.Outbox.get(name=jobs.MAIL)
    assert row.attempts == 2
    assert len({letter["Message-ID"] for letter in postbox.letters}) == 1
    assert await Notice.filter(person_id=me.person_id).count() == 1


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("unix:///run/redis.sock?db=0", "unix:///run/redis.sock?db=4"),
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/4"),
        ("redis://127.0.0.1:6379", "redis://127.0.0.1:6379/4"),
    ],
)
def test_every_test_process_has_a_bell_of_its_own(url: str, own: str) -> None:
    assert own_redis(url, "gw3") == own
