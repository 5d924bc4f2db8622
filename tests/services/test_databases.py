"""A database is made where it is missing, once."""

import asyncio
from pathlib import Path

from concord.services import embedded_services, ensure_database
from tests.services.living import rows


async def test_a_missing_database_is_made_once_by_all_who_ask(tmp_path: Path) -> None:
    with embedded_services(tmp_path, durable=False, redis=False) as urls:
        url = urls.database_url.replace("/concord?", "/odd%22name?")
        await asyncio.gather(*(ensure_database(url) for _ in range(5)))
        await ensure_database(url)
        names = "SELECT datname::text FROM pg_database WHERE NOT datistemplate ORDER BY 1"
        assert await rows(url, names) == [("concord",), ('odd"name',), ("postgres",)]
