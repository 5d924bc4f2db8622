"""Chromium, a running site per module, and tabs that fail their test when a page goes wrong."""

import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from concord.accounts.models import Membership, Person
from tests.browser.site import Site, running_site
from tests.browser.watching import Tab, Watch
from tests.conftest import clone, drop
from tests.servers import Servers

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 10_000  # milliseconds for anything on a page to appear
FIRST_QUEUE = 8  # Redis databases from here on belong to sites, one per test process
WIDE, NARROW, SMALLEST = 1280, 390, 320
HEIGHT = {WIDE: 900, NARROW: 844, SMALLEST: 640}


class OpenTab(Protocol):
    """`await open_tab(membership)`: a fresh profile, signed in; `open_tab()`: nobody yet."""

    def __call__(
        self,
        membership: Membership | None = None,
        *,
        language: str = "en",
        javascript: bool = True,
        width: int = WIDE,
        dark: bool = False,
    ) -> Awaitable[Tab]: ...


def check_chromium() -> None:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium fonts-noto-core")


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One Chromium for all tests of this process; without it they fail, they are not skipped."""
    check_chromium()
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module")
async def site(
    servers: Servers, template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """An empty site with a web process and a worker, for the tests of one module."""
    name = f"concord_{servers.run}_{secrets.token_hex(4)}"
    url = await clone(servers, template, name)
    queue = FIRST_QUEUE + int(worker_id.removeprefix("gw") if worker_id != "master" else 0) % 8
    async with running_site(servers, url, tmp_path_factory.mktemp("site"), queue=queue) as made:
        yield made
    await drop(servers, name)


@pytest_asyncio.fixture
async def open_tab(site: Site, chromium: Browser) -> AsyncIterator[OpenTab]:
    """Opens tabs in profiles of their own; what went wrong on any of them fails the test."""
    watches: list[Watch] = []
    async with AsyncExitStack() as stack:

        async def opened(
            membership: Membership | None = None,
            *,
            language: str = "en",
            javascript: bool = True,
            width: int = WIDE,
            dark: bool = False,
        ) -> Tab:
            context = await stack.enter_async_context(
                await chromium.new_context(
                    java_script_enabled=javascript,
                    viewport={"width": width, "height": HEIGHT[width]},
                    color_scheme="dark" if dark else "light",
                    locale=language,
                    reduced_motion="reduce",
                )
            )
            context.set_default_timeout(PATIENCE)
            watch = Watch(site.url)
            watch.over(context)
            watches.append(watch)
            if membership is not None:
                async with site.database():
                    person = Person.filter(id=membership.person_id)
                    await person.update(locale=language)
                    cookie = await site.session_of(membership)
                await context.add_cookies(
                    [{"name": site.settings.cookie_name, "value": cookie, "url": site.url}]
                )
            return Tab(await context.new_page(), watch)

        yield opened
    assert [problem for watch in watches for problem in watch.problems] == []
