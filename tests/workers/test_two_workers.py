"""Two workers at once: an answer in another language is on the page at once, whoever dies."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from concord import jobs
from concord.actor import Role
from concord.doorbell import Doorbell
from concord.offers import actions
from concord.offers.models import Offer
from concord.settings import Settings
from tests.conftest import Client, SignIn, make_settings
from tests.factories import offers, people, requests
from tests.servers import Servers
from tests.workers.test_process import nothing_waits, own_redis, until, worker

SHORT = "tests.workers.short_lease"
ASKED = "لا يستطيع رجال الشرطة حفظ الأدلة الرقمية. نطلب تدريب المستجيبين الأوائل على ضبط الهواتف."
FRENCH = "Le cours dure une semaine. Les policiers apprennent à saisir les téléphones."
OTHERS = 30


@pytest.fixture
def reading(servers: Servers, database_url: str, tmp_path: Path, worker_id: str) -> Settings:
    """Workers that read texts for their meaning."""
    url = own_redis(servers.redis_url, worker_id)
    return make_settings(servers, database_url, tmp_path, REDIS_URL=url, CONCORD_EMBEDDINGS="use")


async def waiting(title: str) -> Offer:
    return await offers.submitted(
        title=title, description=FRENCH, language="fr", delivery_languages=["fr"]
    )


async def shown(browser: Client, address: str, offer: Offer) -> str:
    """The page, once the offer is among the candidates."""
    found = ""

    async def is_there() -> bool:
        nonlocal found
        found = (await browser.get(address)).text
        return f"/offers/{offer.public_id}" in found

    await until(is_there)
    return found


async def test_an_answer_in_another_language_shows_and_a_death_loses_nothing(
    reading: Settings, sign_in: SignIn
) -> None:
    for number in range(OTHERS):
        await offers.published(title=f"Drafting of laws {number}", description="Bills are read.")
    one = await requests.open_request(
        title="تدريب", description=ASKED, language="ar", working_languages=["ar", "fr"]
    )
    first, second = await waiting("Saisie des téléphones"), await waiting("Preuves numériques")
    publisher = await people.coordinator()
    browser = await sign_in(await people.member(Role.COORDINATOR))
    address, bell = f"/requests/{one.public_id}/pairings", Doorbell(reading.redis_address)
    async with worker(reading, SHORT) as doomed, worker(reading, SHORT):
        await jobs.enqueue(jobs.RANK_REQUEST, now=datetime.now(UTC), request_id=one.id)
        await until(bell.is_answered)
        await until(nothing_waits)
        await actions.publish(first, actor=publisher, now=datetime.now(UTC))
        await bell.ring()
        page = await shown(browser, address, first)
        assert "The closest sentences:" in page
        assert "apprennent à saisir les téléphones" in page
        assert page.index(first.public_id) < page.index("Kind of help")
        await actions.publish(second, actor=publisher, now=datetime.now(UTC))
        await bell.ring()
        doomed.kill()
        await doomed.wait()
        await shown(browser, address, second)
        await until(nothing_waits)
    await bell.close()
    assert await jobs.Outbox.filter(dead_at__isnull=False).count() == 0
