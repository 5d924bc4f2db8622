"""What gets past the wall: nothing by a careless query, a setting left behind, or another role."""

import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.exceptions import OperationalError

from concord.accounts.models import Membership
from concord.actor import PUBLIC, Actor
from concord.database import APP_ROLE, config, credentials, transaction, visit
from concord.matches.models import Match
from concord.reference.identifiers import new_public_id
from concord.requests.models import Request
from concord.web.routing import command, page
from tests.conftest import NOW, Client, SignIn
from tests.factories import people
from tests.factories import requests as make
from tests.security.crowd import Crowd, crowd
from tests.security.expected import TABLES, all_rows, shown_to
from tests.security.rows import fill
from tests.security.scene import Scene

SETTINGS = ("actor", "role", "organization", "state", "states", "standing")
READ = ", ".join(f"current_setting('app.{name}', true) AS {name}" for name in SETTINGS)
REFUSED_TO_LOGIN = (
    "SET ROLE NONE; SELECT 1 FROM request",
    "SET ROLE {owner}",
    "SET ROLE concord_worker",
    "ALTER TABLE request DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE request OWNER TO concord_app",
    "DROP POLICY seen ON request",
    "CREATE POLICY wide ON request USING (true)",
    "ALTER ROLE concord_app BYPASSRLS",
    "SET session_replication_role = replica",
    "SET row_security = off; SELECT 1 FROM request",
    "CREATE OR REPLACE FUNCTION sight() RETURNS text LANGUAGE sql RETURN 'all'",
)


async def careless(http: HttpRequest) -> Response:
    """What a handler would answer that forgot every condition."""
    return JSONResponse({model._meta.db_table: len(await model.all()) for model in TABLES})


async def presumptuous(http: HttpRequest) -> Response:
    async with transaction():
        return PlainTextResponse("never reached")


async def sweeping(http: HttpRequest) -> Response:
    """Writes outside of any command."""
    changed = await Request.all().update(title="Changed")
    deleted = await Match.all().delete()
    return JSONResponse([changed, deleted])


async def inventing(http: HttpRequest) -> Response:
    await Request.create(
        public_id=new_public_id("REQ"), lead_state_id="QMM", state_since=NOW, scope_changed_at=NOW
    )
    return PlainTextResponse("never reached")


@pytest_asyncio.fixture
async def populated(app: Starlette) -> AsyncIterator[Crowd]:
    app.router.routes[:0] = [
        page("/careless", careless, public=True),
        page("/presumptuous", presumptuous, public=True),
        command("/sweeping", sweeping),
        command("/inventing", inventing),
    ]
    everybody = await crowd()
    await fill(Scene(everybody))
    yield everybody


async def seat_of(actor: Actor) -> Membership:
    return await Membership.get(id=actor.membership_id)


@pytest.mark.parametrize(
    "name",
    ["focal point of QPP", "nominee", "admin of Other", "coordinator of QMM", "admin", "donor"],
)
async def test_a_careless_query_shows_what_its_visitor_may_see(
    populated: Crowd, sign_in: SignIn, name: str
) -> None:
    browser = await sign_in(await seat_of(populated.actors[name]))
    shown = await shown_to(populated.actors[name], await all_rows())
    answer = (await browser.get("/careless")).json()
    assert answer == {table: len(ids) for table, ids in shown.items()}
    assert answer["request"] < await Request.all().count()


async def test_a_careless_query_shows_the_public_what_is_published(
    populated: Crowd, client: Client
) -> None:
    shown = await shown_to(PUBLIC, await all_rows())
    answer: Mapping[str, int] = (await client.get("/careless")).json()
    assert answer == {table: len(ids) for table, ids in shown.items()}
    told = {"request", "request_item", "offer", "offer_slot", "offer_clarification"}
    assert {table for table, count in answer.items() if count} == told


async def test_a_page_that_shows_opens_no_command(populated: Crowd, client: Client) -> None:
    with pytest.raises(RuntimeError, match="opens no command"):
        await client.get("/presumptuous")


async def test_nothing_is_written_outside_of_a_command(populated: Crowd, sign_in: SignIn) -> None:
    browser = await sign_in(await seat_of(populated.actors["coordinator of all"]))
    assert (await browser.post("/sweeping")).json() == [0, 0]
    before = await Request.all().count()
    refused = await browser.post("/inventing")
    assert (refused.status_code, await Request.all().count()) == (500, before)


async def test_sight_ends_with_its_command(database: None) -> None:
    request = await make.draft("QMM")
    stranger = await people.focal_point("QNN")
    async with visit(stranger):
        assert not await Request.exists(id=request.id)
        async with transaction():
            assert await Request.exists(id=request.id)
            async with transaction():
                assert await Request.exists(id=request.id)
            assert await Request.exists(id=request.id)
        assert not await Request.exists(id=request.id)
        with pytest.raises(KeyError):
            async with transaction():
                raise KeyError
        assert not await Request.exists(id=request.id)


async def test_a_connection_forgets_who_used_it(database: None, database_url: str) -> None:
    request = await make.draft("QMM")
    owner = await people.focal_point("QMM")
    async with TortoiseContext() as context:
        await context.init(config=config(database_url, role=APP_ROLE, pool_size=1))
        async with visit(owner):
            assert await _ids() == {request.id}
        left = await get_connection("default").execute_query_dict(f"SELECT {READ}")
        assert set(left[0].values()) <= {"", None}
        assert await _ids() == set()
        async with transaction():
            assert await _ids() == {request.id}
        assert await _ids() == set()


async def _ids() -> set[UUID]:
    return {row.id for row in await Request.all()}


async def test_a_failed_statement_leaves_no_sight_behind(
    database: None, database_url: str
) -> None:
    await make.draft("QMM")
    async with TortoiseContext() as context:
        await context.init(config=config(database_url, role=APP_ROLE, pool_size=1))
        with pytest.raises(OperationalError):
            async with transaction():
                await get_connection("default").execute_query("SELECT no_such_column")
        assert await _ids() == set()


@pytest_asyncio.fixture
async def login(database: None, database_url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A connection of a role that may become the application's and no other."""
    connection = await asyncpg.connect(**credentials(database_url))
    name = f"login_{secrets.token_hex(4)}"
    await connection.execute(f"CREATE ROLE {name} LOGIN NOINHERIT IN ROLE {APP_ROLE}")
    try:
        await connection.execute(f"SET SESSION AUTHORIZATION {name}; SET ROLE {APP_ROLE}")
        yield connection
    finally:
        await connection.execute("RESET SESSION AUTHORIZATION; RESET ROLE")
        await connection.execute(f"DROP ROLE {name}")
        await connection.close()


@pytest.mark.parametrize("statement", REFUSED_TO_LOGIN)
async def test_the_application_cannot_take_the_wall_down(
    login: "asyncpg.Connection[Any]", database_url: str, statement: str
) -> None:
    owner = credentials(database_url)["user"]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await login.execute(statement.replace("{owner}", f'"{owner}"'))
