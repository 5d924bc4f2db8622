"""The demo's data folder: marked as such, so that no demo runs on anything real."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from concord.cli.running import read_settings, refuse
from concord.database import credentials
from concord.settings import Settings
from concord.settings.reading import Environment
from concord.settings.variables import read_data_folder

MARKER = "demo.json"
STORY = 1  # grows when the story is told anew
SEED = "seed"
"""The database that holds the story as it was told; the demo and the check use copies of it."""
PLAYED = "concord"


def demo_settings() -> Settings:
    """The settings of a demo; refuses servers of others and a folder that is no demo's."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        if os.environ.get(name):
            refuse(f"the demo runs on servers of its own: unset {name}.", status=2)
    folder = read_data_folder(Environment(os.environ))
    if not os.environ.get("CONCORD_DATA_FOLDER"):
        folder /= "demo"
    if (folder / "embedded").exists() and not (folder / MARKER).exists():
        refuse(f"{folder} holds an installation: give the demo a CONCORD_DATA_FOLDER of its own.")
    if not (folder / MARKER).exists():
        mark(folder, told=False)
    return read_settings(CONCORD_DEMO="yes", CONCORD_DATA_FOLDER=str(folder))


def mark(folder: Path, *, told: bool) -> None:
    """Say that the folder is a demo's, and whether its story is told to the end."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARKER).write_text(json.dumps({"demo": True, "story": STORY if told else None}))


def is_told(folder: Path) -> bool:
    found = json.loads((folder / MARKER).read_text())
    return bool(found.get("story") == STORY)


def on_database(settings: Settings, name: str) -> Settings:
    """The same settings with another database of the same server."""
    return replace(
        settings,
        database_url=_named(settings.database_url, name),
        owner_database_url=_named(settings.owner_database_url, name),
    )


@dataclass(frozen=True, slots=True)
class Databases:
    """The databases of the demo's server."""

    settings: Settings

    async def copy(self, source: str, name: str) -> None:
        """`name` anew, as a copy of `source`, which nobody may be using."""
        await self._execute(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{source}"',
        )

    async def drop(self, name: str) -> None:
        await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def exists(self, name: str) -> bool:
        connection = await self._connect()
        try:
            query = "SELECT 1 FROM pg_database WHERE datname = $1"
            return bool(await connection.fetchval(query, name))
        finally:
            await connection.close()

    async def _execute(self, *statements: str) -> None:
        connection = await self._connect()
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def _connect(self) -> asyncpg.Connection:
        url = _named(self.settings.owner_database_url, "postgres")
        return await asyncpg.connect(**credentials(url))


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
