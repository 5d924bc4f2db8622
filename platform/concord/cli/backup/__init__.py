"""`concord backup`: the whole database in a new folder, with what is needed to trust it."""

import asyncio
import os
import shutil
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from concord.cli.backup.manifest import (
    DUMP,
    FORMAT,
    HEAD,
    Manifest,
    counted,
    digest_of,
    key_mark,
    write,
)
from concord.cli.running import application, read_settings, refuse, services, utc_now
from concord.database import credentials
from concord.services.archives import dump
from concord.settings import Settings

app = application("Back the database up.")


@app.command(name="backup")
def backup(
    folder: Annotated[
        Path, typer.Argument(help="A new folder; into one that exists, a dated one is put.")
    ],
) -> None:
    """Write a dump and a manifest that only you can read; nothing is ever overwritten.

    The key of the platform (CONCORD_SECRET_KEY, or secret.key in the data folder) is not in it:
    keep it elsewhere, second factors cannot be read without it.
    """
    settings, now = read_settings(), utc_now()
    target = folder / f"concord-{now:%Y%m%dT%H%M%SZ}" if folder.is_dir() else folder
    if target.exists():
        refuse(f"{target} is there already.")
    with services(settings) as ready:
        made = asyncio.run(archive(ready, target, now=now))
    print(f"{target}: {sum(made.rows.values())} rows, trail up to {made.audit_head}")


async def archive(settings: Settings, target: Path, *, now: datetime) -> Manifest:
    """A whole folder or none: it gets its name when everything in it is on the disk."""
    draft = target.with_name(f".{target.name}.partial-{os.getpid()}")
    draft.mkdir(mode=0o700, parents=True)
    try:
        made = await _archived(settings, draft, now=now)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return made


async def _archived(settings: Settings, draft: Path, *, now: datetime) -> Manifest:
    """The dump and what the manifest counts are of one moment."""
    url = settings.owner_database_url
    connection = await asyncpg.connect(**credentials(url))
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            moment = await connection.fetchval("SELECT pg_export_snapshot()")
            server = connection.get_server_version()
            await asyncio.to_thread(
                dump, url, snapshot=moment, major=str(server.major), target=draft / DUMP
            )
            manifest = Manifest(
                format=FORMAT,
                concord=version("concord"),
                made_at=now.isoformat(timespec="seconds"),
                postgresql=str(server.major),
                audit_head=await connection.fetchval(HEAD),
                key=key_mark(settings.secret_key),
                rows=await counted(connection),
                files={DUMP: digest_of(draft / DUMP)},
            )
    finally:
        await connection.close()
    write(draft, manifest)
    return manifest
