"""Forgets what has served its time: sessions, spent links, keys of commands, jobs done."""

from datetime import datetime, timedelta

from concord.accounts.models import Session, Token
from concord.deadlines import clocks
from concord.jobs import forget_done
from concord.web.models import IdempotencyKey


async def run(now: datetime) -> int:
    """Delete what is old; the number of rows. Safe to run twice at once."""
    kept = clocks()
    sessions = Session.filter(expires_at__lt=_before(now, kept.sessions_kept_days))
    links = Token.filter(expires_at__lt=_before(now, kept.links_kept_days))
    keys = IdempotencyKey.filter(created_at__lt=_before(now, kept.command_keys_kept_days))
    forgotten = await sessions.delete() + await links.delete() + await keys.delete()
    return forgotten + await forget_done(_before(now, kept.outbox_kept_days))


def _before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
