"""States ask: drafts, reviews, returns, referrals, the no-objection period, openings."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from concord.actor import Actor
from concord.demo.stage import Stage
from concord.matches.actions import suspend_request, withdraw_request
from concord.requests.actions import (
    agree_to_circulation,
    answer_clarification,
    ask_clarification,
    ask_referral,
    confirm_party,
    create_draft,
    decide_referral,
    object_to_circulation,
    return_,
    review,
    submit,
)
from concord.requests.models import Request
from concord.requests.states import CIRCULATED_CLASSES, Confidentiality
from concord.requests.values import CirculatedTexts, DraftValues

UNMATCHED = ("SMP-R29", "SMP-R26")
"""Asked long ago, and without an agreed match to this day."""
DRAFTS = {"SMP-R37": "drafter_qm", "SMP-R36": "drafter_qo", "SMP-R31": "focal_qw"}
FILED_TWICE = "SMP-R02"
WAITING = ("SMP-R30", FILED_TWICE)
WAITING_FOR_PARTNER_STATE = "SMP-R28"
RETURNED = "SMP-R38"
REFERRED = "SMP-R20"
TO_BE_REFERRED = "SMP-R11"
IN_NO_OBJECTION = ("SMP-R34", "SMP-R21")
OBJECTED = "SMP-R15"
SUSPENDED = "SMP-R33"
WITHDRAWN = "SMP-R23"
LATE = frozenset(
    {
        *UNMATCHED,
        *DRAFTS,
        *WAITING,
        WAITING_FOR_PARTNER_STATE,
        RETURNED,
        TO_BE_REFERRED,
        *IN_NO_OBJECTION,
    }
)
SUMMARY_LENGTH = 400

Step = Callable[[Stage, str], Awaitable[None]]


async def ask_long_ago(stage: Stage) -> None:
    stage.days.before(140)
    for name in UNMATCHED:
        await _submit(stage, name)
    stage.days.before(136)
    for name in UNMATCHED:
        await _review(stage, name)


async def ask(stage: Stage) -> None:
    """The bulk: submitted on one day, reviewed some days later, a few turned away."""
    stage.days.before(70)
    asked = [name for name in sorted(stage.sample_requests) if name not in LATE]
    for name in asked:
        await _submit(stage, name)
    stage.days.before(64)
    for name in asked:
        if name == REFERRED:
            await _ask_referral(stage, name)
        else:
            await _review(stage, name)
    stage.days.before(62)
    await _decide_referral(stage, REFERRED)
    await _object(stage, OBJECTED)
    for name in asked:
        request = await again(stage, name)
        if request.confidentiality is Confidentiality.PUBLIC and request.public_summary:
            await _agree(stage, name)


async def change_their_minds(stage: Stage) -> None:
    """One State pauses, one withdraws: both weeks after the opening."""
    stage.days.before(30)
    request = await again(stage, SUSPENDED)
    await suspend_request(
        request,
        note="The ministry is being reorganized.",
        actor=stage.focal_point(request.lead_state_id),
        now=stage.days.next(),
    )
    request = await again(stage, WITHDRAWN)
    await withdraw_request(
        request,
        note="Parliament has taken the matter up itself.",
        actor=stage.focal_point(request.lead_state_id),
        now=stage.days.next(),
    )


async def ask_lately(stage: Stage) -> None:
    """What waits on desks today, at every step before the opening."""
    stage.days.before(6)
    for name in (RETURNED, TO_BE_REFERRED, *IN_NO_OBJECTION):
        await _submit(stage, name)
    stage.days.before(3)
    await _return(stage, RETURNED)
    await _ask_referral(stage, TO_BE_REFERRED)
    for name in IN_NO_OBJECTION:
        await _review(stage, name)
    stage.days.before(1)
    await _submit(stage, WAITING_FOR_PARTNER_STATE, confirmed=False)
    for name in WAITING:
        await _submit(stage, name)
    for name, key in DRAFTS.items():
        await _draft(stage, name, actor=stage.actors[key])


async def ask_about(stage: Stage, name: str) -> None:
    """A coordinator asks what is not clear; the State answers everyone."""
    request = await again(stage, name)
    question = await ask_clarification(
        request,
        question="Which of the two institutions would host the first course?",
        language="en",
        actor=stage.coordinator(request.lead_state_id),
        now=stage.days.next(),
    )
    await answer_clarification(
        await again(stage, name),
        question,
        answer="The first one would; the second takes part from the second course on.",
        language="en",
        shared=True,
        actor=stage.focal_point(request.lead_state_id),
        now=stage.days.next(),
    )


async def again(stage: Stage, name: str) -> Request:
    """The request as it is now."""
    return await Request.get(id=stage.requests[name].id)


async def _draft(stage: Stage, name: str, *, actor: Actor) -> Request:
    now = stage.days.next()
    values = _filled_in(stage, stage.request_values(name))
    stage.requests[name] = await create_draft(values, actor=actor, now=now)
    return stage.requests[name]


def _filled_in(stage: Stage, values: DraftValues) -> DraftValues:
    """What the sample's columns have no place for: why it is urgent, and who may see it."""
    if values.urgent:
        values = replace(
            values,
            urgent_reason="Cases are waiting; the present arrangement ends soon.",
            needed_by=stage.days.end.date() + timedelta(days=120),
        )
    if values.confidentiality is not Confidentiality.SEALED:
        return values
    coordinator = stage.coordinator(values.lead_state)
    assert coordinator.person_id is not None  # noqa: S101 - everyone on stage has an account
    approver = stage.actors["approver_one"].person_id
    return replace(values, coordinators=(coordinator.person_id,), approver=approver)


