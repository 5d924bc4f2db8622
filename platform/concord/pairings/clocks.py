"""At night the matcher learns from what was decided by then, and ranks anew what changed."""

from datetime import datetime

from concord import jobs
from concord.pairings import learning, reranking
from concord.pairings.models import ShownList

HOUR, MORNING = 2, 6  # UTC


async def run(now: datetime) -> int:
    """Ask for one training a night, and after it for one run over all requests; how many."""
    asked = await _ask_for_training(now)
    if HOUR <= now.hour < MORNING and not await learning.is_training(unfailed=True):
        asked += await reranking.start_if_changed(now=now)
    return asked


async def _ask_for_training(now: datetime) -> int:
    """If anything was ever shown."""
    if now.hour < HOUR or not await ShownList.exists():
        return 0
    dedup = f"{jobs.TRAIN_MODEL}:{now.date().isoformat()}"
    if await jobs.Outbox.exists(dedup=dedup):
        return 0
    await jobs.enqueue(jobs.TRAIN_MODEL, now=now, dedup=dedup)
    return 1
