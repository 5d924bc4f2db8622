"""The mode begins and ends while workers run, and catches up with what nobody followed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection

from concord.offers.models import Offer
from concord.offers.states import OfferState
from concord.pairings.preselecting import tables
from concord.pairings.preselecting.editions import edition_in_force
from concord.pairings.preselecting.rows import differing, held, keep_offers
from concord.settings import Settings
from tests.conftest import Clock
from tests.factories import offers as offer
from tests.factories import requests as request
from tests.factories.history import set_down
from tests.vectors import vector_database_url, vector_servers, vector_template, within
from tests.workers.conftest import lose_process, ranked, work
from tests.workers.preselecting import MANY, built, rank_all, worker
from workers import match_preselection
from workers.context import Context
from workers.match_jobs import look_for_changes
from workers.match_pool import MatchPool

__all__ = ["vector_database_url", "vector_servers", "vector_template"]


async def test_it_is_dropped_and_built_while_a_worker_runs(
    vector_database_url: str, settings: Settings, clock: Clock
) -> None:
    async with within(vector_database_url):
        for number in range(MANY):
            await offer.published(title=f"Course {number}")
        one = await request.open_request()
        await built(reference=20)
        async with worker(settings, clock) as context:
            pool = context.pool
            before = await rank_all(context, clock)
            assert (len(pool.offers), len(before[str(one.id)])) == (20, MANY)
            await tables.remove()
            after = await rank_all(context, clock)
            assert (pool.edition, len(pool.offers)) == (None, MANY)
            assert len(after[str(one.id)]) == MANY
            await built(reference=10)
            assert len(await rank_all(context, clock)) == 1
            assert pool.edition is None
            await look_for_changes(context)
            assert (pool.edition is not None, len(pool.offers)) == (True, 10)
            await built(reference=15, anew=True)
            assert len((await rank_all(context, clock))[str(one.id)]) == MANY
            assert len(pool.offers) == 15


async def test_what_changed_without_a_word_is_found_within_the_hour(
    vector_database_url: str, settings: Settings, clock: Clock
) -> None:
    async with within(vector_database_url):
        made = [await offer.published(title=f"Course {number}") for number in range(MANY + 1)]
        one = await request.open_request()
        await built(reference=10)
        async with worker(settings, clock) as context:
            await rank_all(context, clock)
            last = max(made, key=lambda each: each.id)
            await set_down(last, state=OfferState.WITHDRAWN)
            await look_for_changes(context)
            assert len(await held([str(last.id)])) == 1
            context.pool.compared -= timedelta(hours=1).total_seconds()
            await look_for_changes(context)
            for task in list(context.beside):
                await task
            while await work(context):
                pass
            await look_for_changes(context)
            assert await held([str(last.id)]) == {}
            clock.forward(seconds=1)
            while await work(context):
                pass
            assert last.id not in await ranked(one)


async def test_what_changed_while_nobody_looked_is_followed(
    vector_database_url: str, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a worker that begins, the most of it beside; and after its matcher's process died."""
    monkeypatch.setattr(match_preselection, "AT_ONCE", 3)
    async with within(vector_database_url):
        made = [await offer.published(title=f"Course {number}") for number in range(MANY + 1)]
        await built(reference=10)
        await Offer.all().update(delivery_languages=["ru"], version=2)
        async with worker(settings, clock) as context:
            for task in list(context.beside):
                await task
            assert await differing() == []
            pool = context.pool
            await lose_process(pool)
            await Offer.filter(id=made[0].id).update(delivery_languages=["fr"], version=3)
            await look_for_changes(context)
            assert (pool.edition is not None, len(pool.offers)) == (True, 10)
            assert await differing() == []


async def test_what_could_not_be_followed_is_within_a_minute(
    vector_database_url: str, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away while the most of it is followed beside; the hour's look is cut too."""
    monkeypatch.setattr(match_preselection, "AT_ONCE", 3)
    kept, is_away = 0, True

    async def keep_or_fail(*arguments: Any) -> None:
        nonlocal kept
        if is_away and kept:
            raise OSError("away")
        kept += 1
        await keep_offers(*arguments)

    monkeypatch.setattr("workers.match_preselection.keep_offers", keep_or_fail)
    async with within(vector_database_url):
        for number in range(MANY + 1):
            await offer.published(title=f"Course {number}")
        await built(reference=10)
        await Offer.all().update(delivery_languages=["ru"], version=2)
        async with worker(settings, clock) as context:
            for task in list(context.beside):
                await task
            assert len(await differing()) == MANY + 1 - 3
            is_away = False
            await look_for_changes(context)
            for task in list(context.beside):
                await task
            assert await differing() == []
            await Offer.all().update(delivery_languages=["fr"], version=3)
            context.pool.compared -= timedelta(hours=1).total_seconds()
            for _ in range(MANY):
                await look_for_changes(context)
                for task in list(context.beside):
                    await task
            assert await differing() == []


async def test_around_the_number_it_does_not_come_and_go(
    vector_database_url: str, settings: Settings, clock: Clock
) -> None:
    async with within(vector_database_url):
        made = [await offer.published(title=f"Course {number}") for number in range(MANY)]
        await built(reference=10)
        async with worker(settings, clock) as context:
            for left, nearest in ((MANY - 1, True), (MANY * 9 // 10, True), (MANY - 4, False)):
                for one in made[left:]:
                    await set_down(one, state=OfferState.WITHDRAWN)
                await look_for_changes(context)
                assert (context.pool.edition is not None) is nearest


async def test_below_the_number_or_without_embeddings_every_offer_is_looked_at(
    vector_database_url: str, settings: Settings, clock: Clock
) -> None:
    async with within(vector_database_url):
        for number in range(5):
            await offer.published(title=f"Course {number}")
        await built(reference=100)
        for above in (6, 0):
            async with worker(settings, clock, above=above) as context:
                assert context.pool.edition is None
        lexical = MatchPool("lexical")
        try:
            context = Context(replace(settings, preselect_from=1), clock, lexical)
            await look_for_changes(context)
            assert lexical.edition is None
        finally:
            lexical.close()
        for other in ("encoder = 'another'", "form = 0"):
            await get_connection("default").execute_query(
                f"UPDATE preselection.edition SET {other}"  # noqa: S608 - own words
            )
            async with worker(settings, clock, above=5) as context:
                assert context.pool.edition is None
        assert await edition_in_force() is None
        await built(reference=100)
        async with worker(settings, clock, above=5) as context:
            assert context.pool.edition is not None
