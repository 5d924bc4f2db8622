"""A French offer that answers an Arabic request: from publication to the coordinator's page."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2

from concord import jobs
from concord.accounts.models import Membership
from concord.actor import Actor, Role
from concord.database import transaction
from concord.doorbell import Doorbell
from concord.offers.actions import publish
from concord.offers.models import Offer
from concord.organizations.models import Organization
from concord.requests.models import Request
from concord.requests.states import RequestState
from concord.settings import Settings
from tests.benchmarks import corpus, pages, speed
from tests.factories import offers, people

REPEATS = 20
PATIENCE = 600  # seconds: two workers read ten thousand texts first
SLOT = ("SUB.01", "legislative_assistance", 5, "legal_texts")
ASKED = "المساعدة في صياغة قانون لمكافحة الجرائم السيبرانية"
TITLE = "Aide à la rédaction d'une loi contre la cybercriminalité {number}"
TEXT = (
    "Le Ministère de la justice prépare un projet de loi complet contre la cybercriminalité, "
    "appelé à remplacer des dispositions éparses du Code pénal et de la loi sur les "
    "télécommunications. Des experts arabophones de la rédaction législative relisent le premier "
    "projet, l'alignent sur la Convention des Nations Unies contre la cybercriminalité, "
    "incriminent l'accès illégal aux systèmes informatiques et l'atteinte aux données, donnent au "
    "parquet le pouvoir d'ordonner la conservation rapide de données et animent un atelier pour "
    "les membres de la commission parlementaire compétente sur les conditions et les garanties "
    "relatives aux droits de l'homme, avant que le projet ne soit transmis au parlement. "
    "Un projet de loi complet avec exposé des motifs, prêt à être transmis au parlement."
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds: the first ranking of all requests, each publication, and one with a death."""

    first: float
    seconds: Sequence[float]
    killed: float
    dead: int


async def asked() -> Request:
    """The Arabic request, open."""
    topic, modality, *_ = SLOT
    requests = await Request.filter(
        language="ar", title__startswith=ASKED, items__modality_id=modality, items__topic_id=topic
    )
    return min(requests, key=lambda request: request.title)


async def ask_for_rankings() -> None:
    """Every open request waits for its first ranking."""
    async with transaction():
        for request in await Request.filter(state=RequestState.OPEN).order_by("id"):
            await jobs.enqueue(jobs.RANK_REQUEST, now=datetime.now(UTC), request_id=request.id)


async def waiting() -> int:
    return await jobs.Outbox.filter(done_at=None, dead_at=None).count()


async def quiet() -> float:
    """Seconds until nothing waits any more."""
    started = time.perf_counter()
    while time.perf_counter() - started < PATIENCE:
        if not await waiting():
            return time.perf_counter() - started
        await asyncio.sleep(0.05)
    raise TimeoutError("the workers do not come to an end")


async def submitted(of: Organization, number: int, request: Request) -> Offer:
    """Written and sent in, in French, delivered in Arabic too."""
    return await offers.submitted(
        of,
        title=TITLE.format(number=number),
        description=TEXT,
        language="fr",
        delivery_languages=["ar", "fr"],
        regions=[request.lead_state_id],
        slots=[SLOT],
    )


async def publish_as(membership: Membership, offer: Offer, doorbell: Doorbell) -> None:
    """What the coordinator's button does."""
    actor = Actor(person_id=membership.person_id, role=Role.COORDINATOR)
    await publish(offer, actor=actor, now=datetime.now(UTC))
    await doorbell.ring()


async def shown(browser: httpx2.AsyncClient, request: Request, offer: Offer) -> float:
    """Seconds until the page of the request's pairings explains the offer."""
    started = time.perf_counter()
    while time.perf_counter() - started < PATIENCE:
        page = (await browser.get(f"/requests/{request.public_id}/pairings")).text
        if offer.public_id in page and "Same topic" in page.split(offer.public_id, 1)[1]:
            return time.perf_counter() - started
        await asyncio.sleep(0.02)
    raise TimeoutError("the offer does not appear")


async def measure(settings: Settings, *, offers_wanted: int, requests_wanted: int) -> Figures:
    """Seconds to the page, with two workers, and with one of them killed at once."""
    of = await corpus.fill(offers_wanted, requests_wanted)
    await ask_for_rankings()
    me = await people.member(Role.COORDINATOR)
    cookies = {settings.cookie_name: await pages.session(me)}
    request, bell = await asked(), Doorbell(settings.redis_address)
    seconds = []
    async with httpx2.AsyncClient(base_url=settings.public_url, cookies=cookies) as browser:
        with pages.served(settings), speed.worker(settings), speed.worker(settings) as doomed:
            first = await quiet()
            for number in range(REPEATS):
                made = await submitted(of[number], number, request)
                await publish_as(me, made, bell)
                seconds.append(await shown(browser, request, made))
                await quiet()
            made = await submitted(of[REPEATS], REPEATS, request)
            await publish_as(me, made, bell)
            speed.kill(doomed)
            killed = await shown(browser, request, made)
            await quiet()
    await bell.close()
    dead = await jobs.Outbox.filter(dead_at__isnull=False).count()
    return Figures(first, seconds, killed, dead)
