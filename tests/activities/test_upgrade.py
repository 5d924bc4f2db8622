"""Activities imported before an upgrade keep their State."""

import secrets

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as apply_migrations

from concord.database import config, credentials
from concord.schema import migrate
from tests.conftest import drop, with_database
from tests.servers import Servers

BEFORE = """
INSERT INTO state (code, iso2, number, m49, status, region, subregion, ldc, lldc, sids, names)
VALUES ('QMM', 'QM', 900, '000', 'illustrative', 'Africa', 'Eastern Africa', false, false,
  false, '{}');
INSERT INTO external_activity (id, version, created_at, identifier, source, title, description,
  language, provider, status, state_id, topics, url)
VALUES (gen_random_uuid(), 1, now(), 'X-1', 'Concord', 'A project', '', 'en', '', '', 'QMM',
  '{}', '')
"""


async def test_an_upgrade_keeps_the_state(servers: Servers) -> None:
    name = f"upgraded_{secrets.token_hex(4)}"
    url = with_database(servers.database_url, name)
    admin = await asyncpg.connect(**credentials(with_database(servers.database_url, "postgres")))
    await admin.execute(f'CREATE DATABASE "{name}"')
    await admin.close()
    async with TortoiseContext():
        await apply_migrations(config=config(url), target="concord.0002_guarantees")
    connection = await asyncpg.connect(**credentials(url))
    await connection.execute(BEFORE)
    await migrate(url)
    row = await connection.fetchrow("SELECT state_id, states, publisher FROM external_activity")
    await connection.close()
    await drop(servers, name)

    assert row is not None
    assert tuple(row) == ("QMM", ["QMM"], "")
