"""Forgets notices that were read long ago."""

from datetime import datetime, timedelta

from concord.deadlines import clocks
from concord.inbox.models import Notice


async def run(now: datetime) -> int:
    """Delete what was read before the time set; the number of rows."""
    before = now - timedelta(days=clocks().notices_kept_days)
    return await Notice.filter(read_at__lt=before).delete()
