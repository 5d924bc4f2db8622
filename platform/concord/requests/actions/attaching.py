"""Files that belong to a request."""

from datetime import datetime

from concord.actor import Actor
from concord.organizations.actions import store_attachment
from concord.organizations.values import File
from concord.requests.actions.recording import KIND, allow, locked
from concord.requests.models import Request
from concord.requests.policy import may_attach


async def attach(request: Request, file: File, *, actor: Actor, now: datetime) -> None:
    """Keep a file with a request; its own audit entry names size and hash."""
    async with locked(request) as found:
        allow(may_attach(actor, found))
        await store_attachment(file, subject_kind=KIND, subject_id=found.id, actor=actor, now=now)
