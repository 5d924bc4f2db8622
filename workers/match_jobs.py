"""Ranks requests against offers, in the matcher's own process, and stores what it finds."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from concord.database import transaction
from concord.pairings.actions import drop_pairings, rank_again, store_ranking
from concord.pairings.changes import (
    bars,
    prune_changes,
    requests_listing,
    settle,
    take_waiting,
)
from concord.pairings.likenesses import likenesses_of
from concord.pairings.profiles import request_profile
from concord.pairings.reranking import start_if_outdated
from concord.pairings.values import Likeness
from concord.requests.models import Request
from concord.requests.states import MATCHABLE
from matching.types import Ranking, RequestProfile
from workers.context import Context
from workers.match_index import load_everything, refresh
from workers.match_pool import MatchPool
from workers.match_preselection import compare_beside, rank_each, remember_changed
from workers.match_vectors import request_vectors

EXPLAINED = 3  # candidates whose closest sentences are looked for; the best alone if later


async def rank_request(
    payload: Mapping[str, Any], context: Context, *, later: bool = False
) -> None:
    """Rank one request against every offer that may be ranked now; gone or moved on: nothing."""
    request_id = UUID(payload["request_id"])
    request = await Request.get_or_none(id=request_id)
    if request is None:
        return
    now = context.clock()
    if request.state not in MATCHABLE:
        await drop_pairings(request_id, now=now)
        return
    async with context.pool.turns.turn(later=later):
        held = await refresh(context)
        profile = await request_profile(request_id)
        if profile is None:
            return
        vectors = await request_vectors(context.pool, profile)
        (one,) = await rank_each(context.pool, [profile], vectors, held=held, today=now.date())
        likenesses = await _likenesses(context.pool, profile, one.ranking, later=later)
    found, considered, nearest = one
    await store_ranking(
        request_id,
        found,
        considered=considered,
        nearest=nearest,
        now=now,
        likenesses=likenesses,
    )


async def _likenesses(
    pool: MatchPool, request: RequestProfile, found: Ranking, *, later: bool
) -> dict[str, Likeness]:
    """The closest sentences of the best, and of those for which they are kept."""
    known = await likenesses_of(UUID(request.id))
    best = [
        pairing.offer
        for pairing in found.pairings[:EXPLAINED]
        if not later or pairing.rank == 1 or pairing.offer in known
    ]
    return await pool.closest(request, best, known)


async def rank_request_later(payload: Mapping[str, Any], context: Context) -> None:
    """The same, after everything that somebody waits for."""
    await rank_request(payload, context, later=True)


async def rank_offer(payload: Mapping[str, Any], context: Context) -> None:
    """An offer came, changed or went: the requests that it matters to are ranked again."""
    await weigh_changes(context)


async def weigh_changes(context: Context) -> int:
    """Try every changed offer on every open request; the number of changes.

    Ranked again are the requests whose list an offer can enter, the closest first, and those
    that list it now. The others keep their list: among many offers one more or less changes
    their scores by less than anybody sees, until the next full run.
    """
    changes = await take_waiting(lease=context.ranking_lease)
    if not changes:
        return 0
    now, offers = context.clock(), sorted({change.offer for change in changes})
    async with context.pool.turns.turn():
        await refresh(context)
        known = await remember_changed(context.pool, offers)
        reached = await context.pool.reach(known, await bars(), today=now.date())
    listing = await requests_listing(offers)
    async with transaction():
        await rank_again(list(dict.fromkeys([*reached, *listing])), now=now)
        await settle(changes)
    return len(changes)


async def warm_up(context: Context) -> None:
    """Load everything; after an upgrade, have everything ranked anew."""
    await look_for_changes(context)
    await start_if_outdated(await context.pool.version(), now=context.clock())


async def look_for_changes(context: Context) -> None:
    """Load everything at the start, and later whatever changed without a word."""
    async with context.pool.turns.turn():
        await load_everything(context)
    compare_beside(context)
    while await weigh_changes(context):
        pass
    await prune_changes()
