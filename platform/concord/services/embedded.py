"""The embedded PostgreSQL and Redis of a data folder, shared by all processes that use it."""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from concord.services.addresses import address_folder, forget_address
from concord.services.errors import ServicesError
from concord.services.locks import exclusively, locked_at_once, opened, release, share
from concord.services.postgres import Postgres
from concord.services.redis import Redis
from concord.services.server import Server

GATE = "gate.lock"
USERS = "users.lock"
WATCH_EVERY = 1.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ServiceUrls:
    """Addresses of the embedded servers; empty for one that was not asked for."""

    database_url: str
    redis_url: str


@contextmanager
def embedded_services(
    data_folder: Path, *, durable: bool = True, postgres: bool = True, redis: bool = True
) -> Iterator[ServiceUrls]:
    """Start or join the servers; the last to leave stops them. A killed one is started again.

    `durable=False`, for tests, gives up what a crash of the machine would need.
    """
    folder = made(data_folder)
    database, queue = Postgres(folder, durable=durable), Redis(folder, durable=durable)
    wanted: list[Server] = [*([queue] if redis else []), *([database] if postgres else [])]
    with exclusively(folder / GATE):
        users = opened(folder / USERS)
        share(users)
        addresses = address_folder(folder)
    try:
        ensure(wanted, folder, addresses)
        with watched(wanted, folder, addresses):
            yield ServiceUrls(
                database_url=database.url(addresses) if postgres else "",
                redis_url=queue.url(addresses) if redis else "",
            )
    finally:
        leave([queue, database], folder, users=users)


@asynccontextmanager
async def embedded_services_async(
    data_folder: Path, *, durable: bool = True, postgres: bool = True, redis: bool = True
) -> AsyncIterator[ServiceUrls]:
    """The same without holding up the event loop."""
    services = embedded_services(data_folder, durable=durable, postgres=postgres, redis=redis)
    urls = await asyncio.to_thread(services.__enter__)
    try:
        yield urls
    finally:
        await asyncio.to_thread(services.__exit__, None, None, None)


def made(data_folder: Path) -> Path:
    """The folder of the servers; what exists keeps its mode."""
    if sys.platform != "linux":
        raise ServicesError("The embedded servers need Linux. Give DATABASE_URL and REDIS_URL.")
    folder = data_folder / "embedded"
    try:
        data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ServicesError(
            f"{folder} cannot be made: {error.strerror}. Set CONCORD_DATA_FOLDER."
        ) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise ServicesError(f"{folder} belongs to another user. Set CONCORD_DATA_FOLDER.")
    return folder


def ensure(servers: list[Server], folder: Path, addresses: Path) -> None:
    with exclusively(folder / GATE):
        for server in servers:
            server.ensure(addresses)


def leave(servers: list[Server], folder: Path, *, users: int) -> None:
    """Give up the lock of a user; stop the servers if nobody else has one."""
    with exclusively(folder / GATE):
        release(users)
        try:
            if locked_at_once(users):
                addresses = address_folder(folder)
                for server in servers:
                    server.stop(addresses)
                forget_address(folder)
            for server in servers:
                server.forget()
        finally:
            os.close(users)


def stop_unused(data_folder: Path) -> None:
    """Stop the servers that killed processes left behind; those in use stay."""
    folder = made(data_folder)
    servers: list[Server] = [Redis(folder, durable=True), Postgres(folder, durable=True)]
    leave(servers, folder, users=opened(folder / USERS))


@contextmanager
def watched(servers: list[Server], folder: Path, addresses: Path) -> Iterator[None]:
    """Start again, at the same address, a server that was killed."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(WATCH_EVERY):
            with exclusively(folder / GATE):
                for server in servers:
                    restart(server, addresses)

    thread = threading.Thread(target=watch, name="embedded-services", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def restart(server: Server, addresses: Path) -> None:
    if not server.is_dead():
        return
    logger.warning("%s was killed; it is started again", server.name)
    try:
        server.ensure(addresses)
    except ServicesError:
        logger.exception("%s cannot be started again", server.name)
