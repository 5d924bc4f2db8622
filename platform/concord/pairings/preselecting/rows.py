"""Offers as the preselection holds them: what its gates ask of, and where each one stands."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
from tortoise.connection import get_connection

from concord.database import transaction
from concord.pairings.preselecting.editions import DRAFT, Edition
from concord.pairings.profiles import OFFER_FINGERPRINTS
from matching.placing import home_of, languages, placed, usual_in, works_of, written
from matching.types import OfferProfile

ANYTHING = "*"
"""Stands where an offer says nothing, so that one index answers whether a gate is passed."""
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4721)"
# What was read a little while ago and changed since is left to who reads it now, and what was
# placed by an edition that is no longer in force to who follows the new one.
KEEP = f"""
INSERT INTO preselection.offer AS kept
SELECT t.id, f.fingerprint, t.topics, t.modalities, t.delivery_languages, t.regions, t.starts_on,
  t.ends_on, t.organization_state, t.directed_state, t.embedding::halfvec(512)
FROM json_to_recordset($2::json) AS t (id uuid, fingerprint text, topics text[],
  modalities text[], delivery_languages text[], regions text[], starts_on date, ends_on date,
  organization_state text, directed_state text, embedding text)
JOIN ({OFFER_FINGERPRINTS}) f ON f.id = t.id AND f.fingerprint = t.fingerprint
WHERE EXISTS (SELECT FROM preselection.edition e WHERE e.id = $3)
ORDER BY t.id
ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint,
  topics = excluded.topics, modalities = excluded.modalities,
  delivery_languages = excluded.delivery_languages, regions = excluded.regions,
  starts_on = excluded.starts_on, ends_on = excluded.ends_on,
  organization_state = excluded.organization_state, directed_state = excluded.directed_state,
  embedding = excluded.embedding
WHERE kept.fingerprint <> excluded.fingerprint
"""  # noqa: S608 - constants
DROP = f"""
DELETE FROM preselection.offer k WHERE k.id = ANY($1::uuid[])
AND NOT EXISTS (SELECT FROM ({OFFER_FINGERPRINTS}) f WHERE f.id = k.id)
"""  # noqa: S608 - constants
HELD = "SELECT id::text AS id, fingerprint FROM preselection.offer WHERE id = ANY($1::uuid[])"
DIFFERING = f"""
SELECT coalesce(f.id, k.id)::text AS id
FROM ({OFFER_FINGERPRINTS}) f FULL JOIN preselection.offer k ON k.id = f.id
WHERE f.fingerprint IS DISTINCT FROM k.fingerprint ORDER BY 1
"""  # noqa: S608 - constants


async def keep_offers(
    offers: Iterable[OfferProfile],
    marks: Mapping[str, str],
    vectors: Mapping[bytes, bytes],
    edition: Edition,
    *,
    draft: bool = False,
) -> None:
    """Write these as they are now; one that changed since it was read is passed over, and all of
    them where the edition is no longer in force.

    `marks`: the fingerprint under which each was read; `vectors` by the digest of their text.
    One writer at a time, so that none is held up by another and the newest stays.
    """
    rows = [
        gate_values(offer)
        | {
            "fingerprint": marks[offer.id],
            "embedding": written(
                placed(works_of(offer, vectors), usual_in(home_of(offer), edition.usual))
            ),
        }
        for offer in offers
        if offer.id in marks
    ]
    if not rows:
        return
    ids = [UUID(str(row["id"])) for row in rows]
    text = msgspec.json.encode(rows).decode()
    async with transaction() as connection:
        await connection.execute_query(ONE_AT_A_TIME)
        await connection.execute_query(_of(KEEP, draft), [ids, text, edition.id])


async def drop_offers(ids: Sequence[str], *, draft: bool = False) -> None:
    """Those of these that may no longer be ranked."""
    async with transaction() as connection:
        await connection.execute_query(ONE_AT_A_TIME)
        await connection.execute_query(_of(DROP, draft), [list(ids)])


async def held(ids: Sequence[str], *, draft: bool = False) -> dict[str, str]:
    """Fingerprints of those of these offers that are there."""
    rows = await get_connection("default").execute_query_dict(_of(HELD, draft), [list(ids)])
    return {row["id"]: row["fingerprint"] for row in rows}


async def differing(*, draft: bool = False) -> list[str]:
    """Ids of offers that are missing, changed or too many; the database compares them all."""
    rows = await get_connection("default").execute_query_dict(_of(DIFFERING, draft), [None])
    return [row["id"] for row in rows]


def gate_values(offer: OfferProfile) -> dict[str, object]:
    """What the gates ask of an offer. `modalities`: of what is left on offer."""
    left = [slot for slot in offer.slots if slot.capacity_left is None or slot.capacity_left > 0]
    helps = sorted({slot.modality for slot in left if slot.modality})
    is_open = not offer.slots or any(not slot.modality for slot in left)
    return {
        "id": offer.id,
        "topics": sorted({slot.topic for slot in left if slot.topic} | set(offer.tags)),
        "modalities": [ANYTHING] if is_open else helps,
        "delivery_languages": languages(offer.delivery_languages) or [ANYTHING],
        "regions": sorted(offer.regions),
        "starts_on": offer.window.start,
        "ends_on": offer.window.end,
        "organization_state": offer.organization_state,
        "directed_state": offer.directed_state,
    }


def _of(statement: str, draft: bool) -> str:
    return statement.replace("preselection.", f"{DRAFT}.") if draft else statement
