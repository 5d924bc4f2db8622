"""A whole site for a browser: its own database, a web process, a worker, and mails in a folder."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
from redis.asyncio import Redis
from tortoise.context import TortoiseContext

from concord import database
from concord.accounts.models import Membership, Session
from concord.accounts.sessions import cookie_digest
from concord.settings import Settings
from notifications.channels.folder import FolderMailbox, Letter
from tests.browser.clock import SiteClock
from tests.conftest import NOW, make_settings
from tests.servers import Servers

START = 60  # seconds that the pages get to answer, on a busy machine
STOP = 15  # seconds that a process gets to end


@dataclass(frozen=True, slots=True)
class Site:
    """Seed it inside `async with site.database():`; `clock` is the time that its pages see."""

    settings: Settings
    clock: SiteClock

    @property
    def url(self) -> str:
        return self.settings.public_url

    @asynccontextmanager
    async def database(self) -> AsyncIterator[datetime]:
        """The site's own tables for models and factories; yields the site's time."""
        async with TortoiseContext() as context:
            await context.init(
                config=database.config(
                    self.settings.database_url, role=database.APP_ROLE, pool_size=2, beyond=True
                )
            )
            yield self.clock()

    def letters_to(self, email: str) -> list[Letter]:
        """Mails that the worker has sent to an address, newest first."""
        letters = FolderMailbox(self.settings.data_folder / "mail").letters()
        return [letter for letter in letters if email in letter.to]

    async def session_of(self, membership: Membership) -> str:
        """The cookie's value of somebody who has signed in; call it inside `database()`."""
        token = secrets.token_urlsafe(32)
        await Session.create(
            digest=cookie_digest(token),
            person_id=membership.person_id,
            membership=membership,
            csrf_token=secrets.token_urlsafe(24),
            seen_at=self.clock(),
            expires_at=self.clock() + timedelta(hours=12),
        )
        return token


@asynccontextmanager
async def running_site(
    servers: Servers, database_url: str, folder: Path, *, queue: int
) -> AsyncIterator[Site]:
    """A site that answers; `queue` is the number of a Redis database that nobody else uses."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = str(listening.getsockname()[1])
    settings = make_settings(
        servers,
        database_url,
        folder,
        REDIS_URL=numbered(servers.redis_url, queue),
        CONCORD_PUBLIC_URL=f"http://127.0.0.1:{port}",
        CONCORD_PORT=port,
        CONCORD_LOG_LEVEL="warning",
    )
    await forget_queue(settings)
    clock = SiteClock(folder / "clock")
    clock.start_at(NOW)
    with (
        listening,
        process(settings, "web", str(clock.file), str(listening.fileno()), keep=listening) as web,
        process(settings, "worker", str(clock.file)),
    ):
        await answered(settings.public_url, web)
        yield Site(settings, clock)


async def answered(url: str, web: subprocess.Popen[bytes]) -> None:
    """Come back once the pages are there; the socket keeps who calls until then."""
    async with httpx2.AsyncClient(base_url=url, timeout=START) as client:
        answer = await client.get("/health")
    assert answer.status_code == 200, f"the web process answers {answer.status_code}"
    assert web.poll() is None


@contextmanager
def process(
    settings: Settings, *arguments: str, keep: socket.socket | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A child that ends with the block; what it complained of fails the test."""
    said = settings.data_folder / f"{arguments[0]}.log"
    with said.open("wb") as log:
        child = subprocess.Popen(  # noqa: S603 - this interpreter, our own module
            [sys.executable, "-m", "tests.browser.processes", *arguments],
            env=os.environ | settings.as_environment(),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=[keep.fileno()] if keep else [],
        )
    try:
        yield child
    finally:
        ended = end(child)
    complaints = said.read_text("utf-8")
    assert ended in {0, -15}, f"{arguments[0]} ended with {ended}:\n{complaints}"
    assert "Traceback" not in complaints, f"{arguments[0]} said:\n{complaints}"


def end(child: subprocess.Popen[bytes]) -> int:
    """Ask a process to end, and make it; its exit code."""
    with child:
        child.terminate()
        try:
            return child.wait(STOP)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()


def numbered(redis_url: str, number: int) -> str:
    """The same Redis, another of its databases."""
    address, _, query = redis_url.partition("?")
    if address.startswith("unix:"):
        return f"{address}?db={number}"
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/{number}" + (f"?{query}" if query else "")


async def forget_queue(settings: Settings) -> None:
    """What an earlier site left in the queue is nobody's."""
    redis = Redis.from_url(settings.redis_url)
    try:
        await redis.flushdb()
    finally:
        await redis.aclose()
