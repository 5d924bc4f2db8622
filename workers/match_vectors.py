"""Vectors for the matcher's process: kept ones are loaded, missing ones encoded and kept."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence

from concord.pairings.profiles import offer_profiles, request_profiles, topic_tree
from concord.pairings.vectors import (
    Part,
    drop_surplus,
    keep_vectors,
    parts_of_offers,
    parts_of_request,
    stored_vectors,
    take_missing,
)
from matching.types import OfferProfile, RequestProfile
from workers.match_pool import MatchPool

BATCH = 100
PAUSE = 0.1  # seconds between two looks at what another worker is encoding
PATIENCE = 1.0  # seconds without news of it: it may have died, and who needs it waits


async def load_offers(pool: MatchPool, changed: Sequence[str], gone: Sequence[str]) -> None:
    """Bring the index up to date, batch by batch."""
    topics = await topic_tree()
    await pool.update((), gone, topics=topics, vectors={})
    async for profiles, vectors in read_offers(pool, changed):
        await pool.update(profiles, (), topics=topics, vectors=vectors)


async def read_offers(
    pool: MatchPool, changed: Sequence[str]
) -> AsyncIterator[tuple[list[OfferProfile], dict[bytes, bytes]]]:
    """These offers batch by batch, with the vectors of their texts.

    What another worker is encoding is left to it: that batch comes last, and is read here
    after all when nothing comes of it.
    """
    waiting = deque(list(changed[n : n + BATCH]) for n in range(0, len(changed), BATCH))
    left, seen = len(waiting), time.monotonic()
    while waiting:
        batch = waiting.popleft()
        profiles = await offer_profiles(batch)
        parts = parts_of_offers(profiles)
        vectors = await vectors_of(pool, parts, alone=time.monotonic() - seen > PATIENCE)
        if vectors is not None:
            yield profiles, vectors
            left, seen = len(waiting), time.monotonic()
            continue
        waiting.append(batch)
        left -= 1
        if left <= 0:
            await asyncio.sleep(PAUSE)
            left = len(waiting)


async def load_requests(pool: MatchPool, changed: Sequence[str], gone: Sequence[str]) -> None:
    """The same for requests; what another worker is encoding is encoded here too."""
    for n in range(0, len(changed), BATCH):
        profiles = await request_profiles(changed[n : n + BATCH])
        await pool.update_requests(profiles, (), await requests_vectors(pool, profiles))
    if gone:
        await pool.update_requests((), gone)


async def request_vectors(pool: MatchPool, request: RequestProfile) -> dict[bytes, bytes]:
    """Nothing when another worker is reading it: the process then reads it itself."""
    return await requests_vectors(pool, [request])


async def requests_vectors(
    pool: MatchPool, requests: Sequence[RequestProfile]
) -> dict[bytes, bytes]:
    parts = [part for request in requests for part in parts_of_request(request)]
    return await vectors_of(pool, parts) or {}


async def vectors_of(
    pool: MatchPool, parts: Sequence[Part], *, alone: bool = False
) -> dict[bytes, bytes] | None:
    """A vector for each text, by digest; None while another worker encodes some of them.

    `alone`: whoever may be encoding them, they are encoded here.
    """
    if not pool.encodes or not parts:
        return {}
    version = await pool.model_version()
    found = await stored_vectors(parts, version)
    missing = [part for part in parts if part.mark not in found]
    if not missing:
        return found
    mine = missing if alone else await take_missing(missing, version)
    if mine:
        texts = {part.mark: part.text for part in mine}
        encoded = await pool.encode(list(texts.values()))
        fresh = dict(zip(texts, encoded, strict=True))
        await keep_vectors(mine, fresh, version)
        await drop_surplus(parts)
        found |= fresh
    return found if all(part.mark in found for part in parts) else None


async def known_vectors(pool: MatchPool, parts: Sequence[Part]) -> dict[bytes, bytes]:
    """The kept vectors of requests' and offers' texts; those missing of requests are kept too.

    Of an offer only its first text is given, so that nothing of it may be dropped here.
    """
    if not pool.encodes or not parts:
        return {}
    requests = [part for part in parts if part.kind == "request"]
    if requests:
        return await vectors_of(pool, requests) or await stored_vectors(
            requests, await pool.model_version()
        )
    return await stored_vectors(parts, await pool.model_version())
