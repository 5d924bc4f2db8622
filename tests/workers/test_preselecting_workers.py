"""Two workers that look at the nearest offers alone: an answer shows at once, whoever dies."""

from datetime import UTC, datetime
from pathlib import Path

from concord import jobs
from concord.database import APP_ROLE
from concord.doorbell import Doorbell
from concord.offers import actions
from concord.offers.models import Offer
from concord.pairings.models import Pairing, Ranking
from concord.pairings.preselecting import tables
from concord.requests.models import Request
from tests.conftest import make_settings
from tests.factories import offers, people, requests
from tests.servers import Servers
from tests.vectors import vector_database_url, vector_servers, vector_template, within
from tests.workers.preselecting import built
from tests.workers.test_process import nothing_waits, own_redis, until, worker
from tests.workers.test_two_workers import ASKED, FRENCH, OTHERS, SHORT

__all__ = ["vector_database_url", "vector_servers", "vector_template"]


async def lists(one: Request, made: Offer) -> bool:
    return await Pairing.filter(request_id=one.id, offer_id=made.id).exists()


async def waiting(title: str) -> Offer:
    return await offers.submitted(
        title=title, description=FRENCH, language="fr", delivery_languages=["fr"]
    )


async def test_an_answer_shows_and_neither_a_death_nor_a_drop_loses_anything(
    vector_servers: Servers, vector_database_url: str, tmp_path: Path, worker_id: str
) -> None:
    settings = make_settings(
        vector_servers,
        vector_database_url,
        tmp_path,
        REDIS_URL=own_redis(vector_servers.redis_url, worker_id),
        CONCORD_EMBEDDINGS="use",
        CONCORD_MATCHER_PRESELECT_FROM=str(OTHERS),
    )
    async with within(vector_database_url):
        for number in range(OTHERS):
            await offers.published(title=f"Drafting of laws {number}", description="Bills.")
        one = await requests.open_request(
            title="تدريب", description=ASKED, language="ar", working_languages=["ar", "fr"]
        )
        made = [await waiting(title) for title in ("Saisie", "Preuves", "Téléphones")]
        publisher = await people.coordinator()
        await built(reference=10)
    bell = Doorbell(settings.redis_address)
    async with (
        within(vector_database_url, role=APP_ROLE),
        worker(settings, SHORT) as doomed,
        worker(settings, SHORT),
    ):

        async def published(number: int) -> None:
            await actions.publish(made[number], actor=publisher, now=datetime.now(UTC))
            await bell.ring()

        await jobs.enqueue(jobs.RANK_REQUEST, now=datetime.now(UTC), request_id=one.id)
        await until(bell.is_answered)
        await until(nothing_waits)
        await published(0)
        await until(lambda: lists(one, made[0]))
        assert (await Ranking.get(request_id=one.id)).nearest
        await published(1)
        doomed.kill()
        await doomed.wait()
        await until(lambda: lists(one, made[1]))
        async with within(vector_database_url):
            await tables.remove()
        await published(2)
        await until(lambda: lists(one, made[2]))
        await until(nothing_waits)
        assert not (await Ranking.get(request_id=one.id)).nearest
        assert await jobs.Outbox.filter(dead_at__isnull=False).count() == 0
    await bell.close()
