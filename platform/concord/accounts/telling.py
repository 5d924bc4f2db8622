"""Owes a message about an account to the person whose it is."""

from datetime import datetime
from uuid import UUID

from concord import jobs
from notifications.messages import Message, dump


async def tell(message: Message, *, person_id: UUID, event: str, now: datetime) -> None:
    """`event` names what happened once and for all; telling it again owes nothing more."""
    await jobs.owe(
        message.name,
        dump(message),
        to=[person_id],
        dedup=f"person:{person_id}:{event}:{message.name}",
        now=now,
    )
