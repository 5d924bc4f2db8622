"""Real texts: projects of others as activities, and their objectives as a measure of load."""

import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from concord.activities.models import ExternalActivity
from concord.activities.values import Imported
from concord.actor import Role
from concord.cli.actors import operator
from concord.cli.demo.seeding import stage
from concord.cli.imports import bring_activities, bring_requests
from concord.demo.cast import organizations, people
from concord.demo.story.offers import publish_most
from concord.demo.story.people import set_up
from concord.jobs import RANK_REQUEST, Outbox
from concord.offers.models import Offer
from concord.pairings.models import Pairing, Ranking
from concord.reference.queries import code_lists
from concord.requests.models import Request
from concord.settings import Settings
from tests.cli.public_data import as_requests, projects, projects_file
from tests.conftest import NOW
from workers.context import Context
from workers.main import HANDLERS
from workers.match_jobs import look_for_changes
from workers.match_pool import MatchPool
from workers.outbox import dispatch

pytestmark = pytest.mark.data
ADMINISTRATOR, COORDINATOR = operator(Role.ADMIN), operator(Role.COORDINATOR)


async def test_every_project_with_a_state_loads_once(database: None) -> None:
    content = projects_file().read_bytes()

    found, imported = await bring_activities(content, skip_bad=False, actor=ADMINISTRATOR, now=NOW)
    _, again = await bring_activities(content, skip_bad=False, actor=ADMINISTRATOR, now=NOW)

    without = found.blank + found.regions.total()
    assert found.table.problems == []
    assert imported == Imported(created=len(projects()) - without)
    assert again == Imported(unchanged=len(projects()) - without)
    assert await ExternalActivity.exclude(states=[]).count() == 555
    assert (found.blank, found.regions.total(), found.waiting.total()) == (23, 67, 15)


async def test_objectives_are_ranked_against_the_offers(
    database: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prints the measure: how long each part took, and the most memory."""
    told = await stage(settings, now=datetime.now(UTC))
    await set_up(told, organizations(), people())
    await publish_most(told)
    content = as_requests(await code_lists())
    async with _worker(replace(settings, embeddings="use")) as context:
        began = time.monotonic()
        outcome = await bring_requests(
            content,
            skip_bad=False,
            as_open="A measure of load",
            source="Public projects",
            actor=COORDINATOR,
            now=datetime.now(UTC),
        )
        imported = time.monotonic() - began
        await Outbox.exclude(name=RANK_REQUEST).delete()
        began = time.monotonic()
        while await dispatch(context, HANDLERS):
            pass
        ranked = time.monotonic() - began

    offers = await Offer.filter(state="published").count()
    with capsys.disabled():
        print(
            f"\n{outcome.created} requests imported in {imported:.1f} s, ranked against {offers}"
            f" offers in {ranked:.1f} s; peak memory {_peak(resource.RUSAGE_SELF)} MB here,"
            f" {_peak(resource.RUSAGE_CHILDREN)} MB in the matcher's process"
        )
    assert (outcome.created, outcome.problems) == (len(projects()), [])
    assert await Ranking.all().count() == await Request.all().count() == len(projects())
    assert await Pairing.all().count() > len(projects())


@asynccontextmanager
async def _worker(settings: Settings) -> AsyncIterator[Context]:
    """A worker in this process whose matcher has loaded every offer, and that owes nothing."""
    pool = MatchPool(settings.embeddings)
    context = Context(settings=settings, clock=lambda: datetime.now(UTC), pool=pool)
    try:
        await look_for_changes(context)
        await Outbox.all().delete()
        yield context
    finally:
        pool.close()


def _peak(whose: int) -> int:
    return resource.getrusage(whose).ru_maxrss // 1024
