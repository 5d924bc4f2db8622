"""At night the matcher learns from what was decided by then."""

from datetime import datetime

from concord import jobs
from concord.pairings.models import ShownList

HOUR = 2  # UTC


async def run(now: datetime) -> int:
    """Ask for one training a night, if anything was ever shown; 1 when it was asked for."""
    if now.hour < HOUR or not await ShownList.exists():
        return 0
    dedup = f"{jobs.TRAIN_MODEL}:{now.date().isoformat()}"
    if await jobs.Outbox.exists(dedup=dedup):
        return 0
    await jobs.enqueue(jobs.TRAIN_MODEL, now=now, dedup=dedup)
    return 1
