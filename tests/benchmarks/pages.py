"""CPU and queries of the ten main pages, and the memory of a web process."""

import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx2

from concord.accounts.models import Membership, Session
from concord.accounts.sessions import cookie_digest
from concord.actor import Role
from concord.app import create_app
from concord.doorbell import SilentDoorbell
from concord.offers.models import Offer
from concord.requests.models import Request
from concord.settings import Settings
from tests.benchmarks.speed import PASSED_ON, resident
from tests.counting import counted_queries
from tests.factories import people

ROUNDS = 40
START = 60  # seconds for a web process to answer


async def session(membership: Membership) -> str:
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    await Session.create(
        digest=cookie_digest(token),
        person_id=membership.person_id,
        membership=membership,
        csrf_token=secrets.token_urlsafe(24),
        seen_at=now,
        expires_at=now + timedelta(hours=12),
    )
    return token


async def addresses() -> list[str]:
    request = await Request.filter(ranking__id__isnull=False).order_by("id").first()
    offer = await Offer.all().order_by("id").first()
    if request is None or offer is None:
        raise RuntimeError("the corpus is missing")
    return [
        "/",
        "/requests",
        f"/requests/{request.public_id}",
        "/workbench",
        f"/requests/{request.public_id}/pairings",
        "/offers",
        f"/offers/{offer.public_id}",
        "/matches",
        "/inbox",
        "/search?q=training",
    ]


async def costs(settings: Settings) -> list[str]:
    """Print CPU µs and queries of each page, as a coordinator; the addresses."""
    app = create_app(settings, doorbell=SilentDoorbell())
    cookies = {settings.cookie_name: await session(await people.member(Role.COORDINATOR))}
    wanted = await addresses()
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(
        transport=transport, base_url=settings.public_url, cookies=cookies
    ) as browser:
        for address in wanted:
            await browser.get(address)
            with counted_queries() as queries:
                response = await browser.get(address)
            response.raise_for_status()
            started = time.process_time()
            for _ in range(ROUNDS):
                await browser.get(address)
            spent = (time.process_time() - started) / ROUNDS * 1e6
            size = len(response.content) / 1000
            name = address.split("?")[0]
            print(f"  {name:<32}{spent:>8.0f} µs{len(queries):>4} queries{size:>8.0f} kB")
    return wanted


async def memory(settings: Settings, wanted: list[str]) -> float:
    """Megabytes of one web process after every page was read many times."""
    with served(settings) as process:
        cookies = {settings.cookie_name: await session(await people.member(Role.COORDINATOR))}
        async with httpx2.AsyncClient(base_url=settings.public_url, cookies=cookies) as browser:
            for address in wanted * 10:
                (await browser.get(address)).raise_for_status()
        return resident(process.pid)


def serve(settings: Settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "concord.cli", "serve"], env=PASSED_ON | settings.as_environment()
    )


@contextmanager
def served(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A web process that answers."""
    process = serve(settings)
    try:
        wait_for(settings)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def wait_for(settings: Settings) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((settings.bind.host, settings.bind.port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the web process does not answer")
