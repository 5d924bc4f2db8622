"""Notices as pages show them: worded in their reader's language, with the place they lead to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concord.inbox.models import Notice
from notifications.messages import load
from notifications.rendering import headline, path
from notifications.wording import Language


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice as the page shows it."""

    id: UUID
    words: str
    href: str
    told_at: datetime
    unread: bool


def entry(notice: Notice, wording: Language) -> Entry:
    message = load(notice.message, notice.payload)
    return Entry(
        id=notice.id,
        words=headline(message, wording),
        href=path(message),
        told_at=notice.told_at,
        unread=notice.read_at is None,
    )
