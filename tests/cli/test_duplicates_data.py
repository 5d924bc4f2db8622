"""Real objectives as requests of a few States, each held against the others of its State."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from concord.actor import Role
from concord.cli.actors import operator
from concord.cli.demo.seeding import stage
from concord.cli.imports import bring_requests
from concord.duplicates.models import DuplicateFlag
from concord.jobs import CHECK_DUPLICATES, Outbox
from concord.reference.queries import code_lists
from concord.settings import Settings
from tests.cli.public_data import as_requests, projects
from workers.context import Context
from workers.main import HANDLERS
from workers.match_jobs import look_for_changes
from workers.match_pool import MatchPool
from workers.outbox import dispatch

pytestmark = pytest.mark.data


async def test_objectives_are_held_against_each_other(
    database: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prints how long it took."""
    await stage(settings, now=datetime.now(UTC))
    outcome = await bring_requests(
        as_requests(await code_lists()),
        skip_bad=False,
        as_open="A measure of load",
        source="Public projects",
        actor=operator(Role.COORDINATOR),
        now=datetime.now(UTC),
    )
    pool = MatchPool("use")
    context = Context(
        settings=replace(settings, embeddings="use"), clock=lambda: datetime.now(UTC), pool=pool
    )
    try:
        await look_for_changes(context)
        await Outbox.exclude(name=CHECK_DUPLICATES).delete()
        asked = await Outbox.all().count()
        began = time.monotonic()
        while await dispatch(context, HANDLERS):
            pass
        took = time.monotonic() - began
    finally:
        pool.close()
    flags = await DuplicateFlag.all().count()
    with capsys.disabled():
        print(f"\n{asked} requests held against the others in {took:.1f} s: {flags} warnings")
    assert (outcome.created, asked) == (len(projects()), len(projects()))
    assert await Outbox.filter(dead_at__isnull=False).count() == 0
