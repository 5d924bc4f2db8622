"""The matcher's process dies while a turn waits for the database: its rest is not gone on with."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest
import pytest_asyncio

from concord.pairings.changes import changes_since
from concord.pairings.models import Ranking
from concord.pairings.profiles import offer_profiles
from concord.settings import Settings
from tests.conftest import Clock
from tests.factories import offers, requests
from tests.workers.conftest import asked, lose_process, ranked, work
from workers import match_vectors
from workers.context import Context
from workers.match_jobs import look_for_changes
from workers.match_pool import MatchPool

OFFERS = 6
Read = Callable[..., Awaitable[Any]]


@pytest_asyncio.fixture
async def context(settings: Settings, clock: Clock, database: None) -> AsyncIterator[Context]:
    """A worker whose matcher may die."""
    pool = MatchPool("lexical")
    yield Context(settings=settings, clock=clock, pool=pool)
    pool.close()


def dying(pool: MatchPool, read: Read, *, at: int) -> Read:
    """`read`, during whose call number `at` the process dies."""
    count = 0

    async def reading(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count == at:
            await lose_process(pool)
            await pool.process_id()  # whoever noticed has started it again
        return await read(*arguments)

    return reading


async def published() -> Sequence[Any]:
    return [await offers.published(title=f"Course {number}") for number in range(OFFERS)]


async def test_offers_loaded_before_are_loaded_again(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = context.pool
    made = await published()
    one = await requests.open_request()
    monkeypatch.setattr(match_vectors, "BATCH", 2)
    with monkeypatch.context() as while_loading:
        read = dying(pool, offer_profiles, at=2)
        while_loading.setattr("workers.match_vectors.offer_profiles", read)
        with pytest.raises(BrokenProcessPool):
            await look_for_changes(context)
    assert not pool.warm
    await look_for_changes(context)
    assert pool.warm
    await asked(one)
    await work(context)
    assert set(await ranked(one)) == {offer.id for offer in made}


async def test_no_list_is_stored_of_what_is_left(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = context.pool
    made = await published()
    one = await requests.open_request()
    await look_for_changes(context)
    await asked(one)
    await work(context)
    made = [*made, await offers.published(title="Course of today")]
    clock.forward(minutes=1)
    await asked(one)
    with monkeypatch.context() as while_following:
        read = dying(pool, changes_since, at=1)
        while_following.setattr("workers.match_index.changes_since", read)
        await work(context)
    assert not pool.warm
    assert (await Ranking.get(request_id=one.id)).considered == OFFERS
    await look_for_changes(context)
    clock.forward(minutes=1)
    await work(context)
    assert set(await ranked(one)) == {offer.id for offer in made}
