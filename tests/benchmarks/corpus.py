"""A scratch database of the size asked for: sample texts, varied, as rows."""

import csv
import random
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

from tortoise.connection import get_connection

from concord.offers.models import Offer, OfferSlot
from concord.offers.states import Funding, OfferState
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from concord.reference.identifiers import new_public_id
from concord.requests.models import Request, RequestItem
from concord.requests.states import Confidentiality, RequestState
from tests.benchmarks import vectors
from tests.factories.history import unguarded

Row = dict[str, str]
_made: set[str] = set()
MOMENT = datetime(2027, 1, 11, 9, tzinfo=UTC)


def sample(name: str) -> list[Row]:
    text = (files("concord.demo") / "sample" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def public_id(prefix: str) -> str:
    """One that was not made here before: among ten thousand at random two would be the same."""
    while (made := new_public_id(prefix)) in _made:
        pass
    _made.add(made)
    return made


async def providers(count: int = 40) -> list[Organization]:
    """Verified providers, plainly illustrative."""
    made = [
        Organization(
            public_id=new_public_id("ORG"),
            name=f"Illustrative Provider {number}",
            name_key=f"illustrative provider {number}",
            kind=OrganizationKind.ACADEMIA,
            verification=Verification.VERIFIED,
        )
        for number in range(count)
    ]
    await Organization.bulk_create(made)
    return await Organization.filter(kind=OrganizationKind.ACADEMIA).order_by("name_key")


async def fill(offers: int, requests: int) -> list[Organization]:
    """Offers on offer and requests open, their vectors kept, nothing waiting; the providers."""
    of = await providers()
    await add_offers(offers, of, seed=1)
    await add_requests(requests, RequestState.OPEN, seed=1)
    await vectors.keep_all(vectors.Neighbours())
    await get_connection("default").execute_query("UPDATE matcher_change SET weighed = true")
    return of


async def add_offers(count: int, of: list[Organization], *, seed: int) -> None:
    """Published offers with one slot each; every text differs from every other."""
    chance, rows = random.Random(seed), sample("offers")  # noqa: S311 - no secret
    offers, slots = [], []
    for number in range(count):
        row = rows[number % len(rows)]
        offer = _offer(row, of[number % len(of)], chance, f"{seed}-{number}")
        offers.append(offer)
        slots.append(_slot(row, offer, chance))
    async with unguarded():
        await Offer.bulk_create(offers, batch_size=500)
    await OfferSlot.bulk_create(slots, batch_size=500)


def _offer(row: Row, of: Organization, chance: random.Random, mark: str) -> Offer:
    words = row["description"].split()
    chance.shuffle(words)
    return Offer(
        public_id=public_id("OFR"),
        organization_id=of.id,
        title=f"{row['title']} {mark}",
        description=" ".join(words),
        language=row["language"],
        delivery_languages=listed(row["delivery_languages"]),
        starts_on=date(2027, 1, 1) + timedelta(days=chance.randrange(60)),
        ends_on=date(2028, 1, 1) + timedelta(days=chance.randrange(360)),
        state=OfferState.PUBLISHED,
        state_since=MOMENT,
        scope_changed_at=MOMENT,
        submitted_at=MOMENT,
        published_at=MOMENT,
        past=listed(row["past"])[:2],
    )


def _slot(row: Row, offer: Offer, chance: random.Random) -> OfferSlot:
    capacity = row["capacity"]
    return OfferSlot(
        offer_id=offer.id,
        position=1,
        topic_id=listed(row["topics"])[0],
        modality_id=row["modality"],
        capacity=int(capacity) + chance.randrange(20) if capacity.isdigit() else None,
        unit_id=row["unit"] or None,
        funding=Funding(row["funding"] or "none"),
    )


async def add_requests(count: int, state: RequestState, *, seed: int) -> list[Request]:
    """Requests of the illustrative States, with one item each."""
    rows = sample("requests")
    made, items = [], []
    for number in range(count):
        row = rows[number % len(rows)]
        request = _request(row, state, f"{seed}-{number}")
        made.append(request)
        items.append(_item(row, request))
    async with unguarded():
        await Request.bulk_create(made, batch_size=500)
    await RequestItem.bulk_create(items, batch_size=500)
    return made


def _request(row: Row, state: RequestState, mark: str) -> Request:
    return Request(
        public_id=public_id("REQ"),
        lead_state_id=row["state"],
        title=f"{row['title']} {mark}",
        description=row["description"],
        language=row["language"],
        outcome=row["outcome"],
        working_languages=[row["language"]],
        confidentiality=Confidentiality.PARTNERS,
        circulation_text=row["title"],
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 12, 31),
        state=state,
        state_since=MOMENT,
        scope_changed_at=MOMENT,
        submitted_at=MOMENT,
        opened_at=MOMENT,
        circulated_at=MOMENT,
    )


def _item(row: Row, request: Request) -> RequestItem:
    quantity = row["quantity"]
    return RequestItem(
        request_id=request.id,
        position=1,
        topic_id=listed(row["topics"])[0],
        modality_id=row["modality"] or "training_course",
        institution=row["institution"],
        quantity=int(quantity) if quantity else 1,
        unit_id=row["unit"] or "training_places",
    )
