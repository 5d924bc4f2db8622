"""People have read most of what they were told; the latest waits for them."""

from datetime import datetime

from concord.accounts.models import Person
from concord.accounts.states import PersonState
from concord.inbox.actions import mark_read
from concord.inbox.models import Notice

UNREAD = 4


async def catch_up(*, now: datetime) -> None:
    for person in await Person.filter(state=PersonState.ACTIVE).order_by("email"):
        told = await Notice.filter(person_id=person.id).order_by("-told_at", "-created_at", "id")
        if read := [notice.id for notice in told[UNREAD:]]:
            await mark_read(person.id, *read, now=now)
