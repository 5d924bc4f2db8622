"""The database's schema: brought up to date, and asked how far it is."""

from importlib.resources import files

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as apply_migrations

from concord.database import config, credentials


async def migrate(url: str) -> None:
    """Create the database if it is missing and apply every migration, one process at a time.

    The advisory lock is taken in the database `postgres`, since locks are per database.
    """
    target = credentials(url)
    lock = await asyncpg.connect(**target | {"database": "postgres"})
    try:
        await lock.execute("SELECT pg_advisory_lock(4711)")
        name = target["database"]
        if not await lock.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await lock.execute(f'CREATE DATABASE "{name}"')
        async with TortoiseContext():
            await apply_migrations(config=config(url))
    finally:
        await lock.close()


async def pending_migrations(url: str) -> list[str]:
    """Names of migrations on disk that the database has not seen."""
    on_disk = {
        entry.name.removesuffix(".py")
        for entry in files("concord.migrations").iterdir()
        if entry.name[:4].isdigit()
    }
    connection = await asyncpg.connect(**credentials(url))
    try:
        rows = await connection.fetch("SELECT name FROM tortoise_migrations WHERE app = 'concord'")
    except asyncpg.UndefinedTableError:
        return sorted(on_disk)
    finally:
        await connection.close()
    return sorted(on_disk - {row["name"] for row in rows})
