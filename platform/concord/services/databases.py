"""The database a URL names, made where it is missing."""

from urllib.parse import unquote, urlsplit

import asyncpg

LOCK = 4711  # the one that migrations take too, in the database postgres


async def ensure_database(url: str) -> None:
    """Safe for several processes at once; needs the right to create only where it is missing."""
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.InvalidCatalogNameError:
        connection = await asyncpg.connect(url, database="postgres")
    else:
        await connection.close()
        return
    name = unquote(urlsplit(url).path.lstrip("/"))
    try:
        await connection.execute(f"SELECT pg_advisory_lock({LOCK})")
        query = "SELECT count(*) FROM pg_database WHERE datname = $1"
        if await connection.fetchval(query, name) == 0:
            quoted = name.replace('"', '""')
            await connection.execute(f'CREATE DATABASE "{quoted}"')
    finally:
        await connection.close()
