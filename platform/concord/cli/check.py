"""`concord check`: whether everything Concord needs is there; a health check too."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import typer
from arq import create_pool
from arq.connections import RedisSettings
from redis.exceptions import RedisError
from rich.table import Table
from tortoise.exceptions import BaseORMException

from concord.cli.running import application, console, read_settings, services
from concord.database import WORKER_ROLE, credentials
from concord.doorbell import HEALTH_KEY, redis_settings
from concord.schema import pending_migrations
from concord.settings import Settings

PATIENCE = 4.0  # seconds for one answer
MANY = "SELECT count(*) FROM (SELECT FROM offer WHERE state = 'published' LIMIT $1) AS few"
BUILT = """
SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'preselection' AND c.relname = 'offer')
"""
Probe = Callable[[Settings], Awaitable[str]]
app = application("Say whether everything needed is there; exit 1 if something is missing.")


class Missing(Exception):
    """What a probe did not find, and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    found: bool
    detail: str


@app.command()
def check() -> None:
    """Look at the database, the queue, the worker and the mail server."""
    settings = read_settings()
    with services(settings) as ready:
        findings = asyncio.run(look(ready))
    show([Finding("settings", True, f"data in {settings.data_folder}"), *findings])
    if not all(finding.found for finding in findings):
        raise typer.Exit(1)


async def look(settings: Settings) -> list[Finding]:
    return [await finding(name, probe, settings) for name, probe in PROBES]


async def finding(name: str, probe: Probe, settings: Settings) -> Finding:
    """One probe's answer; silence is an answer too."""
    try:
        async with asyncio.timeout(PATIENCE):
            return Finding(name, True, await probe(settings))
    except Missing as error:
        return Finding(name, False, str(error))
    except TimeoutError:
        return Finding(name, False, f"no answer within {PATIENCE:.0f} s")
    except (OSError, asyncpg.PostgresError, BaseORMException, RedisError) as error:
        return Finding(name, False, f"{type(error).__name__}: {error}")


def show(findings: list[Finding]) -> None:
    table = Table("", "", "", box=None, show_header=False)
    for each in findings:
        table.add_row("ok" if each.found else "MISSING", each.name, each.detail)
    console().print(table)


async def database(settings: Settings) -> str:
    connection = await asyncpg.connect(**credentials(settings.database_url))
    try:
        return f"PostgreSQL {await connection.fetchval('SHOW server_version')}"
    finally:
        await connection.close()


async def migrations(settings: Settings) -> str:
    if missing := await pending_migrations(settings.database_url):
        raise Missing(f"{', '.join(missing)}: run `concord migrate`")
    return "all applied"


async def reference(settings: Settings) -> str:
    connection = await asyncpg.connect(**credentials(settings.database_url))
    try:
        states, topics = [
            await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - constants
            for table in ("state", "topic")
        ]
    except asyncpg.UndefinedTableError:
        states = topics = 0
    finally:
        await connection.close()
    if not (states and topics):
        raise Missing("the code lists are empty: run `concord migrate`")
    return f"{states} States, {topics} topics"


async def preselection(settings: Settings) -> str:
    """Nothing is missing without it: where offers are many the matcher is slow and large."""
    threshold = settings.preselect_from
    connection = await asyncpg.connect(
        **credentials(settings.database_url), server_settings={"role": WORKER_ROLE}
    )
    try:
        count = await connection.fetchval(MANY, threshold)
        built = await connection.fetchval(BUILT)
    except asyncpg.UndefinedTableError:
        count, built = 0, False
    finally:
        await connection.close()
    if not threshold or settings.embeddings != "use" or count < threshold:
        return "not needed: the matcher looks at every offer"
    if not built:
        return f"{threshold} offers or more are published: run `concord preselection build`"
    return "the matcher looks at the nearest offers"


async def redis(settings: Settings) -> str:
    pool = await create_pool(_impatient(settings))
    try:
        found = await pool.info("server")
        return f"Redis {found['redis_version']}"
    finally:
        await pool.aclose()


async def worker(settings: Settings) -> str:
    """Workers renew a key that lives little longer than they take to renew it."""
    pool = await create_pool(_impatient(settings))
    try:
        if not await pool.exists(HEALTH_KEY):
            raise Missing("no sign of life: run `concord worker`")
        return "at work"
    finally:
        await pool.aclose()


async def mail(settings: Settings) -> str:
    if settings.smtp is None:
        return f"no CONCORD_SMTP_URL: mails are kept in {settings.data_folder / 'mail'}"
    _, writer = await asyncio.open_connection(settings.smtp.host, settings.smtp.port)
    writer.close()
    return f"{settings.smtp.host}:{settings.smtp.port} accepts connections"


def _impatient(settings: Settings) -> RedisSettings:
    found = redis_settings(settings.redis_address)
    found.retry, found.conn_retries = None, 0
    return found


PROBES: tuple[tuple[str, Probe], ...] = (
    ("database", database),
    ("migrations", migrations),
    ("code lists", reference),
    ("preselection", preselection),
    ("queue", redis),
    ("worker", worker),
    ("mail", mail),
)
