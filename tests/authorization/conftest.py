"""The world and its visitors, built once for each module that walks through it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tortoise.connection import get_connection

from concord.app import create_app
from concord.doorbell import SilentDoorbell
from concord.reference.queries import code_lists
from concord.reference.queries import forget as forget_code_lists
from tests.authorization import asking
from tests.authorization.stage import Stage
from tests.authorization.world import world as make_world
from tests.conftest import (
    NOW,
    Clock,
    browser_of,
    load_visitor_alone,
    make_settings,
    new_client,
)
from tests.servers import Servers


@pytest_asyncio.fixture(scope="module")
async def stage(
    servers: Servers, database_url: str, _connected: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """One world for all routes of this module: every visit is undone."""
    forget_code_lists()
    await code_lists()
    folder: Path = tmp_path_factory.mktemp("matrix")
    app = create_app(
        make_settings(servers, database_url, folder), clock=Clock(), doorbell=SilentDoorbell()
    )
    app.state.load_visitor = load_visitor_alone
    made = await make_world()
    browsers = {"pub": new_client(app)}
    for name, membership in made.people.memberships.items():
        browsers[name] = await browser_of(app, membership, now=NOW)
    yield Stage(app, made, browsers, asking.addresses(made))
    for browser in browsers.values():
        await browser.aclose()
    await get_connection("default").execute_script(_connected)
