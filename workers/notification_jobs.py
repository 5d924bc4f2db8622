"""Puts what is owed into inboxes and mails it."""

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from concord import jobs
from concord.accounts.models import Person
from concord.accounts.states import PersonState
from concord.inbox.models import Notice
from concord.inbox.wording import language
from notifications.channels.email import Mail, build, message_id, send
from notifications.channels.folder import FolderMailbox
from notifications.messages import load
from notifications.rendering import plain_name, render
from workers.context import Context

PATIENCE = 15  # seconds for one letter


async def tell(payload: Mapping[str, Any], context: Context) -> None:
    """One message to one person: an inbox row, and a mail where wanted. Writes rows only."""
    person = await Person.get_or_none(id=UUID(payload["person"]))
    if person is None or person.state is PersonState.DEACTIVATED:
        return
    message = load(payload["message"], payload["payload"])
    now = context.clock()
    if message.in_inbox:
        await Notice.bulk_create(
            [
                Notice(
                    person=person,
                    message=message.name,
                    payload=payload["payload"],
                    dedup=payload["dedup"],
                    told_at=now,
                )
            ],
            ignore_conflicts=True,
        )
    if message.mandatory or person.wants_email:
        await jobs.enqueue_payload(
            jobs.MAIL, dict(payload), dedup=f"mail:{payload['dedup']}:{person.id}", now=now
        )


async def mail(payload: Mapping[str, Any], context: Context) -> None:
    """Send one mail; its Message-ID is the same however often it is tried."""
    person = await Person.get_or_none(id=UUID(payload["person"]))
    if person is None or person.state is PersonState.DEACTIVATED:
        return
    settings = context.settings
    letter = build(
        await _letter_to(person, payload, public_url=settings.public_url),
        sender=settings.mail_from,
        now=context.clock(),
        message_id=message_id(
            f"{payload['dedup']}:{person.id}",
            domain=urlsplit(settings.public_url).hostname or "concord",
        ),
    )
    if settings.smtp:
        async with asyncio.timeout(PATIENCE):  # within a ring's time, however slow the server is
            await send(letter, smtp=settings.smtp)
    else:
        mailbox(str(settings.data_folder / "mail")).put(letter)


async def _letter_to(person: Person, payload: Mapping[str, Any], *, public_url: str) -> Mail:
    rendered = render(
        load(payload["message"], payload["payload"]),
        language=await language(person.locale),
        name=person.name,
        public_url=public_url,
    )
    return Mail(
        to_name=plain_name(person.name),
        to_address=person.email,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        locale=person.locale,
    )


@lru_cache(maxsize=4)
def mailbox(folder: str) -> FolderMailbox:
    """Where mails go when there is no SMTP server."""
    return FolderMailbox(Path(folder))
