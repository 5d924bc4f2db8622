"""A French offer that answers an Arabic request: from publication to the coordinator's page."""

import asyncio
import time
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
from tests.benchmarks import corpus
from tests.factories import offers

PATIENCE = 600  # seconds: two workers read ten thousand texts first
SLOT = ("SUB.01", "legislative_assistance", 5, "legal_texts")
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


async def asked() -> Request:
    """The Arabic request, open."""
    requests = await Request.filter(language="ar", title__startswith="المساعدة في صياغة")
    return sorted(requests, key=lambda request: request.id)[0]


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


async def fill(offers_wanted: int, requests_wanted: int) -> list[Organization]:
    """Offers on offer and requests open; the providers."""
    of = await corpus.providers()
    await corpus.add_offers(offers_wanted, of, seed=1)
    await corpus.add_requests(requests_wanted, RequestState.OPEN, seed=1)
    return of
