"""Forgets what has served its time: ended sessions, spent links, keys of commands."""

from datetime import datetime, timedelta

from concord.accounts.models import Session, Token
from concord.web.models import IdempotencyKey

SESSIONS_KEPT = timedelta(days=30)  # so that a person can still see where they were signed in
LINKS_KEPT = timedelta(days=30)
KEYS_KEPT = timedelta(days=7)


async def run(now: datetime) -> int:
    """Delete what is old; the number of rows. Safe to run twice at once."""
    sessions = await Session.filter(expires_at__lt=now - SESSIONS_KEPT).delete()
    links = await Token.filter(expires_at__lt=now - LINKS_KEPT).delete()
    keys = await IdempotencyKey.filter(created_at__lt=now - KEYS_KEPT).delete()
    return sessions + links + keys
