"""Where offers are many the nearest are looked at alone, and the best are found all the same."""

import os
import signal
from collections.abc import AsyncIterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from concord.actor import Role
from concord.cli.actors import operator
from concord.cli.imports import bring_offers, bring_requests
from concord.cli.preselection.building import Indexing, build
from concord.cli.preselection.encoding import reader
from concord.database import APP_ROLE, WORKER_ROLE
from concord.matches.actions.cascading import withdraw_offer
from concord.offers import actions
from concord.offers.models import Offer, OfferSlot
from concord.offers.states import OfferState
from concord.organizations.models import Organization
from concord.pairings.models import Outlook, Pairing, Ranking
from concord.pairings.preselecting import tables
from concord.pairings.preselecting.rows import differing, held
from concord.requests.models import Request
from concord.settings import Settings
from tests.cli.samples import sample
from tests.conftest import NOW, Clock
from tests.factories import offers as offer
from tests.factories import people
from tests.factories import requests as request
from tests.factories.history import set_down
from tests.vectors import vector_database_url, vector_servers, vector_template, within
from tests.workers.conftest import asked, ranked, work
from tests.workers.test_process import until
from workers import match_preselection
from workers.context import Context
from workers.match_jobs import look_for_changes
from workers.match_pool import MatchPool

__all__ = ["vector_database_url", "vector_servers", "vector_template"]
MANY = 30
ASKED = "لا يستطيع رجال الشرطة حفظ الأدلة الرقمية. نطلب تدريب المستجيبين الأوائل على ضبط الهواتف."
FRENCH = "Le cours dure une semaine. Les policiers apprennent à saisir les téléphones."


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


async def the_sample() -> None:
    """The sample's offers, published, and its requests, open."""
    admin = operator(Role.ADMIN)
    await bring_offers(sample("offers"), skip_bad=False, source="S", actor=admin, now=NOW)
    for place in await Organization.all():
        await set_down(place, verification="verified")
    for each in await Offer.all():
        await set_down(each, state=OfferState.PUBLISHED, published_at=NOW)
    await bring_requests(
        sample("requests"),
        skip_bad=False,
        as_open="Sample",
        source="S",
        actor=operator(Role.COORDINATOR),
        now=NOW,
    )


async def rank_all(context: Context, clock: Clock) -> dict[str, list[tuple[str, float]]]:
    clock.forward(seconds=1)
    for each in await Request.all():
        await asked(each)
    while await work(context):
        pass
    return await listed()


async def is_broken(pool: MatchPool) -> bool:
    try:
        await pool.process_id()
    except BrokenProcessPool:
        return True
    return False


async def test_the_sample_is_ranked_as_by_looking_at_every_offer(
    vector_database_url: str, settings: Settings, clock: Clock
) -> None:
    async with within(vector_database_url):
        await the_sample()
        async with worker(settings, clock, above=0) as context:
            whole = await rank_all(context, clock)
        await built(reference=100)
        async with worker(settings, clock) as context:
            near = await rank_all(context, clock)
            assert context.pool.edition is not None
        assert near.keys() == whole.keys()
        for one, rows in whole.items():
            assert [each for each, _ in near[one]] == [each for each, _ in rows]
            assert [score for _, score in near[one]] == pytest.approx(
                [score for _, score in rows], abs=0.00001
            )
        await built(reference=40, anew=True)
        async with worker(settings, clock) as context:
            assert len(context.pool.offers) == 40
            drawn = await rank_all(context, clock)
        assert drawn.keys() == whole.keys()
        first = sum(drawn[one][0][0] == whole[one][0][0] for one in whole)
        assert first >= 0.9 * len(whole)


async def test_offers_come_change_and_go(
    vector_database_url: str, settings: Settings, clock: Clock
) -> None:
    """As the application and the worker act, behind row security; two workers agree."""
    async with within(vector_database_url):
        for number in range(MANY + 10):
            await offer.published(
                title=f"Drafting of laws {number}",
                description="Bills are read.",
                delivery_languages=["en"],
            )
        one = await request.open_request(
            title="تدريب", description=ASKED, language="ar", working_languages=["ar", "fr"]
        )
        new = await offer.submitted(
            title="Saisie", description=FRENCH, language="fr", delivery_languages=["fr"]
        )
        publisher = await people.coordinator()
        await built(reference=20)
    async with (
        within(vector_database_url, role=WORKER_ROLE),
        worker(settings, clock) as context,
        worker(settings, clock) as other,
    ):
        assert len(context.pool.offers) == 20

        async def both() -> list[str]:
            """What either of them ranks now."""
            found = []
            for each in (context, other):
                clock.forward(seconds=1)
                await asked(one)
                await work(each)
                found.append(await listed())
            assert found[0] == found[1]
            return [offer for offer, _ in found[0].get(str(one.id), [])]

        assert await both() == []
        async with within(vector_database_url, role=APP_ROLE):
            await actions.publish(new, actor=publisher, now=NOW)
        await work(context)
        assert await ranked(one) == [new.id]
        assert (await Ranking.get(request_id=one.id)).considered == 1
        assert await both() == [str(new.id)]

        async with within(vector_database_url, role=APP_ROLE):
            await Offer.filter(id=new.id).update(delivery_languages=["ru"], version=7)
        assert await both() == []
        async with within(vector_database_url, role=APP_ROLE):
            await Offer.filter(id=new.id).update(delivery_languages=["ar"], version=8)
            await OfferSlot.filter(offer_id=new.id).update(held=1, version=8)
        assert await both() == [str(new.id)]
        assert await differing() == []

        async with within(vector_database_url, role=APP_ROLE):
            await withdraw_offer(await Offer.get(id=new.id), actor=publisher, now=NOW)
        assert await both() == []
        assert await held([str(new.id)]) == {}


async def test_no_exclusion_moves_what_a_state_reads(
    vector_database_url: str, settings: Settings, clock: Clock
) -> None:
    async with within(vector_database_url):
        unwanted = await people.provider()
        for number in range(MANY):
            await offer.published(title=f"Course {number}", delivery_languages=["ru"])
        for excluded in ([], ["QMM"]):
            await offer.published(unwanted, excluded=excluded)
        excluding = await request.open_request(excluded=[unwanted])
        free = await request.open_request("QNN")
        await built(reference=10)
        async with worker(settings, clock) as context:
            await rank_all(context, clock)
        runs = await Ranking.all().values_list("request_id", "considered", "nearest", "eligible")
        assert sorted(runs) == sorted([(excluding.id, 2, True, 0), (free.id, 2, True, 2)])
        rows = await Outlook.all().values_list("possible", "alone", "values")
        assert rows[0] == rows[1] == (2, {}, {})


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
            os.kill(await pool.process_id(), signal.SIGKILL)
            await until(lambda: is_broken(pool))
            await Offer.filter(id=made[0].id).update(delivery_languages=["fr"], version=3)
            await look_for_changes(context)
            assert (pool.edition is not None, len(pool.offers)) == (True, 10)
            assert await differing() == []


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
        await get_connection("default").execute_query(
            "UPDATE preselection.edition SET encoder = 'another'"
        )
        async with worker(settings, clock, above=5) as context:
            assert context.pool.edition is None
