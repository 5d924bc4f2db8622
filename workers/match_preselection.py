"""With very many offers the nearest are looked at alone: what this takes of a worker."""

import time
from collections.abc import Coroutine, Mapping, Sequence
from datetime import date
from typing import Any

import structlog

from concord.pairings.changes import changes_since, note_changes
from concord.pairings.preselecting.candidates import candidates_of
from concord.pairings.preselecting.editions import Edition, edition_in_force, offers_reach
from concord.pairings.preselecting.rows import differing, drop_offers, held, keep_offers
from concord.pairings.profiles import offer_fingerprints, topic_tree
from concord.pairings.storing import Looked
from matching.types import RequestProfile
from workers.context import Context
from workers.match_pool import MatchPool
from workers.match_vectors import read_offers

AT_ONCE = 1_000
COMPARE_EVERY = 3600  # seconds: the database reads every offer for it
_log = structlog.get_logger("concord.preselection")


async def edition_for(context: Context) -> Edition | None:
    """The edition to preselect by; None where every offer is looked at."""
    pool, threshold = context.pool, context.settings.preselect_from
    if pool.edition is not None:
        threshold = threshold * 9 // 10  # or it would come and go with each offer
    if not pool.encodes or not await offers_reach(threshold):
        return None
    edition = await edition_in_force(pool.edition)
    if edition is None or edition.encoder != await pool.model_version():
        return None
    return edition


async def is_still(edition: Edition | None) -> bool:
    """Whether nothing took its place; without one this asks nothing."""
    return edition is None or await edition_in_force(edition) is edition


async def follow_offers(pool: MatchPool, edition: Edition, offers: Sequence[str]) -> None:
    """Bring the rows of these offers up to date, unless another worker has done it."""
    marks, known = await offer_fingerprints(offers), await held(offers)
    changed = sorted(offer for offer, mark in marks.items() if known.get(offer) != mark)
    async for profiles, vectors in read_offers(pool, changed):
        await keep_offers(profiles, marks, vectors, edition)
    gone = sorted(offer for offer in known if offer not in marks)
    if gone:
        await drop_offers(gone)


async def keep_up(context: Context, edition: Edition) -> None:
    """Bring the rows up to date: by the changes, or by comparing all where these were not
    followed until now. Of very many that differ the rest is done while rankings go on."""
    pool = context.pool
    if pool.followed == edition.id:
        await follow_offers(pool, edition, (await changes_since(pool.mark)).offers)
        return
    pool.compared = time.monotonic()
    found = await differing()
    await follow_offers(pool, edition, found[:AT_ONCE])
    if len(found) > AT_ONCE:
        context.begin(_carried_out(_follow_rest(pool, edition, found[AT_ONCE:])))
    pool.followed = edition.id


def compare_beside(context: Context) -> None:
    """Once an hour every row with its offer, while rankings go on; what differs is noted."""
    pool = context.pool
    if pool.edition is None or time.monotonic() - pool.compared < COMPARE_EVERY:
        return
    pool.compared = time.monotonic()
    context.begin(_carried_out(_compare(pool)))


async def rank_each(
    pool: MatchPool,
    requests: Sequence[RequestProfile],
    vectors: Mapping[bytes, bytes],
    *,
    held: int,
    today: date,
) -> list[Looked]:
    """The ranking of each request among all offers that are `held`, or with a preselection among
    the nearest."""
    if pool.edition is None:
        found = await pool.rank_many(requests, today=today, vectors=vectors)
        return [Looked(ranking, held) for ranking in found]
    return [await _rank_nearest(pool, each, vectors, today=today) for each in requests]


async def _rank_nearest(
    pool: MatchPool, request: RequestProfile, vectors: Mapping[bytes, bytes], *, today: date
) -> Looked:
    direction = await pool.direction(request, vectors)
    marks = await candidates_of(request, direction, await topic_tree(), today=today)
    await remember(pool, marks)
    found = await pool.rank_among(request, list(marks), today=today, vectors=vectors)
    return Looked(found, len(marks), nearest=True)


async def remember(pool: MatchPool, marks: Mapping[str, str]) -> None:
    """See that the process knows these offers, each under its fingerprint."""
    missing = await pool.lacking(marks)
    async for profiles, vectors in read_offers(pool, missing):
        await pool.admit(profiles, marks, vectors)


async def remember_changed(pool: MatchPool, offers: Sequence[str]) -> Sequence[str]:
    """Those of the offers that can be tried on requests, now known to the process."""
    if pool.edition is None:
        return offers
    marks = await offer_fingerprints(offers)
    await remember(pool, marks)
    return sorted(marks)


async def _carried_out(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:  # the worker's edge: the database may be away, or the tables gone
        _log.exception("comparison failed")


async def _compare(pool: MatchPool) -> None:
    """What is noted is read within a turn: of very many some, and more at the next look."""
    found = await differing()
    await note_changes(found[:AT_ONCE])
    if len(found) > AT_ONCE:
        pool.compared -= COMPARE_EVERY


async def _follow_rest(pool: MatchPool, edition: Edition, offers: Sequence[str]) -> None:
    try:
        for n in range(0, len(offers), AT_ONCE):
            await follow_offers(pool, edition, offers[n : n + AT_ONCE])
    except Exception:
        pool.followed = None  # compared again within a minute
        raise
