"""Rankings twice, at once, after a kill, and with the sentence encoder."""

import asyncio
import os
import signal
from datetime import timedelta
from typing import Any

import pytest

from concord import jobs
from concord.inbox.models import Notice
from concord.offers.models import Offer
from concord.pairings import reranking
from concord.pairings.actions import drop_pairings, store_ranking
from concord.pairings.changes import settle, take_waiting
from concord.pairings.likenesses import likenesses_of
from concord.pairings.models import Pairing, Ranking
from concord.pairings.profiles import offer_profiles, request_profile, topic_tree
from matching.encoder import LexicalOnly
from matching.ranking import rank
from matching.scoring import Configuration
from tests.conftest import NOW, Clock
from tests.factories import offers as offer
from tests.factories import people
from tests.factories import requests as request
from tests.workers.conftest import FAR, asked, ranked, work
from workers.context import Context
from workers.main import HANDLERS
from workers.match_jobs import look_for_changes, weigh_changes
from workers.match_pool import MatchPool
from workers.outbox import dispatch
from workers.rerank_jobs import rank_chunk


async def test_the_process_ranks_as_the_command_line_does(context: Context) -> None:
    made = [await offer.published(), await offer.published(slots=[FAR])]
    one = await request.open_request()
    await asked(one)
    await work(context)
    profile = await request_profile(one.id)
    assert profile is not None
    expected = rank(
        [profile],
        await offer_profiles([str(each.id) for each in made]),
        configuration=Configuration(),
        encoder=LexicalOnly(),
        topics=await topic_tree(),
        today=NOW.date(),
        top=50,
    )[0]
    stored = await Pairing.filter(request_id=one.id).order_by("rank")
    assert [(str(row.offer_id), row.score) for row in stored] == [
        (pairing.offer, pairing.score) for pairing in expected.pairings
    ]


async def test_a_request_that_is_gone_asks_for_nothing(context: Context) -> None:
    nobody = (await people.organization()).id
    await jobs.enqueue(jobs.RANK_REQUEST, now=NOW, request_id=nobody)
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=NOW, request_id=nobody)
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=NOW, offer_id=nobody)
    assert await work(context) == 3
    assert await jobs.Outbox.filter(done_at=None).count() == 0


async def test_an_older_run_never_replaces_a_newer_one(context: Context) -> None:
    made = await offer.published()
    one = await request.open_request()
    profile = await request_profile(one.id)
    assert profile is not None
    await look_for_changes(context)
    found = (await context.pool.rank_many([profile], today=NOW.date()))[0]
    assert await store_ranking(one.id, found, considered=1, now=NOW)
    earlier = NOW - timedelta(seconds=1)
    assert not await store_ranking(one.id, found, considered=7, now=earlier)
    assert (await Ranking.get(request_id=one.id)).considered == 1
    assert await ranked(one) == [made.id]


async def test_two_dispatchers_at_once_rank_once(context: Context) -> None:
    await people.coordinator("QMM")
    made = [await offer.published() for _ in range(3)]
    open_ones = [await request.open_request() for _ in range(6)]
    await look_for_changes(context)
    await jobs.Outbox.all().delete()
    for one in open_ones:
        await asked(one)
    counts = await asyncio.gather(*(work(context) for _ in range(3)))
    assert sum(counts) == len(await jobs.Outbox.all())
    assert {row.attempts for row in await jobs.Outbox.all()} == {1}
    for one in open_ones:
        assert len(await ranked(one)) == len(made)
        assert await Notice.filter(payload__contains={"request": one.public_id}).count() == 1


async def test_a_killed_process_costs_one_try(context: Context, clock: Clock) -> None:
    made = await offer.published()
    one = await request.open_request()
    await look_for_changes(context)
    await jobs.Outbox.all().delete()
    await asked(one)
    os.kill(await context.pool.process_id(), signal.SIGKILL)
    assert await work(context) == 1
    row = await jobs.Outbox.get(name=jobs.RANK_REQUEST)
    assert (row.done_at, row.dead_at, row.error) == (None, None, "BrokenProcessPool")
    assert not context.pool.warm
    clock.forward(seconds=10)
    assert await work(context) == 0  # rankings wait until the process is warm again
    await look_for_changes(context)
    await work(context)
    assert await ranked(one) == [made.id]
    assert (await jobs.Outbox.get(id=row.id)).attempts == 2


