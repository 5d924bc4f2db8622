"""`concord demo --check`: one request from draft to evaluated match, over HTTP, by real people."""

import asyncio
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path
from secrets import token_hex

from arq import create_pool

from concord import jobs
from concord.accounts.keys import derive
from concord.cli.demo.check import delivering, results
from concord.cli.demo.check.browser import Failed
from concord.cli.demo.check.facts import Facts
from concord.cli.demo.check.people import People
from concord.cli.demo.check.play import PATIENCE, Play
from concord.cli.demo.children import Child, wait_until_ready, web, worker
from concord.cli.demo.folder import SEED, Databases, on_database
from concord.cli.migrate import bring_up_to_date
from concord.cli.running import opened, refuse, utc_now
from concord.demo.authenticators import SignIn, sign_ins
from concord.doorbell import redis_settings
from concord.requests.models import Request
from concord.requests.states import RequestState
from concord.settings import Bind, Settings

PAIRINGS_WITHIN = 2.0
TOLD_WITHIN = 20.0
PAUSE = 0.1
OWN_QUEUE = "db=1"  # of the demo's Redis, so that a running demo does not take our work
Step = Callable[[], Awaitable[str]]


def check(settings: Settings, *, kill_worker: bool) -> int:
    """Play on a copy of the demo's story, in a folder and on a port of its own; 0 if all is well.

    With `kill_worker` the worker is killed and started again between any two steps.
    """
    with played_on(settings) as own, ExitStack() as stack:
        asyncio.run(_prepare(own))
        helper = stack.enter_context(worker(own))
        pages = stack.enter_context(web(own))
        wait_until_ready(pages, own)
        known = asyncio.run(_people(own))
        facts = Facts(own)
        asyncio.run(_worker_is_warm(facts))
        patience = PATIENCE if kill_worker else TOLD_WITHIN
        play = Play(
            people=People(own.public_url, known),
            facts=facts,
            within=PATIENCE if kill_worker else PAIRINGS_WITHIN,
        )
        run = Run(helper, kill_worker=kill_worker)
        passed = asyncio.run(run.all(steps_of(play, patience=patience)))
        if not passed:
            print(pages.last_words(), helper.last_words(), sep="\n")
    return 0 if passed else 1


def steps_of(play: Play, *, patience: float) -> list[tuple[str, Step]]:
    """The whole play, in order."""
    return [
        ("the focal point drafts", play.draft),
        ("others do not see it", play.stay_unseen),
        ("the focal point submits", play.submit),
        ("the coordinator reviews", play.review),
        ("the State agrees, the worker ranks", play.agree),
        ("the coordinator compares", play.compare),
        ("the coordinator proposes", play.propose),
        ("the focal point consents", play.consent),
        ("the provider accepts", play.accept),
        ("the approver approves", play.approve),
        ("capacity and cover", lambda: results.capacity_is_reserved(play)),
        ("both sides agree to the terms", lambda: delivering.agree(play)),
        ("the provider begins", lambda: delivering.start(play)),
        ("the provider plans a delivery", lambda: delivering.plan(play)),
        ("the provider reports it", lambda: delivering.report(play)),
        ("the State confirms it", lambda: delivering.confirm(play)),
        ("both sides evaluate", lambda: delivering.evaluate(play)),
        ("messages", lambda: results.everything_is_told(play, within=patience)),
        ("inboxes", lambda: results.inboxes_show_it(play)),
        ("mails", lambda: results.mails_are_sent(play)),
        ("audit trail", lambda: results.trail_is_whole(play)),
    ]


@dataclass(slots=True)
class Run:
    """Runs steps one after the other, and says how long each took."""

    helper: Child
    kill_worker: bool

    async def all(self, steps: list[tuple[str, Step]]) -> bool:
        began = time.monotonic()
        for name, step in steps:
            if not await self._one(name, step):
                return False
            if self.kill_worker:
                self.helper.kill()
                self.helper.start_again()
        print(f"{time.monotonic() - began:6.2f} s  from draft to evaluated match: all is well")
        return True

    async def _one(self, name: str, step: Step) -> bool:
        began = time.monotonic()
        try:
            found = await step()
        except (Failed, OSError, HTTPException) as error:
            print(f"{time.monotonic() - began:6.2f} s  FAILED  {name}: {error}", flush=True)
            return False
        print(f"{time.monotonic() - began:6.2f} s  {name}: {found}", flush=True)
        return True


@contextmanager
def played_on(settings: Settings) -> Iterator[Settings]:
    """Settings with a database, a queue, a folder and a port that end with the check."""
    name = f"check_{token_hex(4)}"
    databases = Databases(settings)
    with tempfile.TemporaryDirectory(prefix="concord-check-") as folder:
        bind = Bind("127.0.0.1", _free_port())
        own = replace(
            on_database(settings, name),
            redis_url=settings.redis_url.replace("db=0", OWN_QUEUE),
            data_folder=Path(folder),
            bind=bind,
            public_url=f"http://{bind}",
            log_level="warning",
        )
        asyncio.run(databases.copy(SEED, name))
        try:
            yield own
        finally:
            asyncio.run(databases.drop(name))


async def _prepare(settings: Settings) -> None:
    """The copy up to date, the queue empty, and one ranking to do."""
    await bring_up_to_date(settings, illustrative=True)
    async with opened(settings):
        request = await Request.filter(state=RequestState.OPEN).order_by("public_id").first()
        assert request is not None  # noqa: S101 - the story has open ones
        await jobs.enqueue(jobs.RANK_REQUEST, request_id=request.id, now=utc_now())
    pool = await create_pool(redis_settings(settings.redis_address))
    await pool.flushdb()
    await pool.aclose()


async def _worker_is_warm(facts: Facts) -> None:
    """The matcher has loaded every offer: the request for a ranking that we left is done."""
    deadline = time.monotonic() + PATIENCE
    while (await facts.owed())["due"]:
        if time.monotonic() > deadline:
            refuse(f"the worker has not begun within {PATIENCE:.0f} s.")
        await asyncio.sleep(PAUSE)


async def _people(settings: Settings) -> dict[str, SignIn]:
    async with opened(settings):
        found = await sign_ins(derive(settings.secret_key), now=utc_now())
    return {each.email: each for each in found}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
