"""What becomes of an open request: met by deliveries, unmatched, closed, followed up."""

from datetime import datetime, timedelta

from concord.actor import CLOCK, FOCAL_POINTS, Actor, Role
from concord.deadlines import Step, clocks, deadline, months_after
from concord.errors import Conflict
from concord.inbox.actions import close_tasks
from concord.requests.actions.disclosing import end_naming
from concord.requests.actions.recording import (
    allow_state,
    ask_secretariat,
    ask_states,
    locked,
    move,
    rank,
    record,
    tell_about,
)
from concord.requests.models import Request, RequestItem
from concord.requests.policy import may_close, may_follow_up
from concord.requests.queries import has_live_match
from concord.requests.states import ENDED_MATCHES, MACHINE, MATCHABLE, OPEN_STATES, RequestState
from concord.requests.values import FollowUp
from notifications.messages.requests import (
    RequestNoLongerOpen,
    RequestUnmatchedToCoordinators,
    RequestUnmatchedToState,
)

UNMATCHED_TASK = "request_unmatched"
FOLLOW_UP_TASK = "request_follow_up"
STILL_MATCHED = "A match of this request has not ended: cancel or complete it first."


async def derive(request: Request, *, now: datetime) -> RequestState:
    """Open, partially met or met, as the items' confirmed deliveries say; ranked again.

    The caller has locked the request. A request without items is never met.
    """
    if request.state not in OPEN_STATES:
        return request.state
    items = await RequestItem.filter(request_id=request.id)
    if request.unmatched_since is not None and not lacks_match(items):
        request.unmatched_since = None
        await request.save(update_fields=["unmatched_since"])
        await close_tasks(request.id, UNMATCHED_TASK, now=now)
    target = derived_state(items)
    if target is not request.state:
        await move(request, "derive", target, actor=CLOCK, now=now)
        await record(request, "derive", actor=CLOCK, now=now)
    if target in MATCHABLE:
        await rank(request, now=now)
    return target


def derived_state(items: list[RequestItem]) -> RequestState:
    """By what States confirmed; what silence confirmed is delivered, and does not count here."""
    confirmed = {item.id: item.delivered - item.unconfirmed for item in items}
    if items and all(item.quantity and confirmed[item.id] >= item.quantity for item in items):
        return RequestState.MET
    if any(confirmed.values()):
        return RequestState.PARTIALLY_MET
    return RequestState.OPEN


def lacks_match(items: list[RequestItem]) -> bool:
    """Whether an item is not wholly taken by matches; a request without items always is."""
    return not items or any(
        item.reserved + item.delivered < (item.quantity or 1) for item in items
    )


async def flag_unmatched(request: Request, *, now: datetime) -> bool:
    """After 90 days open: tell the State and the coordinators; matching goes on."""
    async with locked(request) as found:
        waiting = found.state in MATCHABLE and found.unmatched_since is None and found.opened_at
        long_enough = waiting and now - waiting >= timedelta(days=clocks().unmatched_days)
        if not long_enough or not lacks_match(await RequestItem.filter(request_id=found.id)):
            return False
        found.unmatched_since = now
        found.version += 1
        await found.save(update_fields=["unmatched_since", "version"])
        days = (now - waiting).days if waiting else 0
        await ask_secretariat(found, UNMATCHED_TASK, role=Role.COORDINATOR, now=now)
        await tell_about(
            found,
            "unmatched",
            RequestUnmatchedToState(request=found.public_id, days=days),
            RequestUnmatchedToCoordinators(request=found.public_id, days=days),
            actor=CLOCK,
            now=now,
        )
        await record(found, "unmatched", actor=CLOCK, now=now, days=days)
    return True


async def close(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    note: str = "",
    on_behalf_of: str | None = None,
) -> Request:
    """The State, or the clock, closes it once no match is under way; the follow-up is set."""
    async with locked(request, version=version) as found:
        MACHINE.check("close", found.state, RequestState.CLOSED)
        by_clock = actor is CLOCK
        allow_state(
            by_clock or may_close(actor, found), found, actor=actor, on_behalf_of=on_behalf_of
        )
        if await has_live_match(found, ENDED_MATCHES):
            raise Conflict(STILL_MATCHED)
        found.due_at = months_after(now, clocks().follow_up_months)
        found.unmatched_since = None
        await move(
            found,
            "close",
            RequestState.CLOSED,
            actor=actor,
            now=now,
            note=note,
            note_seen_by="state",
            on_behalf_of=on_behalf_of,
        )
        await close_tasks(found.id, now=now)
        gone = RequestNoLongerOpen(request=found.public_id)
        await tell_about(found, "closed", gone, actor=actor, now=now, providers=True)
        await end_naming(found, now=now)
        await record(found, "close", actor=actor, now=now, on_behalf_of=on_behalf_of)
    return found


async def ask_follow_up(request: Request, *, now: datetime) -> Request:
    """A year later: was it met? Silence of 60 working days is an answer of its own."""
    async with locked(request) as found:
        if found.state is not RequestState.CLOSED or found.follow_up_asked_at is not None:
            return found
        found.follow_up_asked_at = now
        found.due_at = await deadline(Step.EVALUATION, start=now, state=found.lead_state_id)
        found.version += 1
        await found.save(update_fields=["follow_up_asked_at", "due_at", "version"])
        await ask_states(
            found,
            FOLLOW_UP_TASK,
            states=[found.lead_state_id],
            roles=FOCAL_POINTS,
            now=now,
            due_at=found.due_at,
        )
        await record(found, "ask_follow_up", actor=CLOCK, now=now)
    return found


async def follow_up(
    request: Request,
    *,
    answer: FollowUp,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    note: str = "",
    on_behalf_of: str | None = None,
) -> Request:
    """The State's answer, or the clock's "no answer"."""
    async with locked(request, version=version) as found:
        MACHINE.check("follow_up", found.state, RequestState.FOLLOWED_UP)
        silent = actor is CLOCK and answer is FollowUp.NO_ANSWER
        allow_state(
            silent or may_follow_up(actor, found), found, actor=actor, on_behalf_of=on_behalf_of
        )
        found.follow_up_answer, found.due_at = answer.value, None
        await move(
            found,
            "follow_up",
            RequestState.FOLLOWED_UP,
            actor=actor,
            now=now,
            note=note,
            note_seen_by="state",
            on_behalf_of=on_behalf_of,
        )
        await close_tasks(found.id, now=now)
        await record(
            found,
            "follow_up",
            actor=actor,
            now=now,
            on_behalf_of=on_behalf_of,
            answer=answer.value,
        )
    return found
