"""Workers that preselect among few offers, in a database that can."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from concord.cli.preselection.building import Indexing, build
from concord.cli.preselection.encoding import reader
from concord.pairings.models import Pairing
from concord.requests.models import Request
from concord.settings import Settings
from tests.conftest import Clock
from tests.workers.conftest import asked, work
from workers.context import Context
from workers.match_jobs import look_for_changes
from workers.match_pool import MatchPool

MANY = 30


def quiet(words: str) -> None:
    """Nobody watches."""


async def built(*, reference: int, anew: bool = False) -> None:
    """As the owner does it, whoever else acts here."""
    with reader(1) as reading:
        await build(
            reading, anew=anew, indexing=Indexing(parallel=0), say=quiet, reference=reference
        )


@asynccontextmanager
async def worker(settings: Settings, clock: Clock, *, above: int = MANY) -> AsyncIterator[Context]:
    """A worker that preselects above so many offers, warm."""
    using = replace(settings, embeddings="use", preselect_from=above)
    pool = MatchPool("use")
    context = Context(settings=using, clock=clock, pool=pool)
    try:
        await look_for_changes(context)
        yield context
    finally:
        pool.close()


async def listed() -> dict[str, list[tuple[str, float]]]:
    rows = (
        await Pairing.all()
        .order_by("request_id", "rank")
        .values_list("request_id", "offer_id", "score")
    )
    found: dict[str, list[tuple[str, float]]] = {}
    for one, other, score in rows:
        found.setdefault(str(one), []).append((str(other), round(score, 6)))
    return found


async def rank_all(context: Context, clock: Clock) -> dict[str, list[tuple[str, float]]]:
    clock.forward(seconds=1)
    for each in await Request.all():
        await asked(each)
    while await work(context):
        pass
    return await listed()
