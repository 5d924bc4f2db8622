"""UNODC's review: on to the no-objection period, back to the State, or to a competent body."""

from datetime import datetime

from concord.actor import Actor, Role
from concord.deadlines import Step, deadline
from concord.errors import Conflict, InvalidInput, Text
from concord.inbox.actions import close_tasks
from concord.inputs import PICK, REQUIRED
from concord.reference.queries import code_lists
from concord.requests.actions.circulation import NO_OBJECTION_TASK, open_now
from concord.requests.actions.recording import (
    allow,
    ask_secretariat,
    ask_states,
    locked,
    move,
    record,
    tell_about,
)
from concord.requests.actions.submission import REVIEW_TASK, back_to_state, is_confirmed
from concord.requests.models import Request
from concord.requests.policy import (
    may_ask_referral,
    may_decide_referral,
    may_return,
    may_review,
    states_of,
)
from concord.requests.queries import check_assigned
from concord.requests.states import CIRCULATED_CLASSES, MACHINE, Confidentiality, RequestState
from concord.requests.values import CirculatedTexts
from notifications.messages.requests import (
    NoObjectionBegun,
    RequestReferralAsked,
    RequestReferralRefused,
    RequestReferred,
)

REFERRAL_TASK = "request_referral"
UNCONFIRMED = "Every co-requesting State has to confirm the text first."


async def review(
    request: Request, *, texts: CirculatedTexts, version: int, actor: Actor, now: datetime
) -> Request:
    """Accept: the State has its say on both exact texts; restricted and sealed open at once."""
    async with locked(request, version=version) as found:
        MACHINE.check("review", found.state)
        allow(may_review(actor, found))
        await check_assigned(actor, found)
        if not await is_confirmed(found):
            raise Conflict(UNCONFIRMED)
        await close_tasks(found.id, REVIEW_TASK, now=now)
        if found.confidentiality in CIRCULATED_CLASSES:
            _put_texts(found, texts)
            await _begin_no_objection(found, actor=actor, now=now)
        else:
            await open_now(found, "review", actor=actor, now=now)
        await record(found, "review", actor=actor, now=now)
    return found


def _put_texts(request: Request, texts: CirculatedTexts) -> None:
    wide = request.confidentiality is Confidentiality.PUBLIC
    wanted = {"circulation_text": texts.circulation_text}
    if wide:
        wanted["public_summary"] = texts.public_summary
    missing = {name: Text(REQUIRED) for name, text in wanted.items() if not text}
    if missing:
        raise InvalidInput(missing)
    request.circulation_text = texts.circulation_text
    request.public_summary = texts.public_summary if wide else ""
    request.texts_language = texts.language


async def _begin_no_objection(request: Request, *, actor: Actor, now: datetime) -> None:
    due = await deadline(
        Step.NO_OBJECTION, start=now, state=request.lead_state_id, urgent=request.urgent
    )
    request.due_at = due
    await move(request, "review", RequestState.NO_OBJECTION, actor=actor, now=now)
    await ask_states(
        request, NO_OBJECTION_TASK, states=states_of(request), now=now, due_at=request.due_at
    )
    message = NoObjectionBegun(request=request.public_id, due=due.date())
    await tell_about(request, "no_objection", message, actor=actor, now=now)


async def return_(
    request: Request,
    *,
    reasons: tuple[str, ...],
    note: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> Request:
    """Back to the State with coded reasons of the list and a note that it reads."""
    async with locked(request, version=version) as found:
        MACHINE.check("return", found.state, RequestState.RETURNED)
        allow(may_return(actor, found))
        await check_assigned(actor, found)
        await _check_reasons("request_returned", *reasons)
        found.due_at = None
        await move(
            found,
            "return",
            RequestState.RETURNED,
            actor=actor,
            now=now,
            reasons=reasons,
            note=note,
            note_seen_by="state",
        )
        await back_to_state(found, reasons=reasons, actor=actor, now=now)
        await record(found, "return", actor=actor, now=now, reasons=list(reasons))
    return found


async def ask_referral(
    request: Request,
    *,
    reason: str,
    body: str,
    note: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> Request:
    """Propose that another body is competent; an approver decides, the review waits meanwhile."""
    async with locked(request, version=version) as found:
        MACHINE.check("ask_referral", found.state)
        allow(may_ask_referral(actor, found))
        await check_assigned(actor, found)
        await _check_reasons("request_referred", reason)
        found.referral_asked_by_id = actor.person_id
        found.referral_reason, found.referral_body = reason, body
        found.due_at = due = await deadline(Step.APPROVAL, start=now, urgent=found.urgent)
        await move(found, "ask_referral", RequestState.SUBMITTED, actor=actor, now=now, note=note)
        await close_tasks(found.id, REVIEW_TASK, now=now)
        await ask_secretariat(found, REFERRAL_TASK, role=Role.APPROVER, now=now, due_at=due)
        message = RequestReferralAsked(request=found.public_id, reason=reason, due=due.date())
        await tell_about(found, "referral_asked", message, actor=actor, now=now)
        await record(found, "ask_referral", actor=actor, now=now, reason=reason)
    return found


async def decide_referral(
    request: Request,
    *,
    agreed: bool,
    body: str,
    note: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> Request:
    """An approver, never who asked, names the competent body or sends it back to review."""
    async with locked(request, version=version) as found:
        MACHINE.check("refer", found.state)
        allow(may_decide_referral(actor, found))
        await check_assigned(actor, found)
        if agreed and not body:
            raise InvalidInput({"body": Text("Name the competent body.")})
        reason = found.referral_reason or ""
        await close_tasks(found.id, REFERRAL_TASK, now=now)
        if agreed:
            await _refer(found, reason=reason, body=body, note=note, actor=actor, now=now)
        else:
            await _refuse(found, note=note, actor=actor, now=now)
        verb = "refer" if agreed else "refuse_referral"
        await record(found, verb, actor=actor, now=now, reason=reason)
    return found


async def _refer(
    request: Request, *, reason: str, body: str, note: str, actor: Actor, now: datetime
) -> None:
    request.referral_body, request.due_at = body, None
    await move(
        request,
        "refer",
        RequestState.REFERRED,
        actor=actor,
        now=now,
        reasons=[reason],
        note=note,
        note_seen_by="state",
    )
    await close_tasks(request.id, now=now)
    message = RequestReferred(request=request.public_id, reason=reason)
    await tell_about(request, "referred", message, actor=actor, now=now)


async def _refuse(request: Request, *, note: str, actor: Actor, now: datetime) -> None:
    request.referral_asked_by_id = request.referral_reason = request.referral_body = None
    request.due_at = due = await deadline(Step.REVIEW, start=now, urgent=request.urgent)
    await move(request, "refuse_referral", RequestState.SUBMITTED, actor=actor, now=now, note=note)
    await ask_secretariat(request, REVIEW_TASK, role=Role.COORDINATOR, now=now, due_at=due)
    message = RequestReferralRefused(request=request.public_id, due=due.date())
    await tell_about(request, "referral_refused", message, actor=actor, now=now)


async def _check_reasons(context: str, *reasons: str) -> None:
    known = {reason.code for reason in (await code_lists()).reasons_for(context)}
    if not reasons or set(reasons) - known:
        name = "reasons" if context == "request_returned" else "reason"
        raise InvalidInput({name: Text(PICK)})
