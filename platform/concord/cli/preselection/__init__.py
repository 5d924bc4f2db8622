"""`concord preselection`: with very many offers, the nearest are looked at and not all."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Annotated, Any

import asyncpg
import typer
from tortoise.context import TortoiseContext

from concord.cli.preselection.building import REFERENCE, Indexing, build
from concord.cli.preselection.encoding import reader
from concord.cli.running import application, read_settings, require_migrations, services
from concord.database import connected, credentials
from concord.errors import Conflict, DomainError
from concord.pairings.preselecting import tables
from concord.pairings.preselecting.standing import standing
from concord.settings import Settings

app = application("Look at the nearest offers alone, where there are very many.")
ALONE = "SELECT pg_try_advisory_lock(4722)"
LEXICAL = "Without embeddings there is nothing to be near by: CONCORD_EMBEDDINGS says lexical."
BUSY = "Another build is under way."


@app.callback()
def preselection() -> None:
    """Build, look at or drop what the matcher preselects offers by."""


@app.command(name="build")
def build_preselection(
    anew: Annotated[
        bool, typer.Option("--anew", help="A new edition even where the one in force holds.")
    ] = False,
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="How many processes encode missing vectors.")
    ] = 1,
    memory: Annotated[
        str,
        typer.Option(help="The database's memory for the index, such as 2GB; enough if empty."),
    ] = "",
    parallel: Annotated[
        int, typer.Option(min=0, max=64, help="Processes of the database for the index.")
    ] = 2,
    reference: Annotated[
        int, typer.Option(min=100, help="About how many offers the statistics are taken from.")
    ] = REFERENCE,
) -> None:
    """Build it, or bring it up to date; what was broken off is taken up. Workers may run."""
    indexing, began = Indexing(memory, parallel), time.monotonic()

    async def command(settings: Settings) -> None:
        if settings.embeddings != "use":
            raise DomainError(LEXICAL)
        with reader(processes) as reading:
            await build(reading, anew=anew, indexing=indexing, say=say, reference=reference)
        found = await standing()
        say(f"{time.monotonic() - began:.0f} s in all, {found.megabytes} MB." if found else "")

    as_owner(command)


@app.command()
def status() -> None:
    """Say what is there and whether workers use it."""

    async def command(settings: Settings) -> None:
        found = await standing()
        if found is None:
            say("No preselection was built: the matcher looks at every offer.")
            return
        for line in found.words(settings.preselect_from):
            say(line)

    as_owner(command)


@app.command()
def drop() -> None:
    """Remove it: workers look at every offer again."""

    async def command(settings: Settings) -> None:
        await tables.remove()
        say("The preselection is gone; workers look at every offer again.")

    as_owner(command)


def say(words: str) -> None:
    print(words, flush=True)


def as_owner(command: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Run it with the owner's login, one at a time."""

    async def within(settings: Settings) -> None:
        await require_migrations(settings)
        async with alone(settings):
            await command(settings)

    with services(read_settings()) as ready:
        asyncio.run(within(ready))


@asynccontextmanager
async def alone(settings: Settings) -> AsyncIterator[None]:
    url = settings.owner_database_url
    lock = await asyncpg.connect(**credentials(url))
    try:
        if not await lock.fetchval(ALONE):
            raise Conflict(BUSY)
        async with TortoiseContext(), connected(url, pool_size=2, beyond=True):
            yield
    finally:
        await lock.close()
