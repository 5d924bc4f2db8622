"""Keeps the index of the matcher's process as the database is."""

from concord.pairings.changes import Changes, changes_since, note_changes, present_mark
from concord.pairings.crowds import stored_crowd
from concord.pairings.learning import in_force, weights_of
from concord.pairings.profiles import offer_fingerprints, request_fingerprints
from workers.context import Context
from workers.match_pool import MatchPool
from workers.match_preselection import edition_for, follow_offers, is_still, keep_up
from workers.match_vectors import load_offers, load_requests


async def refresh(context: Context) -> int:
    """Load what changed since the last look; the number of offers. Within a turn."""
    pool = context.pool
    if not pool.warm or not await is_still(pool.edition):
        return await load_everything(context)
    await _configure(pool)
    changes = await changes_since(pool.mark)
    await _follow(pool, changes)
    return len(pool.offers)


async def load_everything(context: Context) -> int:
    """Compare every offer and request with what is held, and load what differs. Within a turn.

    Offers that changed without a word are noted, so that requests are ranked for them too. With
    a preselection those of its reference collection alone are held; the rows of the others are
    followed.
    """
    pool = context.pool
    pool.begin()
    await _configure(pool)
    await _take_edition(context)
    mark, was_warm = await present_mark(), pool.warm
    if pool.edition is not None:
        await keep_up(context, pool.edition)
    marks = await offer_fingerprints(below=pool.bound)
    changed, gone = pool.offers.stale(marks)
    if was_warm and (changed or gone):
        await note_changes([*changed, *gone])
    await load_offers(pool, changed, gone)
    pool.offers.take(marks, gone)
    marks = await request_fingerprints()
    changed, gone = pool.requests.stale(marks)
    await load_requests(pool, changed, gone)
    pool.requests.take(marks, gone)
    pool.mark = mark
    while not was_warm and await pool.prepare():
        pass
    pool.cold.clear()
    return len(pool.offers)


async def _take_edition(context: Context) -> None:
    """Another edition, the first or none any more: the process is as good as empty until all is
    loaded, so that whatever fails meanwhile is done again."""
    pool = context.pool
    edition = await edition_for(context)
    if edition is not pool.edition:
        pool.cold.set()
        pool.edition = edition
    if edition is None:
        pool.followed = None


async def _follow(pool: MatchPool, changes: Changes) -> None:
    if changes.offers:
        if pool.edition is not None:
            await follow_offers(pool, pool.edition, changes.offers)
        marks = await offer_fingerprints(changes.offers, below=pool.bound)
        changed, gone = pool.offers.stale(marks, changes.offers)
        if changed or gone:
            await load_offers(pool, changed, gone)
            pool.offers.take(marks, gone)
    if changes.requests:
        marks = await request_fingerprints(changes.requests)
        changed, gone = pool.requests.stale(marks, changes.requests)
        await load_requests(pool, changed, gone)
        pool.requests.take(marks, gone)
    pool.mark = changes.mark


async def _configure(pool: MatchPool) -> None:
    """Bring the order, weights and crowd in force into the process.

    Whoever put them in force asked for every ranking anew. An order learned from other vectors
    means nothing here: the untrained one stays.
    """
    wanted, version = await in_force(), await pool.model_version()
    learned = wanted.learned if wanted.encoder == version else ""
    if (learned, wanted.equity) != pool.configured:
        await pool.configure(learned, await weights_of(learned), wanted.equity)
    if wanted.crowds.get(version, "") != pool.crowd:
        await pool.follow(*await stored_crowd(version))


async def prepare(context: Context) -> None:
    """Do what a new crowd causes, a part in each turn, so that nobody waits for the whole."""
    is_left = True
    while is_left:
        async with context.pool.turns.turn(later=True):
            await refresh(context)
            is_left = await context.pool.prepare()
