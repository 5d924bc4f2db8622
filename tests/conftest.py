"""Servers, databases, application and clients for every test; real PostgreSQL and Redis."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import asyncpg
import httpx2
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext

from concord import database as concord_database
from concord import schema
from concord.accounts.limits import Limits
from concord.accounts.models import Membership, Session
from concord.accounts.sessions import cookie_digest, load_visitor
from concord.app import create_app
from concord.doorbell import SilentDoorbell
from concord.reference.loading import load_reference
from concord.reference.queries import forget as forget_code_lists
from concord.settings import Settings
from concord.web.visitor import Visitor
from tests.servers import Servers, test_servers

KEPT = (
    *("state", "topic", "modality", "beneficiary", "unit", "reason"),
    *("legal_move", "tortoise_migrations"),
)
NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)  # a Monday
PUBLIC_URL = "https://concord.test"


class Clock:
    """Time as the application sees it; tests move it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> datetime:
        self.now += timedelta(**duration)
        return self.now


@pytest_asyncio.fixture(scope="session", autouse=True)
async def models() -> None:
    """The relations of all models, also for tests that make objects without a database."""
    async with TortoiseContext() as context:
        await context.init(config=concord_database.TORTOISE_ORM, init_connections=False)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with test_servers() as running:
        yield running


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    head, _, query = url.partition("?")
    return head[: head.rindex("/") + 1] + name + (f"?{query}" if query else "")


def migrations_digest() -> str:
    """Changes with the migrations and the code lists: names the template database."""
    digest = hashlib.sha256()
    for folder in ("concord.migrations", "concord.reference"):
        for entry in sorted(files(folder).iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith((".py", ".csv")):
                digest.update(entry.read_bytes())
    return digest.hexdigest()[:12]


async def make_template(servers: Servers) -> str:
    """A database with every migration and the code lists; made once, by whoever comes first."""
    name = f"template_{migrations_digest()}"
    admin = await asyncpg.connect(
        **concord_database.credentials(with_database(servers.database_url, "postgres"))
    )
    try:
        await admin.execute("SELECT pg_advisory_lock(4713)")
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            making = with_database(servers.database_url, f"{name}_making")
            await admin.execute(f'DROP DATABASE IF EXISTS "{name}_making"')
            await schema.migrate(making)
            async with TortoiseContext() as context:
                await context.init(config=concord_database.config(making))
                await load_reference(illustrative=True)
            await admin.execute(f'ALTER DATABASE "{name}_making" RENAME TO "{name}"')
    finally:
        await admin.close()
    return name


async def clone(servers: Servers, template: str, name: str) -> str:
    admin = await asyncpg.connect(
        **concord_database.credentials(with_database(servers.database_url, "postgres"))
    )
    try:
        await admin.execute("SELECT pg_advisory_lock(4713)")
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        await admin.close()
    return with_database(servers.database_url, name)


async def drop(servers: Servers, name: str) -> None:
    admin = await asyncpg.connect(
        **concord_database.credentials(with_database(servers.database_url, "postgres"))
    )
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await admin.close()


@pytest_asyncio.fixture(scope="session")
async def template(servers: Servers) -> str:
    return await make_template(servers)


@pytest_asyncio.fixture(scope="session")
async def database_url(servers: Servers, template: str, worker_id: str) -> AsyncIterator[str]:
    """This test process's own copy of the template."""
    name = f"concord_{servers.run}_{worker_id}"
    yield await clone(servers, template, name)
    await drop(servers, name)


@pytest_asyncio.fixture
async def fresh_database_url(servers: Servers, template: str) -> AsyncIterator[str]:
    """A copy of the template for one test alone: for other processes and for fault tests."""
    name = f"concord_{servers.run}_{secrets.token_hex(4)}"
    yield await clone(servers, template, name)
    await drop(servers, name)


@pytest_asyncio.fixture(scope="session")
async def _connected(database_url: str) -> AsyncIterator[str]:
    """The session's pool, in the role of the application; yields what empties the tables."""
    async with TortoiseContext() as context:
        await context.init(
            config=concord_database.config(
                database_url, role=concord_database.APP_ROLE, pool_size=20, beyond=True
            )
        )
        rows = await get_connection("default").execute_query_dict(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        emptied = [row["tablename"] for row in rows if row["tablename"] not in KEPT]
        deletes = "".join(f'DELETE FROM "{table}";' for table in emptied)  # noqa: S608 - names from the catalogue
        yield (
            f"SET ROLE NONE; SET session_replication_role = replica; {deletes}"
            f" SET session_replication_role = origin; SET ROLE {concord_database.APP_ROLE}"
        )


@pytest_asyncio.fixture
async def database(_connected: str) -> AsyncIterator[None]:
    """An empty database with code lists; what the test writes is removed after it."""
    yield
    await get_connection("default").execute_script(_connected)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(servers: Servers, database_url: str, tmp_path: Path) -> Settings:
    return make_settings(servers, database_url, tmp_path)


def make_settings(servers: Servers, database_url: str, folder: Path, **more: str) -> Settings:
    return Settings.from_environment(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": servers.redis_url,
            "CONCORD_DATA_FOLDER": str(folder),
            "CONCORD_PUBLIC_URL": PUBLIC_URL,
            "CONCORD_SECRET_KEY": "0123456789abcdef" * 4,
            "CONCORD_EMBEDDINGS": "lexical",
            "CONCORD_LOG_LEVEL": "error",
            **more,
        }
    )


@pytest.fixture
def app(settings: Settings, clock: Clock, database: None) -> Starlette:
    forget_code_lists()
    made = create_app(settings, clock=clock, doorbell=SilentDoorbell())
    made.state.limits = Limits(None)  # attempts of one test count in that test alone
    made.state.load_visitor = load_visitor_alone
    return made


async def load_visitor_alone(request: Request, now: datetime) -> Visitor:
    """As the application does it, without what lets the tests' own statements see everything."""
    connection = get_connection("default")
    await connection._connection.execute("SET LOCAL app.beyond = ''")
    return await load_visitor(request, now)


Client = httpx2.AsyncClient
SignIn = Callable[[Membership], Awaitable[Client]]


def new_client(app: Starlette, **headers: str) -> Client:
    """A browser with no session; it says where its forms come from, as browsers do."""
    return Client(
        transport=httpx2.ASGITransport(app=app),
        base_url=PUBLIC_URL,
        headers={"origin": PUBLIC_URL, "accept": "text/html", **headers},
    )


@pytest_asyncio.fixture
async def client(app: Starlette) -> AsyncIterator[Client]:
    """Nobody signed in."""
    async with new_client(app) as browser:
        yield browser


async def browser_of(app: Starlette, membership: Membership, *, now: datetime) -> Client:
    """A browser of that person, in that seat, since just now."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    await Session.create(
        digest=cookie_digest(token),
        person_id=membership.person_id,
        membership=membership,
        csrf_token=csrf,
        seen_at=now,
        expires_at=now + timedelta(hours=12),
    )
    made = new_client(app, **{"x-csrf-token": csrf})
    made.cookies.set(app.state.settings.cookie_name, token)
    return made


@pytest_asyncio.fixture
async def sign_in(app: Starlette, clock: Clock) -> AsyncIterator[SignIn]:
    """`await sign_in(membership)` is a browser of that person, in that seat."""
    async with AsyncExitStack() as stack:

        async def browser(membership: Membership) -> Client:
            made = await browser_of(app, membership, now=clock())
            return await stack.enter_async_context(made)

        yield browser
