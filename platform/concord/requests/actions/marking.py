"""Ends and pauses of a request that may have matches: the caller ends those in the same act.

The caller holds the lock on the request, inside its own transaction.
"""

from datetime import datetime

from concord.actor import Actor
from concord.deadlines import Step, deadline
from concord.inbox.actions import close_tasks
from concord.requests.actions.circulation import NO_OBJECTION_TASK
from concord.requests.actions.disclosing import end_naming
from concord.requests.actions.recording import (
    allow_state,
    ask_states,
    move,
    rank,
    record,
    tell_about,
)
from concord.requests.models import Request
from concord.requests.policy import may_resume, may_suspend, may_withdraw, states_of
from concord.requests.states import MACHINE, OPEN_STATES, RequestState
from notifications.messages import Message
from notifications.messages.requests import (
    RequestNoLongerOpen,
    RequestOpenAgain,
    RequestResumedToCoordinators,
    RequestResumedToState,
    RequestSuspendedToCoordinators,
    RequestSuspendedToState,
    RequestWithdrawnToCoordinators,
    RequestWithdrawnToState,
)


async def mark_withdrawn(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    on_behalf_of: str | None = None,
) -> None:
    """For good; a draft that never left its State is told to nobody else."""
    MACHINE.check("withdraw", request.state, RequestState.WITHDRAWN)
    allow_state(may_withdraw(actor, request), request, actor=actor, on_behalf_of=on_behalf_of)
    was_open, arrived = request.state in OPEN_STATES, request.submitted_at is not None
    request.due_at = request.unmatched_since = None
    await move(
        request,
        "withdraw",
        RequestState.WITHDRAWN,
        actor=actor,
        now=now,
        note=note,
        note_seen_by="state",
        on_behalf_of=on_behalf_of,
    )
    await close_tasks(request.id, now=now)
    if arrived:
        told: tuple[Message, ...] = (
            RequestWithdrawnToState(request=request.public_id),
            RequestWithdrawnToCoordinators(request=request.public_id),
        )
        await tell_about(request, "withdrawn", *told, actor=actor, now=now)
    await leave_circulation(request, was_open=was_open, actor=actor, now=now)
    await end_naming(request, now=now)
    await record(request, "withdraw", actor=actor, now=now, on_behalf_of=on_behalf_of)


async def mark_suspended(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    on_behalf_of: str | None = None,
) -> None:
    """For a time; it goes back to where it was."""
    MACHINE.check("suspend", request.state, RequestState.SUSPENDED)
    allow_state(may_suspend(actor, request), request, actor=actor, on_behalf_of=on_behalf_of)
    was_open = request.state in OPEN_STATES
    request.state_before, request.due_at = request.state, None
    await move(
        request,
        "suspend",
        RequestState.SUSPENDED,
        actor=actor,
        now=now,
        note=note,
        note_seen_by="state",
        on_behalf_of=on_behalf_of,
    )
    await close_tasks(request.id, now=now)
    await tell_about(
        request,
        "suspended",
        RequestSuspendedToState(request=request.public_id),
        RequestSuspendedToCoordinators(request=request.public_id),
        actor=actor,
        now=now,
    )
    await leave_circulation(request, was_open=was_open, actor=actor, now=now)
    await record(request, "suspend", actor=actor, now=now, on_behalf_of=on_behalf_of)


async def mark_resumed(
    request: Request, *, actor: Actor, now: datetime, on_behalf_of: str | None = None
) -> None:
    """Back to where it was before; a no-objection period begins anew."""
    target = request.state_before or RequestState.OPEN
    MACHINE.check("resume", request.state, target)
    allow_state(may_resume(actor, request), request, actor=actor, on_behalf_of=on_behalf_of)
    if target is RequestState.NO_OBJECTION:
        await _begin_anew(request, now=now)
    await move(request, "resume", target, actor=actor, now=now, on_behalf_of=on_behalf_of)
    await tell_about(
        request,
        "resumed",
        RequestResumedToState(request=request.public_id),
        RequestResumedToCoordinators(request=request.public_id),
        actor=actor,
        now=now,
    )
    if target in OPEN_STATES:
        await rank(request, now=now)
        again = RequestOpenAgain(request=request.public_id)
        await tell_about(request, "open_again", again, actor=actor, now=now, providers=True)
    await record(request, "resume", actor=actor, now=now, on_behalf_of=on_behalf_of)


async def leave_circulation(
    request: Request, *, was_open: bool, actor: Actor, now: datetime
) -> None:
    """Providers that saw it hear one neutral sentence, whatever the reason."""
    if was_open:
        gone = RequestNoLongerOpen(request=request.public_id)
        await tell_about(request, "gone", gone, actor=actor, now=now, providers=True)


async def _begin_anew(request: Request, *, now: datetime) -> None:
    request.due_at = await deadline(
        Step.NO_OBJECTION, start=now, state=request.lead_state_id, urgent=request.urgent
    )
    await ask_states(
        request, NO_OBJECTION_TASK, states=states_of(request), now=now, due_at=request.due_at
    )
