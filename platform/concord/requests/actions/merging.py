"""Two requests of the same States that ask for the same: one is merged into the other.

A coordinator asks, the focal point of each requesting State confirms; the last word merges them.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from concord.actor import Actor
from concord.database import transaction
from concord.deadlines import Step, deadline
from concord.errors import Conflict, StaleVersion
from concord.inbox.actions import close_tasks, tell
from concord.requests.actions.disclosing import end_naming, name_tasks
from concord.requests.actions.marking import leave_circulation
from concord.requests.actions.recording import (
    STALE,
    allow,
    allow_state,
    ask_states,
    move,
    rank,
    record,
)
from concord.requests.actions.surviving import take_exclusions, take_stricter_class
from concord.requests.models import Request, RequestItem, RequestParty
from concord.requests.policy import may_ask_merge, may_merge, states_of
from concord.requests.queries import case_of, check_assigned, lock
from concord.requests.states import MACHINE, MERGEABLE, OPEN_STATES, Confidentiality, RequestState
from notifications.messages import Message
from notifications.messages.requests import (
    RequestMergeAsked,
    RequestMerged,
    RequestMergeDeclined,
    RequestMergeDropped,
    RequestMergedToCoordinators,
)
from notifications.recipients import Case

MERGE_TASK = "request_merge"
OTHER_STATES = "Only requests of the same States can be merged."
APPROVED = "A match of this request is approved or delivered: the request goes on by itself."
ASKED = "It has been asked already that this request is merged."
IN_USE = "One of the two requests is part of another merger that waits for the States."
NOT_ASKED = "Nobody asks that this request is merged, or no longer."
SURVIVOR_GONE = "The other request can no longer take this one in."
SAID = "Your State has confirmed this already."


async def ask_merge(
    request: Request, survivor: Request, *, version: int, actor: Actor, now: datetime
) -> Request:
    """Ask each requesting State to confirm that `request` ends and `survivor` goes on."""
    async with transaction():
        merged, kept = await _lock_both(request.id, survivor.id)
        if merged.version != version:
            raise StaleVersion(STALE)
        MACHINE.check("ask_merge", merged.state)
        allow(may_ask_merge(actor, merged) and may_ask_merge(actor, kept))
        for one in (merged, kept):
            await check_assigned(actor, one)
        await check_mergeable(merged, kept)
        await _check_free(merged, kept)
        await RequestParty.filter(request_id=merged.id).update(merge_confirmed_at=None)
        merged.merge_asked_into_id, merged.lead_merge_confirmed_at = kept.id, None
        await move(merged, "ask_merge", merged.state, actor=actor, now=now)
        due = await deadline(
            Step.CONSENT, start=now, state=merged.lead_state_id, urgent=merged.urgent
        )
        await ask_states(merged, MERGE_TASK, states=states_of(merged), now=now, due_at=due)
        asked = RequestMergeAsked(
            request=merged.public_id, survivor=kept.public_id, due=due.date()
        )
        await _tell(merged, kept, "merge_asked", asked, actor=actor, now=now)
        await record(merged, "ask_merge", actor=actor, now=now, survivor=str(kept.id))
    return merged


async def lock_pair(request: Request) -> tuple[Request, Request]:
    """The request and the one that it is asked to be merged into, in the order of their ids."""
    fresh = await Request.get(id=request.id)
    if fresh.merge_asked_into_id is None:
        raise Conflict(NOT_ASKED)
    merged, kept = await _lock_both(fresh.id, fresh.merge_asked_into_id)
    if merged.merge_asked_into_id != kept.id:
        raise Conflict(NOT_ASKED)
    return merged, kept


async def check_mergeable(merged: Request, kept: Request) -> None:
    """Raise `Conflict` unless both are of the same States and nothing is approved on the first."""
    if merged.id == kept.id or states_of(merged) != states_of(kept):
        raise Conflict(OTHER_STATES)
    if kept.state not in MERGEABLE:
        raise Conflict(SURVIVOR_GONE)
    taken = await RequestItem.filter(request_id=merged.id).values_list("reserved", "delivered")
    if any(reserved or delivered for reserved, delivered in taken):
        raise Conflict(APPROVED)


async def confirm_merge(
    request: Request, *, actor: Actor, now: datetime, on_behalf_of: str | None = None
) -> bool:
    """One State's word on a locked request; True once every requesting State has given it."""
    MACHINE.check("confirm_merge", request.state)
    allow_state(may_merge(actor, request), request, actor=actor, on_behalf_of=on_behalf_of)
    state = on_behalf_of or actor.state or ""
    if state in await confirmed_by(request):
        raise Conflict(SAID)
    if state == request.lead_state_id:
        request.lead_merge_confirmed_at = now
    else:
        await RequestParty.filter(request_id=request.id, state_id=state).update(
            merge_confirmed_at=now
        )
    await move(
        request, "confirm_merge", request.state, actor=actor, now=now, on_behalf_of=on_behalf_of
    )
    await close_tasks(request.id, MERGE_TASK, now=now, state=state)
    await record(request, "confirm_merge", actor=actor, now=now, on_behalf_of=state)
    return states_of(request) <= await confirmed_by(request)


