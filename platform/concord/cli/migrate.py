"""`concord migrate`: schema and code lists up to date, as the owner of the database."""

import asyncio
from typing import Annotated

import typer
from tortoise.context import TortoiseContext

from concord.cli.running import application, read_settings, services
from concord.database import connected
from concord.reference.loading import load_reference
from concord.schema import migrate
from concord.settings import Settings

app = application("Bring the database and the code lists up to date.")


@app.command(name="migrate")
def migrate_database(
    illustrative: Annotated[
        bool, typer.Option("--illustrative", help="Load the illustrative States QM to QZ too.")
    ] = False,
) -> None:
    """Apply migrations and load the code lists; safe to repeat and to run twice at once."""
    settings = read_settings()
    with services(settings) as ready:
        written = asyncio.run(bring_up_to_date(ready, illustrative=illustrative or settings.demo))
    print(f"The database is up to date; {written} entries of the code lists were written.")


async def bring_up_to_date(settings: Settings, *, illustrative: bool) -> int:
    """Migrate, then load the code lists; the number of entries written."""
    await migrate(settings.owner_database_url)
    async with TortoiseContext(), connected(settings.owner_database_url, pool_size=2):
        return await load_reference(illustrative=illustrative)