async def _submit(stage: Stage, name: str, *, confirmed: bool = True) -> None:
    focal_point = stage.focal_point(stage.request_values(name).lead_state)
    request = await _draft(stage, name, actor=focal_point)
    request = await submit(
        request,
        version=request.version,
        override_reason="The rest is being collected.",
        actor=focal_point,
        now=stage.days.next(),
    )
    for state in request.co_states if confirmed else ():
        request = await confirm_party(
            request,
            version=request.version,
            actor=stage.focal_point(state),
            now=stage.days.next(),
        )


async def _review(stage: Stage, name: str) -> None:
    request = await again(stage, name)
    wide = request.confidentiality in CIRCULATED_CLASSES
    texts = CirculatedTexts(
        circulation_text=request.description if wide else "",
        public_summary=summary(request.description) if wide else "",
        language=request.language,
    )
    await review(
        request,
        texts=texts,
        version=request.version,
        actor=stage.coordinator(request.lead_state_id),
        now=stage.days.next(),
    )


def summary(text: str) -> str:
    """The first sentences, as far as a summary goes."""
    if len(text) <= SUMMARY_LENGTH:
        return text
    ends = [text.rfind(mark, 0, SUMMARY_LENGTH) for mark in (". ", "。", "؛ ", "؟ ")]
    end = max(ends)
    return text[: end + 1] if end > 0 else text[:SUMMARY_LENGTH]


async def _agree(stage: Stage, name: str) -> None:
    request = await again(stage, name)
    await agree_to_circulation(
        request,
        publish=True,
        version=request.version,
        actor=stage.focal_point(request.lead_state_id),
        now=stage.days.next(),
    )


async def _object(stage: Stage, name: str) -> None:
    request = await again(stage, name)
    await object_to_circulation(
        request,
        version=request.version,
        note="Please do not circulate this before the new law is in force.",
        actor=stage.focal_point(request.lead_state_id),
        now=stage.days.next(),
    )


async def _return(stage: Stage, name: str) -> None:
    request = await again(stage, name)
    await return_(
        request,
        reasons=("request_returned.several_subjects",),
        note="Please file the study visit as a request of its own.",
        version=request.version,
        actor=stage.coordinator(request.lead_state_id),
        now=stage.days.next(),
    )


async def _ask_referral(stage: Stage, name: str) -> None:
    request = await again(stage, name)
    await ask_referral(
        request,
        reason="request_referred.operational",
        body="The contact point of the 24/7 network",
        note="Parts of it ask for cooperation in cases.",
        version=request.version,
        actor=stage.coordinator(request.lead_state_id),
        now=stage.days.next(),
    )


async def _decide_referral(stage: Stage, name: str) -> None:
    request = await again(stage, name)
    await decide_referral(
        request,
        agreed=True,
        body="The contact point of the 24/7 network",
        note="The network answers within a day.",
        version=request.version,
        actor=stage.actors["approver_one"],
        now=stage.days.next(),
    )
