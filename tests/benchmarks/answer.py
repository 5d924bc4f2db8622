"""A French offer that answers an Arabic request: from publication to the coordinator's page."""

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape

import httpx2
import psutil

from concord import jobs
from concord.accounts.models import Membership, Person
from concord.actor import Actor, Role
from concord.database import transaction
from concord.doorbell import Doorbell
from concord.offers.actions import publish
from concord.offers.models import Offer
from concord.organizations.models import Organization
from concord.pairings import reranking, wording
from concord.reference.queries import code_lists
from concord.requests.models import Request
from concord.requests.states import RequestState
from concord.settings import Settings
from concord.web.i18n import use_locale
from tests.benchmarks import corpus, pages, speed
from tests.factories import offers, people

REPEATS = 20
KILLED_AFTER = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4)  # seconds after the publication
INTERFACES = ("en", "ar")
PATIENCE = 600  # seconds: two workers read ten thousand texts first
LOST = 120  # seconds
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
    """Seconds: the first ranking of all requests, each publication, and each with a death at
    once; beside each publication the load average, and the CPU seconds of both workers until
    all that it caused was done."""

    first: float
    seconds: Sequence[float]
    loads: Sequence[float]
    cpu: Sequence[float]
    killed: Sequence[float]
    dead: int


async def asked() -> Request:
    """The Arabic request, open, of exactly the topic and kind of help that is offered."""
    topic, modality, *_ = SLOT
    requests = await Request.filter(
        language="ar",
        title__startswith=ASKED,
        state=RequestState.OPEN,
        items__modality_id=modality,
        items__topic_id=topic,
    )
    return min(requests, key=lambda request: request.title)


async def ask_for_rankings() -> None:
    """Every open request waits for its first ranking."""
    async with transaction():
        for request in await Request.filter(state=RequestState.OPEN).order_by("id"):
            await jobs.enqueue(jobs.RANK_REQUEST, now=datetime.now(UTC), request_id=request.id)


async def waiting() -> bool:
    """Whether there is anything to do, a run over all requests too (it may be night)."""
    runs = await reranking.latest_runs()
    is_running = bool(runs) and runs[0].is_running
    return is_running or await jobs.Outbox.filter(done_at=None, dead_at=None).exists()


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


@dataclass(frozen=True, slots=True)
class Reader:
    """A coordinator, signed in, and the request whose pairings are read again and again."""

    browser: httpx2.AsyncClient
    membership: Membership
    request: Request

    async def card(self, offer: Offer) -> str:
        """What the page of this very request says of the offer; nothing while it is not there."""
        address = f"/requests/{self.request.public_id}/pairings"
        answer = await self.browser.get(address, params={"more": "yes"})
        page = unescape(answer.raise_for_status().text)
        if self.request.title not in page:
            raise RuntimeError("another page answered")
        cards = re.findall(r"<article[^>]* data-pairing>.*?</article>", page, re.DOTALL)
        return next((card for card in cards if f'"/offers/{offer.public_id}"' in card), "")

    async def reads_in(self, locale: str) -> None:
        await Person.filter(id=self.membership.person_id).update(locale=locale)

    async def sees(self, offer: Offer) -> float:
        """Seconds until the offer is there, explained, in every interface."""
        started = time.perf_counter()
        while not (card := await self.card(offer)):
            if time.perf_counter() - started > LOST:
                raise TimeoutError("the offer does not appear")
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - started
        for locale in INTERFACES:
            await self.reads_in(locale)
            card = await self.card(offer)
            missing = [words for words in await explained(offer, locale) if words not in card]
            if missing:
                raise RuntimeError(f"the explanation is not this offer's: {missing}")
        await self.reads_in(INTERFACES[0])
        return seconds


async def explained(offer: Offer, locale: str) -> list[str]:
    """What is said of this offer and of no other: its name, whose it is, and why it is there."""
    lists, topic = await code_lists(), SLOT[0]
    owner = await Organization.get(id=offer.organization_id)
    with use_locale(locale):
        reasons = [
            wording.reason("topic", {"asked": topic, "offered": topic}, lists),
            wording.reason("language", {"common": ["ar"]}, lists),
        ]
    return [offer.title, owner.name, *reasons]


class Trial:
    """Publishes offers one after another, each read by the coordinator when it appears."""

    def __init__(self, reader: Reader, of: Sequence[Organization], bell: Doorbell) -> None:
        self._reader, self._of, self._bell = reader, of, bell
        self._count = 0

    async def publish(self) -> Offer:
        made = await submitted(self._of[self._count], self._count, self._reader.request)
        self._count += 1
        await publish_as(self._reader.membership, made, self._bell)
        return made

    async def seconds(self) -> float:
        found = await self._reader.sees(await self.publish())
        await quiet()
        return found

    async def seconds_with_a_death(self, workers: ExitStack, settings: Settings) -> list[float]:
        """One worker of two is killed each time, a moment later each time."""
        found = []
        for moment in KILLED_AFTER:
            doomed = workers.enter_context(speed.worker(settings))
            await speed.idle([doomed])
            made = await self.publish()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), moment)
            speed.kill(doomed)
            found.append(await self._reader.sees(made))
            await quiet()
        return found


async def measure(settings: Settings, *, offers_wanted: int, requests_wanted: int) -> Figures:
    """Seconds to the page, with two workers, and with one of them killed at once."""
    of = await corpus.fill(offers_wanted, requests_wanted)
    await ask_for_rankings()
    me = await people.member(Role.COORDINATOR)
    cookies = {settings.cookie_name: await pages.session(me)}
    bell = Doorbell(settings.redis_address)
    seconds, loads, cpu = [], [], []
    async with httpx2.AsyncClient(base_url=settings.public_url, cookies=cookies) as browser:
        trial = Trial(Reader(browser, me, await asked()), of, bell)
        with pages.served(settings), ExitStack() as workers:
            one = workers.enter_context(speed.worker(settings))
            with speed.worker(settings) as other:
                first = await quiet()
                for _ in range(REPEATS):
                    loads.append(psutil.getloadavg()[0])
                    before = speed.spent(one.pid) + speed.spent(other.pid)
                    seconds.append(await trial.seconds())
                    cpu.append(speed.spent(one.pid) + speed.spent(other.pid) - before)
            killed = await trial.seconds_with_a_death(workers, settings)
    await bell.close()
    dead = await jobs.Outbox.filter(dead_at__isnull=False).count()
    return Figures(first, seconds, loads, cpu, killed, dead)
