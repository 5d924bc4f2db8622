"""From draft to UNODC's desk: submission, and the word of each co-requesting State."""

from datetime import datetime

from concord.actor import Actor, Role
from concord.deadlines import Step, deadline
from concord.errors import Conflict, InvalidInput, Text
from concord.inbox.actions import close_tasks
from concord.requests.actions.recording import (
    allow_state,
    ask_secretariat,
    ask_states,
    locked,
    look_for_duplicates,
    move,
    record,
    tell_about,
)
from concord.requests.checking import check_for_submission
from concord.requests.completeness import completeness
from concord.requests.models import Request, RequestParty
from concord.requests.policy import may_confirm, may_submit
from concord.requests.queries import values_of
from concord.requests.states import MACHINE, RequestState
from notifications.messages.requests import (
    RequestConfirmationAsked,
    RequestReturned,
    RequestSubmitted,
)

REVIEW_TASK = "request_review"
CONFIRM_TASK = "request_confirm"
RETURNED_TASK = "request_returned"
INCOMPLETE = "Say why the request is submitted although details are missing, or add them."
NOT_NAMED = "Your State is no longer among those that make this request."


async def submit(
    request: Request,
    *,
    version: int,
    actor: Actor,
    now: datetime,
    override_reason: str = "",
    on_behalf_of: str | None = None,
) -> Request:
    """Send it to UNODC, or first to the co-requesting States.

    Below the threshold of completeness it takes a reason (`InvalidInput`).
    """
    async with locked(request, version=version) as found:
        MACHINE.check("submit", found.state, RequestState.SUBMITTED)
        allow_state(may_submit(actor, found), found, actor=actor, on_behalf_of=on_behalf_of)
        values = await values_of(found)
        check_for_submission(values)
        measured = completeness(values)
        if not measured.is_enough and not override_reason:
            raise InvalidInput({"override_reason": Text(INCOMPLETE)})
        found.completeness = measured.score
        found.override_reason = "" if measured.is_enough else override_reason
        found.submitted_at = now
        await _send(found, actor=actor, now=now, on_behalf_of=on_behalf_of)
        await look_for_duplicates(found, now=now)
        await record(
            found,
            "submit",
            actor=actor,
            now=now,
            on_behalf_of=on_behalf_of,
            completeness=measured.score,
            overridden=bool(found.override_reason),
        )
    return found


async def _send(
    request: Request, *, actor: Actor, now: datetime, on_behalf_of: str | None
) -> None:
    joint = bool(request.co_states)
    step = Step.CONSENT if joint else Step.REVIEW
    request.due_at = await deadline(
        step, start=now, state=request.lead_state_id if joint else None, urgent=request.urgent
    )
    await move(
        request, "submit", RequestState.SUBMITTED, actor=actor, now=now, on_behalf_of=on_behalf_of
    )
    await close_tasks(request.id, RETURNED_TASK, now=now)
    if not joint:
        await _ask_review(request, actor=actor, now=now)
        return
    await ask_states(
        request, CONFIRM_TASK, states=request.co_states, now=now, due_at=request.due_at
    )
    asked = RequestConfirmationAsked(request=request.public_id, due=request.due_at.date())
    await tell_about(request, "submitted", asked, actor=actor, now=now)


async def confirm_party(
    request: Request,
    *,
    version: int,
    actor: Actor,
    now: datetime,
    on_behalf_of: str | None = None,
) -> Request:
    """A co-requesting State confirms the present text; after the last one the review begins."""
    async with locked(request, version=version) as found:
        MACHINE.check("confirm", found.state, RequestState.SUBMITTED)
        allow_state(may_confirm(actor, found), found, actor=actor, on_behalf_of=on_behalf_of)
        state = on_behalf_of or actor.state
        party = await RequestParty.get_or_none(request_id=found.id, state_id=state)
        if party is None:
            raise Conflict(NOT_NAMED)
        party.confirmed_at, party.confirmed_by_id = now, actor.person_id
        await party.save(update_fields=["confirmed_at", "confirmed_by_id"])
        await move(
            found, "confirm", RequestState.SUBMITTED, actor=actor, now=now, on_behalf_of=state
        )
        await close_tasks(found.id, CONFIRM_TASK, now=now, state=state)
        if await is_confirmed(found):
            found.due_at = await deadline(Step.REVIEW, start=now, urgent=found.urgent)
            await found.save(update_fields=["due_at"])
            await _ask_review(found, actor=actor, now=now)
        await record(found, "confirm", actor=actor, now=now, on_behalf_of=state)
    return found


async def decline_party(
    request: Request,
    *,
    version: int,
    actor: Actor,
    now: datetime,
    note: str = "",
    on_behalf_of: str | None = None,
) -> Request:
    """A co-requesting State will not take part: the request goes back to the lead State."""
    async with locked(request, version=version) as found:
        MACHINE.check("decline", found.state, RequestState.RETURNED)
        allow_state(may_confirm(actor, found), found, actor=actor, on_behalf_of=on_behalf_of)
        state = on_behalf_of or actor.state
        await RequestParty.filter(request_id=found.id, state_id=state).delete()
        found.co_states = [code for code in found.co_states if code != state]
        found.due_at = None
        await move(
            found,
            "decline",
            RequestState.RETURNED,
            actor=actor,
            now=now,
            note=note,
            note_seen_by="state",
            on_behalf_of=state,
        )
        await back_to_state(found, reasons=(), actor=actor, now=now)
        await record(found, "decline", actor=actor, now=now, on_behalf_of=state)
    return found


async def back_to_state(
    request: Request, *, reasons: tuple[str, ...], actor: Actor, now: datetime
) -> None:
    """What follows when a request is with its lead State again."""
    await RequestParty.filter(request_id=request.id).update(
        confirmed_at=None, confirmed_by_id=None
    )
    await close_tasks(request.id, now=now)
    await ask_states(
        request,
        RETURNED_TASK,
        states=[request.lead_state_id],
        roles={Role.FOCAL_POINT, Role.ALTERNATE, Role.DRAFTER},
        now=now,
    )
    message = RequestReturned(request=request.public_id, reasons=reasons)
    await tell_about(request, "returned", message, actor=actor, now=now)


async def is_confirmed(request: Request) -> bool:
    """Whether every co-requesting State has confirmed the present text."""
    return not await RequestParty.filter(request_id=request.id, confirmed_at=None).exists()


async def _ask_review(request: Request, *, actor: Actor, now: datetime) -> None:
    due = request.due_at or await deadline(Step.REVIEW, start=now, urgent=request.urgent)
    await ask_secretariat(request, REVIEW_TASK, role=Role.COORDINATOR, now=now, due_at=due)
    message = RequestSubmitted(request=request.public_id, due=due.date())
    await tell_about(request, "submitted", message, actor=actor, now=now)
