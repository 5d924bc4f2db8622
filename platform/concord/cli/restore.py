"""`concord restore`: a backup into an empty database, trusted only when all of it agrees."""

import asyncio
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import typer
from tortoise.context import TortoiseContext

from concord.audit.chain import Verdict, verify
from concord.cli.backup import manifest as manifests
from concord.cli.backup.manifest import DUMP, HEAD, Manifest, counted, key_mark
from concord.cli.running import application, read_settings, services
from concord.database import connected, credentials
from concord.errors import Conflict, DomainError
from concord.services.archives import load
from concord.services.databases import ensure_database
from concord.settings import Settings

EMPTY = "SELECT count(*) = 0 FROM pg_class WHERE relnamespace = 'public'::regnamespace"
ROLES = """
DO $$ DECLARE wanted text; BEGIN
    FOREACH wanted IN ARRAY ARRAY['concord_app', 'concord_worker'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT NOBYPASSRLS', wanted);
        END IF;
        IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
END $$;
"""
DEFAULTS = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO concord_app, concord_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO concord_app, concord_worker;
"""
NOT_EMPTY = "The database %(name)s is not empty. Name a new one with --into."
NOT_WHOLE = "The restored trail is not whole: do not use this database."
OTHER_HEAD = "The restored trail ends elsewhere than the backup's: do not use this database."
OTHER_ROWS = "Rows are missing or too many in %(names)s: do not use this database."
OTHER_KEY = "This platform has another key than the one backed up: second factors cannot be read."
app = application("Restore a backup.")


@app.command(name="restore")
def restore(
    folder: Annotated[Path, typer.Argument(help="What `concord backup` made.")],
    into: Annotated[
        str,
        typer.Option(help="A new database of the same server, not the configured one."),
    ] = "",
) -> None:
    """Restore into an empty database, and compare digests, audit trail and numbers of rows."""
    settings = read_settings()
    with services(settings) as ready:
        found = asyncio.run(bring_back(ready, folder, into=into))
    print(f"Restored: {sum(found.rows.values())} rows, trail whole up to {found.audit_head}")
    if found.key != key_mark(settings.secret_key):
        print(OTHER_KEY)


async def bring_back(settings: Settings, folder: Path, *, into: str = "") -> Manifest:
    """Read, load, verify; `DomainError` at whatever does not agree."""
    manifest = manifests.read(folder)
    url = _named(settings.owner_database_url, into) if into else settings.owner_database_url
    await _prepare(url)
    await asyncio.to_thread(load, url, major=await _major(url), source=folder / DUMP)
    await _execute(url, DEFAULTS)
    await compare(url, manifest)
    return manifest


async def compare(url: str, manifest: Manifest) -> None:
    """What is in the database now, against what the backup said of itself."""
    connection = await asyncpg.connect(**credentials(url))
    try:
        rows, head = await counted(connection), await connection.fetchval(HEAD)
    finally:
        await connection.close()
    if different := sorted(dict(rows.items() ^ manifest.rows.items())):
        raise DomainError(OTHER_ROWS, names=", ".join(different))
    if head != manifest.audit_head:
        raise DomainError(OTHER_HEAD)
    if (await _verdict(url)).broken:
        raise DomainError(NOT_WHOLE)


async def _verdict(url: str) -> Verdict:
    async with TortoiseContext(), connected(url, pool_size=2, beyond=True):
        return await verify()


async def _prepare(url: str) -> None:
    """The database, made if it is missing and refused if it holds anything; and the roles."""
    await ensure_database(url)
    connection = await asyncpg.connect(**credentials(url))
    try:
        if not await connection.fetchval(EMPTY):
            raise Conflict(NOT_EMPTY, name=str(credentials(url)["database"]))
        await connection.execute(ROLES)
    finally:
        await connection.close()


async def _major(url: str) -> str:
    connection = await asyncpg.connect(**credentials(url))
    try:
        return str(connection.get_server_version().major)
    finally:
        await connection.close()


async def _execute(url: str, statements: str) -> None:
    connection = await asyncpg.connect(**credentials(url))
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


def _named(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
