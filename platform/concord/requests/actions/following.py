"""A need that was not met is taken up again: a draft that follows the closed request."""

from dataclasses import replace
from datetime import datetime

from concord.actor import Actor
from concord.errors import Conflict
from concord.requests.actions.drafting import create_draft
from concord.requests.actions.recording import allow, locked
from concord.requests.models import Request
from concord.requests.policy import leads, was_unmet
from concord.requests.queries import values_of
from concord.requests.states import RequestState

NOT_ASKED = "Only a request that was followed up and not wholly met is taken up again."
TAKEN_UP = "This request has been taken up again already."


async def take_up(request: Request, *, actor: Actor, now: datetime) -> Request:
    """A draft of the same State with the same text, its dates left open; once a request."""
    async with locked(request) as found:
        allow(leads(actor, found))
        if not was_unmet(found):
            raise Conflict(NOT_ASKED)
        later = Request.filter(follows_id=found.id).exclude(state=RequestState.WITHDRAWN)
        if await later.exists():
            raise Conflict(TAKEN_UP)
        values = replace(
            await values_of(found), starts_on=None, ends_on=None, urgent=False, needed_by=None
        )
        return await create_draft(values, actor=actor, now=now, follows=found)
