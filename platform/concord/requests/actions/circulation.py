"""The State's word on what circulates and what is published, and the opening."""

from datetime import datetime

from concord.actor import CLOCK, Actor
from concord.errors import Conflict
from concord.inbox.actions import close_tasks
from concord.requests.actions.recording import (
    allow,
    allow_state,
    locked,
    move,
    rank,
    record,
    tell_about,
)
from concord.requests.models import Request, RequestParty
from concord.requests.policy import may_agree, may_object, may_publish
from concord.requests.states import (
    CIRCULATED_CLASSES,
    MACHINE,
    Confidentiality,
    RequestState,
)
from notifications.messages.requests import RequestCirculated, RequestObjected, RequestOpened

NO_OBJECTION_TASK = "request_no_objection"
NOT_DUE = "The no-objection period has not ended."


async def agree_to_circulation(
    request: Request,
    *,
    publish: bool,
    version: int,
    actor: Actor,
    now: datetime,
    on_behalf_of: str | None = None,
) -> Request:
    """A State lets the text circulate; publishing the summary is a word of its own.

    With the last requesting State's word it circulates at once, otherwise when the period ends.
    """
    async with locked(request, version=version) as found:
        MACHINE.check("agree", found.state, RequestState.NO_OBJECTION)
        allow_state(may_agree(actor, found), found, actor=actor, on_behalf_of=on_behalf_of)
        state = on_behalf_of or actor.state or ""
        publishes = publish and found.confidentiality is Confidentiality.PUBLIC
        await _give_word(found, state, now=now, publish=publishes)
        await move(
            found, "agree", RequestState.NO_OBJECTION, actor=actor, now=now, on_behalf_of=state
        )
        await close_tasks(found.id, NO_OBJECTION_TASK, now=now, state=state)
        await _derive_publication(found, now=now)
        if await _everyone_agreed(found):
            await open_now(found, "open", actor=actor, now=now, on_behalf_of=state)
        else:
            await found.save(update_fields=["publish_agreed_at"])
        await record(found, "agree", actor=actor, now=now, on_behalf_of=state, publish=publishes)
    return found


async def _give_word(request: Request, state: str, *, now: datetime, publish: bool) -> None:
    published = now if publish else None
    if state == request.lead_state_id:
        request.lead_circulation_agreed_at = now
        request.lead_publish_agreed_at = published
        return
    await RequestParty.filter(request_id=request.id, state_id=state).update(
        circulation_agreed_at=now, publish_agreed_at=published
    )


async def _everyone_agreed(request: Request) -> bool:
    silent = RequestParty.filter(request_id=request.id, circulation_agreed_at=None)
    return request.lead_circulation_agreed_at is not None and not await silent.exists()


async def object_to_circulation(
    request: Request,
    *,
    version: int,
    actor: Actor,
    now: datetime,
    note: str = "",
    on_behalf_of: str | None = None,
) -> Request:
    """Any requesting State may: the request becomes restricted, and opens without circulating."""
    async with locked(request, version=version) as found:
        MACHINE.check("object", found.state, RequestState.OPEN)
        allow_state(may_object(actor, found), found, actor=actor, on_behalf_of=on_behalf_of)
        found.confidentiality = Confidentiality.RESTRICTED
        found.scope_changed_at = now
        await open_now(found, "object", actor=actor, now=now, note=note, on_behalf_of=on_behalf_of)
        message = RequestObjected(request=found.public_id)
        await tell_about(found, "objected", message, actor=actor, now=now)
        await record(found, "object", actor=actor, now=now, on_behalf_of=on_behalf_of)
    return found


async def open_(request: Request, *, now: datetime) -> Request:
    """Silence at the end of the period circulates; it never publishes."""
    async with locked(request) as found:
        MACHINE.check("open", found.state, RequestState.OPEN)
        if found.due_at is None or found.due_at > now:
            raise Conflict(NOT_DUE)
        await open_now(found, "open", actor=CLOCK, now=now)
        await record(found, "open", actor=CLOCK, now=now, publish=False)
    return found


async def open_now(
    request: Request,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    on_behalf_of: str | None = None,
) -> None:
    """Open it, in the caller's transaction: circulated where its class allows, and ranked."""
    circulates = request.confidentiality in CIRCULATED_CLASSES and bool(request.circulation_text)
    request.opened_at, request.due_at = now, None
    request.circulated_at = now if circulates else None
    await move(
        request,
        verb,
        RequestState.OPEN,
        actor=actor,
        now=now,
        note=note,
        note_seen_by="state",
        on_behalf_of=on_behalf_of,
    )
    await close_tasks(request.id, NO_OBJECTION_TASK, now=now)
    await rank(request, now=now, duplicates=True)
    opened = RequestOpened(request=request.public_id)
    await tell_about(request, "opened", opened, actor=actor, now=now)
    if circulates:
        circulated = RequestCirculated(request=request.public_id)
        await tell_about(request, "circulated", circulated, actor=actor, now=now, providers=True)


async def set_publication(
    request: Request, *, agreed: bool, version: int, actor: Actor, now: datetime
) -> Request:
    """A requesting State gives or takes back its word to publish the summary."""
    async with locked(request, version=version) as found:
        allow(may_publish(actor, found))
        word = now if agreed else None
        if actor.state == found.lead_state_id:
            found.lead_publish_agreed_at = word
        else:
            await RequestParty.filter(request_id=found.id, state_id=actor.state).update(
                publish_agreed_at=word
            )
        await _derive_publication(found, now=now)
        found.version += 1
        await found.save()
        await record(
            found, "publish", actor=actor, now=now, on_behalf_of=actor.state, agreed=agreed
        )
    return found


async def _derive_publication(request: Request, *, now: datetime) -> None:
    """A joint request's summary is published when every requesting State has agreed."""
    silent = await RequestParty.filter(request_id=request.id, publish_agreed_at=None).exists()
    everyone = request.lead_publish_agreed_at is not None and not silent
    request.publish_agreed_at = (request.publish_agreed_at or now) if everyone else None
