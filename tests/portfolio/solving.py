"""Portfolios solved in the test's own process, as the worker solves them."""

from datetime import timedelta
from typing import Any

from concord.actor import Actor
from concord.portfolio.actions import ask, store
from concord.portfolio.forms import draft_of
from concord.portfolio.gathering import gather
from concord.portfolio.models import PortfolioRun
from concord.portfolio.values import Draft
from concord.requests.models import Request
from matching.portfolio import solve
from tests.conftest import NOW
from tests.factories import offers, requests
from tests.factories.rankings import ranked

PLACES = "training_places"


async def answered(run: PortfolioRun, actor: Actor) -> PortfolioRun:
    found = await gather(actor, draft_of(run), now=NOW)
    assert await store(run, found, solve(found.question), actor=actor, now=NOW)
    return await PortfolioRun.get(id=run.id)


async def solved(actor: Actor, draft: Draft | None = None) -> PortfolioRun:
    return await answered(await ask(draft or Draft(), actor=actor, now=NOW), actor)


def slots_of_topics(
    *topics: str, capacity: int | None = 40
) -> list[tuple[str, str, int | None, str]]:
    return [(topic, "training_course", capacity, PLACES) for topic in topics]


async def rivals() -> tuple[Request, Request]:
    """The first request's best offer is the only one that the second can use.

    The wide offer serves both topics and can serve one of them; the narrow one only the first.
    """
    await offers.published(title="Wide", slots=slots_of_topics("INV.02"))
    await offers.published(
        title="Narrow",
        description="A course.",
        slots=slots_of_topics("INV.03"),
        delivery_languages=["fr"],
    )
    flexible = await requests.open_request(
        working_languages=["en", "fr"], submitted_at=NOW - timedelta(days=1)
    )
    strict = await requests.open_request(working_languages=["en"])
    for one in (flexible, strict):
        await ranked(one)
    return flexible, strict


def pairs(run: PortfolioRun) -> set[str]:
    rows: list[dict[str, Any]] = run.rows
    return {row["pair"] for row in rows}
