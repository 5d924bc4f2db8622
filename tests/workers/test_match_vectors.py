"""Vectors are kept: encoded once, by one worker, and gone with their text."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence

import pytest_asyncio
from tortoise.connection import get_connection

from concord.offers.models import Offer
from concord.pairings.models import Pairing, Ranking
from concord.pairings.profiles import offer_profiles, request_profile, topic_tree
from concord.pairings.vectors import keep_vectors, parts_of_offers, stored_vectors, take_missing
from matching.encoder import SentenceEncoder
from matching.ranking import rank
from matching.scoring import Configuration
from tests.conftest import NOW, Clock
from tests.factories import offers as offer
from tests.factories import requests as request
from tests.workers.conftest import asked, ranked, work
from workers.context import Context
from workers.match_jobs import look_for_changes
from workers.match_pool import MatchPool


class Counting(MatchPool):
    """Remembers which texts had to be encoded."""

    def __init__(self) -> None:
        super().__init__("use")
        self.texts: list[str] = []

    async def encode(self, texts: Sequence[str]) -> list[bytes]:
        self.texts += texts
        return await super().encode(texts)


@pytest_asyncio.fixture
async def pools() -> AsyncIterator[tuple[Counting, Counting]]:
    made = Counting(), Counting()
    yield made
    for one in made:
        one.close()


def context_of(context: Context, clock: Clock, pool: MatchPool) -> Context:
    return Context(context.settings, clock, pool)


async def kept() -> int:
    rows = await get_connection("default").execute_query_dict(
        "SELECT count(*) AS n FROM text_vector WHERE vector IS NOT NULL"
    )
    return int(rows[0]["n"])


async def test_a_restarted_worker_reads_no_text_again(
    context: Context, clock: Clock, pools: tuple[Counting, Counting]
) -> None:
    made = [
        await offer.published(title=f"Course {n}", past=[f"Course given in year {n}"])
        for n in range(3)
    ]
    one = await request.open_request()
    first, second = pools
    for pool in pools:
        using = context_of(context, clock, pool)
        await asked(one)
        await look_for_changes(using)
        await work(using)
    assert len(first.texts) == 7  # three offers with a past work each, and the request
    assert second.texts == []
    assert await kept() == 7
    profile = await request_profile(one.id)
    assert profile is not None
    alone = rank(
        [profile],
        await offer_profiles([str(each.id) for each in made]),
        configuration=Configuration(),
        encoder=SentenceEncoder(),
        topics=await topic_tree(),
        today=NOW.date(),
        top=50,
    )[0]
    stored = await Pairing.filter(request_id=one.id).order_by("rank")
    assert [(str(row.offer_id), row.score, row.components) for row in stored] == [
        (each.offer, each.score, dict(each.components)) for each in alone.pairings
    ]
    assert (await Ranking.get(request_id=one.id)).model_version == alone.model_version


async def test_a_changed_text_is_read_again_and_a_deleted_one_forgotten(
    context: Context, clock: Clock, pools: tuple[Counting, Counting]
) -> None:
    made = await offer.published(past=["One", "Two"])
    using, pool = context_of(context, clock, pools[0]), pools[0]
    await look_for_changes(using)
    assert await kept() == 3
    await Offer.filter(id=made.id).update(past=["Three"], version=7)
    await look_for_changes(using)
    assert pool.texts[3:] == ["Three"]
    assert await kept() == 2
    await Offer.filter(id=made.id).delete()
    assert await kept() == 0


async def test_two_workers_share_what_is_missing(
    context: Context, clock: Clock, pools: tuple[Counting, Counting]
) -> None:
    for number in range(230):
        await offer.published(title=f"Course {number}")
    await asyncio.gather(*(look_for_changes(context_of(context, clock, pool)) for pool in pools))
    texts = [text for pool in pools for text in pool.texts]
    assert len(texts) == len(set(texts)) == 230
    assert all(pool.texts for pool in pools)
    assert all(pool.warm for pool in pools)


async def test_who_died_while_encoding_is_replaced(context: Context) -> None:
    made = await offer.published()
    parts = parts_of_offers(await offer_profiles([str(made.id)]))
    assert await take_missing(parts, "model") == parts
    assert await take_missing(parts, "model") == []
    assert await stored_vectors(parts, "model") == {}
    rows = "UPDATE text_vector SET leased_until = leased_until - interval '31 seconds'"
    await get_connection("default").execute_query(rows)
    assert await take_missing(parts, "model") == parts
    await keep_vectors(parts, {parts[0].mark: b"1234"}, "model")
    assert await stored_vectors(parts, "model") == {parts[0].mark: b"1234"}
    assert await stored_vectors(parts, "another model") == {}


async def test_a_dead_encoder_holds_nobody_up(
    context: Context, clock: Clock, pools: tuple[Counting, Counting]
) -> None:
    """What a worker took with it is read by the next one within seconds, not after its lease."""
    made = await offer.published()
    one = await request.open_request()
    pool = pools[0]
    parts = parts_of_offers(await offer_profiles([str(made.id)]))
    assert await take_missing(parts, await pool.model_version()) == parts  # and it dies
    using = context_of(context, clock, pool)
    started = time.monotonic()
    await look_for_changes(using)
    assert time.monotonic() - started < 10
    assert await kept() == 2  # the next one kept what it read
    await asked(one)
    await work(using)
    assert await ranked(one) == [made.id]


async def test_words_alone_keep_no_vectors(context: Context) -> None:
    await offer.published()
    await look_for_changes(context)
    assert await kept() == 0