async def test_dropping_what_is_not_there_changes_nothing(database: None) -> None:
    await drop_pairings((await people.organization()).id, now=NOW)
    assert await Pairing.all().count() == 0


async def test_the_encoder_finds_the_same_matter_in_another_language(
    context: Context, clock: Clock
) -> None:
    """Two offers without a common word or topic: the sentence encoder tells them apart."""
    near = await offer.published(
        title="Formation des premiers intervenants",
        description="Saisie et conservation des preuves numériques par les policiers.",
        language="fr",
        slots=[],
    )
    far = await offer.published(
        title="Rédaction législative",
        description="Relecture d'un projet de loi sur la protection des données personnelles.",
        language="fr",
        slots=[],
    )
    one = await request.open_request(
        title="Training of first responders",
        description="Police officers seize and preserve digital evidence without training.",
    )
    await asked(one)
    using = Context(context.settings, clock, MatchPool("use"))
    try:
        await look_for_changes(using)
        await work(using)
        assert await ranked(one) == [near.id, far.id]
        assert "use" in (await Ranking.get(request_id=one.id)).model_version.lower()
    finally:
        using.pool.close()


async def test_the_closest_sentences_are_found_across_languages_once(
    context: Context, clock: Clock
) -> None:
    french = await offer.published(
        title="Formation",
        description="Le cours dure une semaine. Saisie des téléphones et des ordinateurs.",
        language="fr",
    )
    english = await offer.published(title="Course", description="Seizure of telephones.")
    one = await request.open_request(
        title="Assistance", description="Rooms are there. Officers seize telephones and computers."
    )
    using = Context(context.settings, clock, MatchPool("use"))
    try:
        await look_for_changes(using)
        await asked(one)
        await work(using)
        pair = await Pairing.get(request_id=one.id, offer_id=french.id)
        closest = (await likenesses_of(one.id))[str(french.id)]
        assert closest["request"] == "Officers seize telephones and computers."
        assert closest["offer"] == "Saisie des téléphones et des ordinateurs."
        kept = {"mark": closest["mark"], "request": "As kept", "offer": "As kept"}
        await Pairing.filter(id=pair.id).update(explanation=pair.explanation | {"closest": kept})
        clock.forward(seconds=1)
        await asked(one)
        await work(using)
        assert await likenesses_of(one.id) == {str(french.id): kept}
        same = await Pairing.get(request_id=one.id, offer_id=english.id)
        assert "closest" not in same.explanation
    finally:
        using.pool.close()


@pytest.mark.parametrize("in_a_run", [False, True])
async def test_an_offer_that_goes_while_it_is_ranked_does_not_stay(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch, in_a_run: bool
) -> None:
    """Its change is weighed before anybody can see that the request lists it."""
    one = await request.open_request()
    stays = await offer.published(title="Course that stays")
    await asked(one)
    while await work(context):
        pass
    goes = await offer.published()
    clock.forward(minutes=1)
    if in_a_run:
        await reranking.start("command", now=clock())
        await reranking.plan(now=clock())
    else:
        await asked(one)
    ranking = MatchPool.rank_many

    async def rank_and_lose(*arguments: Any, **named: Any) -> Any:
        found = await ranking(*arguments, **named)
        await Offer.filter(id=goes.id).update(state="withdrawn")
        waiting = await take_waiting(lease=timedelta(minutes=1))
        assert str(goes.id) in {change.offer for change in waiting}
        await settle(waiting)
        return found

    with monkeypatch.context() as once:
        once.setattr(MatchPool, "rank_many", rank_and_lose)
        if in_a_run:
            assert await rank_chunk(context)
        else:
            assert await dispatch(context, HANDLERS, limit=1)
    clock.forward(minutes=1)
    await weigh_changes(context)  # as every second
    while await work(context):
        pass
    assert await ranked(one) == [stays.id]
