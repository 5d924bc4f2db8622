"""Where offers are many the nearest are looked at alone, and the best are found all the same."""

import pytest

from concord.actor import Role
from concord.cli.actors import operator
from concord.cli.imports import bring_offers, bring_requests
from concord.database import APP_ROLE, WORKER_ROLE
from concord.matches.actions.cascading import withdraw_offer
from concord.offers import actions
from concord.offers.models import Offer, OfferSlot
from concord.offers.states import OfferState
from concord.organizations.models import Organization
from concord.pairings import reranking
from concord.pairings.models import Outlook, Ranking
from concord.pairings.preselecting.rows import differing, held
from concord.settings import Settings
from tests.cli.samples import sample
from tests.conftest import NOW, Clock
from tests.factories import offers as offer
from tests.factories import people
from tests.factories import requests as request
from tests.factories.history import set_down
from tests.vectors import vector_database_url, vector_servers, vector_template, within
from tests.workers.conftest import asked, ranked, work
from tests.workers.preselecting import MANY, built, listed, rank_all, worker

__all__ = ["vector_database_url", "vector_servers", "vector_template"]
ASKED = "لا يستطيع رجال الشرطة حفظ الأدلة الرقمية. نطلب تدريب المستجيبين الأوائل على ضبط الهواتف."
FRENCH = "Le cours dure une semaine. Les policiers apprennent à saisir les téléphones."


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
        assert first >= 0.75 * len(whole)  # which forty offers it is depends on random ids


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
            alone = await listed()
            clock.forward(seconds=1)
            await reranking.start("command", now=clock())
            while await work(context):
                pass
            assert await listed() == alone
            assert {row.computed_at for row in await Ranking.all()} == {clock()}
        runs = await Ranking.all().values_list("request_id", "considered", "nearest", "eligible")
        assert sorted(runs) == sorted([(excluding.id, 2, True, 0), (free.id, 2, True, 2)])
        rows = await Outlook.all().values_list("possible", "alone", "values")
        assert rows[0] == rows[1] == (2, {}, {})
