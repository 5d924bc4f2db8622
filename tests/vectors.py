"""A database with pgvector: of the embedded server, whatever server the other tests were given."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from tortoise.context import TortoiseContext

from concord.database import config
from concord.reference.queries import forget
from concord.services import embedded_services
from tests.conftest import clone, drop, make_template
from tests.servers import Servers, run_folder


@pytest.fixture(scope="session")
def vector_servers(servers: Servers) -> Iterator[Servers]:
    """The embedded PostgreSQL has the extension; one that was given may not."""
    with (
        run_folder(f"{servers.run}v") as folder,
        embedded_services(folder, durable=False, postgres=True, redis=False) as urls,
    ):
        yield Servers(urls.database_url, servers.redis_url, servers.run)


@pytest_asyncio.fixture(scope="session")
async def vector_template(vector_servers: Servers) -> str:
    return await make_template(vector_servers)


@pytest_asyncio.fixture
async def vector_database_url(vector_servers: Servers, vector_template: str) -> AsyncIterator[str]:
    """A copy of the template for one test alone."""
    name = f"concord_{vector_servers.run}_{secrets.token_hex(4)}"
    yield await clone(vector_servers, vector_template, name)
    await drop(vector_servers, name)


@asynccontextmanager
async def within(url: str, *, role: str | None = None) -> AsyncIterator[None]:
    """This database in place of the session's."""
    async with TortoiseContext() as context:
        await context.init(config=config(url, role=role, pool_size=4, beyond=True))
        forget()
        yield
    forget()


__all__ = ["vector_database_url", "vector_servers", "vector_template", "within"]
