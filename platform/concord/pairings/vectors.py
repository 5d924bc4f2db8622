"""Vectors of texts as they are kept: read once, whoever restarts; each encoded by one worker."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tortoise.connection import get_connection

from matching.excerpts import digest, offer_texts, request_texts
from matching.types import OfferProfile, RequestProfile

LEASE = timedelta(seconds=30)
STORED = """
SELECT digest, vector FROM text_vector
WHERE subject_id = ANY($1) AND model_version = $2 AND vector IS NOT NULL
"""
TAKE = """
INSERT INTO text_vector (subject_kind, subject_id, part, model_version, digest, leased_until)
SELECT kind, subject, part, $1, mark, clock_timestamp() + $2 * interval '1 second'
FROM unnest($3::text[], $4::uuid[], $5::int[], $6::bytea[]) AS t (kind, subject, part, mark)
ORDER BY subject, part
ON CONFLICT (subject_id, part, model_version) DO UPDATE
SET digest = excluded.digest, vector = NULL, leased_until = excluded.leased_until
WHERE text_vector.digest <> excluded.digest
  OR (text_vector.vector IS NULL AND text_vector.leased_until < clock_timestamp())
RETURNING subject_id, part
"""
KEEP = """
UPDATE text_vector v SET vector = t.vector, leased_until = NULL
FROM unnest($2::uuid[], $3::int[], $4::bytea[], $5::bytea[]) AS t (subject, part, mark, vector)
WHERE v.subject_id = t.subject AND v.part = t.part AND v.model_version = $1 AND v.digest = t.mark
"""
SHORTEN = """
DELETE FROM text_vector v USING unnest($1::uuid[], $2::int[]) AS t (subject, parts)
WHERE v.subject_id = t.subject AND v.part >= t.parts
"""
# While rankings of another encoder are there, a worker of that version may be at work.
OLDER = """
DELETE FROM {table} t WHERE t.model_version <> $1 AND NOT EXISTS
  (SELECT FROM ranking r WHERE split_part(r.model_version, '+', 2) = t.model_version)
"""
OF_ENCODERS = ("text_vector", "crowd")


@dataclass(frozen=True, slots=True)
class Part:
    """One text of an offer or request that is read for its meaning."""

    kind: str
    subject: UUID
    number: int
    text: str
    mark: bytes


def parts_of_offers(offers: Iterable[OfferProfile]) -> list[Part]:
    return [part for offer in offers for part in _parts("offer", offer.id, offer_texts(offer))]


def parts_of_request(request: RequestProfile) -> list[Part]:
    return _parts("request", request.id, request_texts(request))


def _parts(kind: str, subject: str, texts: Sequence[str]) -> list[Part]:
    return [
        Part(kind, UUID(subject), number, text, digest(text)) for number, text in enumerate(texts)
    ]


async def stored_vectors(parts: Sequence[Part], model_version: str) -> dict[bytes, bytes]:
    """The vectors that are kept, by the digest of their text."""
    subjects = sorted({part.subject for part in parts})
    rows = await get_connection("default").execute_query_dict(STORED, [subjects, model_version])
    wanted = {part.mark for part in parts}
    return {row["digest"]: row["vector"] for row in rows if row["digest"] in wanted}


async def take_missing(
    parts: Sequence[Part], model_version: str, *, lease: timedelta = LEASE
) -> list[Part]:
    """Those that nobody else encodes now: they are the caller's to encode until the lease ends."""
    columns = zip(*((p.kind, p.subject, p.number, p.mark) for p in parts), strict=True)
    rows = await get_connection("default").execute_query_dict(
        TAKE, [model_version, lease.total_seconds(), *(list(column) for column in columns)]
    )
    taken = {(row["subject_id"], row["part"]) for row in rows}
    return [part for part in parts if (part.subject, part.number) in taken]


async def keep_vectors(
    parts: Sequence[Part], vectors: Mapping[bytes, bytes], model_version: str
) -> None:
    """Store what was encoded; a text that changed meanwhile keeps waiting for its own."""
    found = ((p.subject, p.number, p.mark, vectors[p.mark]) for p in parts)
    columns = zip(*found, strict=True)
    await get_connection("default").execute_query(
        KEEP, [model_version, *(list(column) for column in columns)]
    )


async def drop_surplus(parts: Sequence[Part]) -> None:
    """Nothing is kept of past works that an offer no longer names."""
    counts: dict[UUID, int] = {}
    for part in parts:
        counts[part.subject] = max(counts.get(part.subject, 0), part.number + 1)
    await get_connection("default").execute_query(SHORTEN, [list(counts), list(counts.values())])


async def drop_older(model_version: str) -> None:
    """Nothing is kept of encoders that no ranking was made with any more."""
    for table in OF_ENCODERS:
        query = OLDER.format(table=table)
        await get_connection("default").execute_query(query, [model_version])