async def confirmed_by(request: Request) -> frozenset[str]:
    """The requesting States that have confirmed the merger which is asked for."""
    rows = await RequestParty.filter(
        request_id=request.id, merge_confirmed_at__isnull=False
    ).values_list("state_id", flat=True)
    lead = {request.lead_state_id} if request.lead_merge_confirmed_at else set()
    return frozenset(str(row) for row in rows) | lead


async def decline_merge(
    request: Request, *, version: int, actor: Actor, now: datetime, note: str = ""
) -> Request:
    """A requesting State does not agree: both requests go on, and the coordinators hear of it."""
    async with transaction():
        merged, kept = await lock_pair(request)
        allow(may_merge(actor, merged))
        await _end_ask(merged, "decline_merge", version=version, actor=actor, now=now, note=note)
        ids = {"request": merged.public_id, "survivor": kept.public_id}
        said = (RequestMergeDeclined(**ids), RequestMergeDropped(**ids))
        await _tell(merged, kept, "merge_declined", *said, actor=actor, now=now)
        await record(merged, "decline_merge", actor=actor, now=now, on_behalf_of=actor.state)
    return merged


async def drop_merge(
    request: Request, *, version: int, actor: Actor, now: datetime, note: str = ""
) -> Request:
    """A coordinator no longer asks for it: nothing is left for the States to confirm."""
    async with transaction():
        merged, kept = await lock_pair(request)
        allow(may_ask_merge(actor, merged))
        await check_assigned(actor, merged)
        await _end_ask(merged, "drop_merge", version=version, actor=actor, now=now, note=note)
        said = RequestMergeDropped(request=merged.public_id, survivor=kept.public_id)
        await _tell(merged, kept, "merge_dropped", said, actor=actor, now=now)
        await record(merged, "drop_merge", actor=actor, now=now)
    return merged


async def mark_merged(
    request: Request,
    survivor: Request,
    *,
    actor: Actor,
    now: datetime,
    on_behalf_of: str | None = None,
) -> bool:
    """It points to the survivor, which takes the stricter class and every exclusion.

    The caller has locked both and ended the matches of `request`. No consent carries over. True
    if the survivor's class, and with it its scope, has changed.
    """
    MACHINE.check("merge", request.state, RequestState.MERGED)
    allow_state(may_merge(actor, request), request, actor=actor, on_behalf_of=on_behalf_of)
    await check_mergeable(request, survivor)
    was_open = request.state in OPEN_STATES
    request.merged_into_id = survivor.id
    request.due_at = request.unmatched_since = None
    await move(
        request, "merge", RequestState.MERGED, actor=actor, now=now, on_behalf_of=on_behalf_of
    )
    await close_tasks(request.id, now=now)
    await leave_circulation(request, was_open=was_open, actor=actor, now=now)
    await end_naming(request, now=now)
    await take_exclusions(survivor, request)
    changed = await take_stricter_class(survivor, request, actor=actor, now=now)
    if survivor.confidentiality is Confidentiality.SEALED:
        await name_tasks(survivor, now=now)
    await rank(survivor, now=now)
    ids = {"request": request.public_id, "survivor": survivor.public_id}
    said = (RequestMerged(**ids), RequestMergedToCoordinators(**ids))
    await _tell(request, survivor, "merged", *said, actor=actor, now=now)
    await record(
        request,
        "merge",
        actor=actor,
        now=now,
        on_behalf_of=on_behalf_of or actor.state,
        survivor=str(survivor.id),
    )
    return changed


async def _lock_both(one: UUID, other: UUID) -> tuple[Request, Request]:
    """Both, locked in the order of their ids; returned as asked for."""
    found = {each: await lock(each) for each in sorted({one, other})}
    return found[one], found[other]


async def _check_free(merged: Request, kept: Request) -> None:
    """Neither may be part of another merger that the States have yet to confirm."""
    if merged.merge_asked_into_id is not None:
        raise Conflict(ASKED)
    into = Request.filter(merge_asked_into_id=merged.id, state__in=sorted(MERGEABLE))
    if kept.merge_asked_into_id is not None or await into.exists():
        raise Conflict(IN_USE)


async def _end_ask(
    request: Request, verb: str, *, version: int, actor: Actor, now: datetime, note: str
) -> None:
    if request.version != version:
        raise StaleVersion(STALE)
    request.merge_asked_into_id = request.lead_merge_confirmed_at = None
    await RequestParty.filter(request_id=request.id).update(merge_confirmed_at=None)
    seen_by = "state" if verb == "decline_merge" else "secretariat"
    await move(request, verb, request.state, actor=actor, now=now, note=note, note_seen_by=seen_by)
    await close_tasks(request.id, MERGE_TASK, now=now)


async def _tell(
    merged: Request, kept: Request, event: str, *messages: Message, actor: Actor, now: datetime
) -> None:
    """Owe messages that name both, to nobody who may see one of them alone."""
    case = await _case(merged, kept, actor)
    name = f"request:{merged.id}:{event}:{merged.version}"
    await tell(*messages, case=case, event=name, now=now)


async def _case(merged: Request, kept: Request, actor: Actor) -> Case[UUID]:
    cases = [await case_of(one, actor=actor) for one in (merged, kept)]
    named = [case.assigned for case in cases if case.assigned is not None]
    wrote_both = merged.created_by_id == kept.created_by_id
    return replace(
        cases[0],
        assigned=frozenset.intersection(*named) if named else None,
        authors=cases[0].authors if wrote_both else frozenset(),
    )
