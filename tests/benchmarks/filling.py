"""A database of a million published offers within minutes: rows copied in, nothing guarded."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from concord.database import credentials
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from concord.settings import Settings
from matching.encoder import stored
from matching.excerpts import digest, offer_texts
from matching.types import OfferProfile
from tests.benchmarks.composed import BATCH, Composer, Offered
from tests.benchmarks.corpus import MOMENT, public_id
from tests.benchmarks.stated import Provider
from tests.factories.history import unguarded

PROVIDERS, AUTHORITIES = 1500, 60
KINDS = (
    OrganizationKind.ACADEMIA,
    OrganizationKind.INTERGOVERNMENTAL,
    OrganizationKind.PRIVATE_SECTOR,
    OrganizationKind.CIVIL_SOCIETY,
)
OFFER = (
    *("id", "version", "created_at", "public_id", "organization_id", "directed_state_id"),
    *("title", "description", "language", "conditions", "delivery_languages", "regions"),
    *("tags", "past", "starts_on", "ends_on", "state", "state_since", "scope_changed_at"),
    *("submitted_at", "published_at", "updated_at"),
)
SLOT = (
    *("id", "version", "created_at", "offer_id", "position", "topic_id", "modality_id"),
    *("capacity", "unit_id", "funding", "held", "reserved", "delivered"),
)
EXCLUSION = ("id", "version", "created_at", "offer_id", "state_id")
VECTOR = ("subject_kind", "subject_id", "part", "model_version", "digest", "vector")
Rows = list[tuple[Any, ...]]


@asynccontextmanager
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(**credentials(settings.owner_database_url))
    try:
        yield connection
    finally:
        await connection.close()


async def providers(states: Sequence[str]) -> list[Provider]:
    """Verified ones, some of them authorities of these States; plainly illustrative."""
    made = []
    for number in range(PROVIDERS):
        state = states[number % len(states)] if number < AUTHORITIES else None
        organization = Organization(
            public_id=public_id("ORG"),
            name=f"Illustrative Provider {number}",
            name_key=f"illustrative provider {number}",
            kind=OrganizationKind.STATE if state else KINDS[number % len(KINDS)],
            state_id=state,
            verification=Verification.VERIFIED,
        )
        made.append(organization)
    async with unguarded():
        await Organization.bulk_create(made, batch_size=500)
    return [Provider(str(each.id), each.kind.value, each.state_id) for each in made]


async def known_providers() -> list[Provider]:
    """The same again, in the same order."""
    rows = await Organization.filter(name__startswith="Illustrative Provider ")
    rows.sort(key=lambda each: int(each.name.rsplit(" ", 1)[1]))
    return [Provider(str(each.id), each.kind.value, each.state_id) for each in rows]


async def fill(settings: Settings, composer: Composer, count: int, model_version: str) -> None:
    """What is made together is written without a log, so that a full disk is the only limit."""
    async with owner(settings) as connection:
        await connection.execute("SET session_replication_role = replica")
        async with connection.transaction():
            await connection.execute("TRUNCATE offer, text_vector CASCADE")
            for first in range(0, count, BATCH):
                made = list(composer.batch(first // BATCH))[: count - first]
                await _copy(connection, made, model_version)
        await connection.execute("ANALYZE offer, offer_slot, offer_exclusion, text_vector")


async def _copy(
    connection: asyncpg.Connection, made: Sequence[Offered], model_version: str
) -> None:
    profiles = [each.profile for each in made]
    for table, columns, rows in (
        ("offer", OFFER, [_offer(each) for each in profiles]),
        ("offer_slot", SLOT, _slots(profiles)),
        ("offer_exclusion", EXCLUSION, _exclusions(profiles)),
        ("text_vector", VECTOR, _vectors(made, model_version)),
    ):
        await connection.copy_records_to_table(table, records=rows, columns=columns)


def _offer(offer: OfferProfile) -> tuple[Any, ...]:
    start, end = offer.window
    return (
        *(UUID(offer.id), 1, MOMENT, public_id("OFR"), UUID(offer.organization)),
        *(offer.directed_state, offer.title, offer.text, offer.language, ""),
        *(list(offer.delivery_languages), list(offer.regions), [], list(offer.past)),
        *(start, end, "published", *[MOMENT] * 5),
    )


def _slots(offers: Iterable[OfferProfile]) -> Rows:
    return [
        (
            *(UUID(slot.id), 1, MOMENT, UUID(offer.id), place, slot.topic, slot.modality),
            *(slot.capacity_left, slot.unit, slot.funding, 0, 0, 0),
        )
        for offer in offers
        for place, slot in enumerate(offer.slots, 1)
    ]


def _exclusions(offers: Iterable[OfferProfile]) -> Rows:
    return [
        (UUID(int=UUID(offer.id).int ^ place), 1, MOMENT, UUID(offer.id), state)
        for offer in offers
        for place, state in enumerate(offer.excluded_states, 1)
    ]


def _vectors(made: Iterable[Offered], model_version: str) -> Rows:
    rows: Rows = []
    for offer, vectors in made:
        read = zip(offer_texts(offer), stored(vectors), strict=True)
        rows += (
            ("offer", UUID(offer.id), part, model_version, digest(text), vector)
            for part, (text, vector) in enumerate(read)
        )
    return rows
