"""What commands share: settings, services, an orderly end, and mistakes told in one line."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Any, NoReturn, TypeVar

import asyncpg
import typer
from rich.console import Console
from tortoise.context import TortoiseContext

from concord import deadlines
from concord.database import APP_ROLE, connected
from concord.doorbell import Doorbell
from concord.errors import DomainError, InvalidInput
from concord.schema import pending_migrations
from concord.services import ServicesError, running_services
from concord.settings import Settings, SettingsError
from concord.web import logs

T = TypeVar("T")
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)
"""How a database that is not there, or not ours, makes itself known."""
STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def application(help_text: str) -> typer.Typer:
    """A typer application in the house's manner."""
    return typer.Typer(help=help_text, no_args_is_help=False, pretty_exceptions_enable=False)


def console() -> Console:
    """For tables: as wide as they need where nobody watches."""
    found = Console()
    return found if found.is_terminal else Console(width=160, highlight=False)


def read_settings(**changes: str) -> Settings:
    """The settings of the environment, in force for this process."""
    with told():
        settings = Settings.from_environment({**os.environ, **changes})
    logs.configure(level=settings.log_level, output=settings.log_format)
    deadlines.configure(settings.clocks)
    return settings


def refuse(message: str, *, status: int = 1) -> NoReturn:
    print(f"concord: {message}", file=sys.stderr)
    raise typer.Exit(status)


@contextmanager
def told() -> Iterator[None]:
    """Turn what the caller can put right into one line and exit 1."""
    try:
        yield
    except InvalidInput as error:
        refuse("; ".join(f"{name}: {why}" for name, why in error.fields.items()))
    except (SettingsError, ServicesError, DomainError) as error:
        refuse(str(error))
    except AWAY as error:
        refuse(f"the database does not answer: {error}")


@contextmanager
def orderly_end() -> Iterator[None]:
    """Let a stop, or a closed terminal, unwind what is open; a second one disturbs nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what signals do
        return

    def end(number: int, frame: FrameType | None) -> None:
        for stop in STOPS:
            signal.signal(stop, signal.SIG_IGN)
        raise SystemExit(0)

    before = {stop: signal.signal(stop, end) for stop in STOPS}
    try:
        yield
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)


@contextmanager
def services(settings: Settings) -> Iterator[Settings]:
    """The settings with their servers running, until the command ends."""
    with told(), orderly_end(), running_services(settings) as ready:
        yield ready


def run(
    settings: Settings,
    command: Callable[[Settings], Coroutine[Any, Any, T]],
    *,
    role: str = APP_ROLE,
) -> T:
    """Run one asynchronous command with services and a database; ring the bell at its end."""

    async def within(ready: Settings) -> T:
        async with opened(ready, role=role):
            found = await command(ready)
        await ring(ready)
        return found

    with services(settings) as ready:
        return asyncio.run(within(ready))


@asynccontextmanager
async def opened(settings: Settings, *, role: str | None = APP_ROLE) -> AsyncIterator[None]:
    """The database pool of this process; refuses a database that was not migrated."""
    await require_migrations(settings)
    async with (
        TortoiseContext(),
        connected(settings.database_url, role=role, pool_size=4, beyond=True),
    ):
        yield


async def require_migrations(settings: Settings) -> None:
    """Raise `DomainError` while migrations are missing."""
    if missing := await pending_migrations(settings.owner_database_url):
        raise DomainError(
            "The database is not up to date (%(names)s): run `concord migrate` first.",
            names=", ".join(missing),
        )


async def ring(settings: Settings) -> None:
    """Tell the worker that there may be something to do."""
    bell = Doorbell(settings.redis_address)
    await bell.ring()
    await bell.close()
