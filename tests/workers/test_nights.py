"""At night everything is ranked anew if anything changed, once, after the training."""

from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from concord import jobs
from concord.database import transaction
from concord.offers.models import Offer
from concord.pairings import clocks, crowds, reranking
from concord.pairings.changes import prune_changes
from concord.pairings.crowds import replace_crowd, stored_crowd
from concord.pairings.models import Ranking
from concord.pairings.profiles import offer_profiles
from concord.pairings.vectors import drop_older, keep_vectors, parts_of_offers, take_missing
from matching.types import KnownTexts
from tests.conftest import Clock
from tests.factories import offers as offer
from tests.factories import people
from tests.factories import requests as request
from tests.factories.decisions import decided
from tests.workers.conftest import asked, work
from workers.context import Context

TO_NIGHT = timedelta(hours=17, minutes=30)  # from nine in the morning to half past two


async def night(context: Context, clock: Clock, *, hours: float = 24) -> list[str]:
    """The clock looks twice and the worker works; the reasons of the runs so far."""
    clock.forward(hours=hours)
    for _ in range(2):
        await clocks.run(clock())
        await work(context)
    return [run.reason for run in await reranking.latest_runs(10)]


async def test_a_run_that_nobody_plans_gives_way_the_next_night(
    context: Context, clock: Clock
) -> None:
    await asked(await request.open_request())
    await work(context)
    await changed(1)
    clock.forward(hours=TO_NIGHT.total_seconds() / 3600)
    await reranking.start("order", now=clock())
    await jobs.Outbox.filter(name=jobs.RERANK).update(dead_at=clock())
    assert not await reranking.start_if_outdated("another", now=clock())
    assert await night(context, clock, hours=23) == ["order"]
    assert await night(context, clock, hours=2) == ["night", "order"]
    last, stuck = await reranking.latest_runs(2)
    assert (last.is_running, last.ranked, stuck.superseded) == (False, 1, True)


async def changed(number: int) -> Offer:
    made = await offer.published(title=f"Course {number}")
    await prune_changes(older_than=timedelta(0))
    return made


async def test_a_night_after_changes_ranks_everything_once(context: Context, clock: Clock) -> None:
    one = await request.open_request()
    await asked(one)
    await work(context)
    await changed(1)
    assert await clocks.run(clock()) == 0  # by day
    first = TO_NIGHT.total_seconds() / 3600
    assert await night(context, clock, hours=first) == ["night"]
    assert (await reranking.latest_runs())[0].done == 1
    await prune_changes(older_than=timedelta(0))
    assert await night(context, clock) == ["night"]  # nothing changed
    await changed(2)
    assert await night(context, clock) == ["night", "night"]
    assert await night(context, clock) == ["night", "night"]


async def test_an_idle_night_after_any_other_run_costs_nothing(
    context: Context, clock: Clock
) -> None:
    await asked(await request.open_request())
    await work(context)
    await changed(1)
    await reranking.start("command", now=clock())
    await work(context)
    assert await night(context, clock, hours=TO_NIGHT.total_seconds() / 3600) == ["command"]


async def test_nothing_is_asked_while_a_run_is_under_way(context: Context, clock: Clock) -> None:
    await asked(await request.open_request())
    await work(context)
    await changed(1)
    clock.forward(hours=TO_NIGHT.total_seconds() / 3600)
    await reranking.start("order", now=clock())
    assert await clocks.run(clock()) == 0
    assert [run.superseded for run in await reranking.latest_runs(5)] == [False]


async def test_the_training_goes_first(context: Context, clock: Clock) -> None:
    by = await people.coordinator()
    await decided(3, by=by)
    one = await request.open_request()
    await asked(one)
    await work(context)
    await changed(1)
    clock.forward(hours=TO_NIGHT.total_seconds() / 3600)
    assert [await clocks.run(clock()) for _ in range(2)] == [1, 0]  # the training alone
    assert await reranking.latest_runs() == []
    await jobs.Outbox.filter(name=jobs.TRAIN_MODEL).update(done_at=clock())
    assert [await clocks.run(clock()) for _ in range(2)] == [1, 0]
    assert [run.reason for run in await reranking.latest_runs(5)] == ["night"]


async def test_a_training_that_fails_holds_nothing_up(context: Context, clock: Clock) -> None:
    await decided(3, by=await people.coordinator())
    await asked(await request.open_request())
    await work(context)
    await changed(1)
    clock.forward(hours=TO_NIGHT.total_seconds() / 3600)
    assert await clocks.run(clock()) == 1
    await jobs.Outbox.filter(name=jobs.TRAIN_MODEL).update(error="MemoryError", attempts=5)
    assert await clocks.run(clock()) == 1
    assert [run.reason for run in await reranking.latest_runs(5)] == ["night"]


async def test_an_order_adopted_at_night_is_not_run_twice(context: Context, clock: Clock) -> None:
    await asked(await request.open_request())
    await work(context)
    await changed(1)
    clock.forward(hours=TO_NIGHT.total_seconds() / 3600)
    await reranking.start("order", now=clock())  # the training put another order in force
    await work(context)
    assert await clocks.run(clock()) == 0


async def test_without_rankings_there_is_nothing_to_do(context: Context, clock: Clock) -> None:
    await changed(1)
    assert await night(context, clock, hours=TO_NIGHT.total_seconds() / 3600) == []


@pytest.mark.parametrize(
    ("ranked_by", "left"), [("linear-1+old", ["new", "old"]), ("linear-1+new", ["new"])]
)
async def test_vectors_of_an_encoder_go_with_its_last_ranking(
    context: Context, ranked_by: str, left: list[str]
) -> None:
    made = await offer.published()
    parts = parts_of_offers(await offer_profiles([str(made.id)]))
    known = KnownTexts("en", b"1" * 16, b"1234")
    for version in ("old", "new", "older still"):
        assert await take_missing(parts, version) == parts
        await keep_vectors(parts, {parts[0].mark: b"1234"}, version)
        async with transaction():
            await replace_crowd([known], encoder=version)
    one = await request.open_request()
    await asked(one)
    await work(context)
    await Ranking.filter(request_id=one.id).update(model_version=ranked_by)
    await drop_older("new")
    for table in ("text_vector", "crowd"):
        rows = await get_connection("default").execute_query_dict(
            f"SELECT DISTINCT model_version AS version FROM {table} ORDER BY 1"  # noqa: S608
        )
        assert [row["version"] for row in rows] == left


async def test_a_crowd_is_replaced_as_a_whole(context: Context) -> None:
    english, french = (
        KnownTexts("en", b"1" * 16, b"1234"),
        KnownTexts("fr", b"2" * 32, b"12345678"),
    )
    editions = []
    for found in ([english, french], [english, french], [french], []):
        async with transaction():
            await replace_crowd(found, encoder="model")
        edition, kept = await stored_crowd("model")
        assert kept == found
        assert edition == crowds.edition_of(found)
        editions.append(edition)
    assert editions[0] == editions[1] != editions[2]
    assert editions[3] == ""


async def test_below_a_hundred_requests_nothing_is_kept(context: Context, clock: Clock) -> None:
    for _ in range(3):
        await request.open_request()
    await reranking.start("command", now=clock())
    await work(context)
    assert await stored_crowd("lexical") == ("", [])
    assert context.pool.crowd == ""
