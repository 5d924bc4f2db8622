"""Questions about a request, their answers, and who reads them."""

from datetime import datetime

from concord.actor import Actor, Role
from concord.deadlines import Step, deadline
from concord.errors import Conflict
from concord.inbox.actions import close_tasks, tell
from concord.requests.actions.recording import allow, ask_states, locked, record, tell_about
from concord.requests.models import Clarification, Request
from concord.requests.policy import may_answer, may_ask
from concord.requests.queries import check_assigned, level_of
from notifications.messages.requests import (
    ClarificationAnswered,
    ClarificationAskedOfState,
    ClarificationShared,
)
from notifications.recipients import Case

TASK = "request_clarification"
ANSWERED = "This question has been answered."
MOST_OPEN = 5
TOO_MANY = "Wait for the answers to your earlier questions first."


async def ask_clarification(
    request: Request, *, question: str, language: str, actor: Actor, now: datetime
) -> Clarification:
    """Ask the State; an organization has at most five questions waiting on one request."""
    async with locked(request) as found:
        allow(may_ask(actor, found, await level_of(actor, found)))
        if actor.is_secretariat:
            await check_assigned(actor, found)
        await _check_waiting(actor, found)
        due = await deadline(
            Step.REVIEW, start=now, state=found.lead_state_id, urgent=found.urgent
        )
        asked = await Clarification.create(
            request_id=found.id,
            asked_by_id=actor.person_id,
            asked_by_organization_id=actor.organization_id,
            asked_at=now,
            question=question,
            language=language,
            due_at=due,
        )
        await ask_states(
            found,
            TASK,
            states=[found.lead_state_id],
            roles={Role.FOCAL_POINT, Role.ALTERNATE, Role.DRAFTER},
            now=now,
            due_at=due,
        )
        message = ClarificationAskedOfState(request=found.public_id, due=due.date())
        await tell_about(found, f"asked:{asked.id}", message, actor=actor, now=now)
        await record(found, "ask", actor=actor, now=now, clarification=str(asked.id))
    return asked


async def _check_waiting(actor: Actor, request: Request) -> None:
    waiting = Clarification.filter(
        request_id=request.id, asked_by_organization_id=actor.organization_id, answer=None
    )
    if actor.is_provider and await waiting.count() >= MOST_OPEN:
        raise Conflict(TOO_MANY)


async def answer_clarification(
    request: Request,
    clarification: Clarification,
    *,
    answer: str,
    language: str,
    shared: bool,
    actor: Actor,
    now: datetime,
) -> Clarification:
    """Answer once; a shared answer goes to every provider that may see the text."""
    async with locked(request) as found:
        allow(may_answer(actor, found))
        kept = await Clarification.filter(id=clarification.id).select_for_update().get()
        if kept.answer is not None:
            raise Conflict(ANSWERED)
        kept.answer, kept.answer_language, kept.shared = answer, language, shared
        kept.answered_by_id, kept.answered_at = actor.person_id, now
        await kept.save()
        if not await Clarification.filter(request_id=found.id, answer=None).exists():
            await close_tasks(found.id, TASK, now=now)
        await _tell_asker(found, kept, now=now)
        if shared:
            message = ClarificationShared(request=found.public_id)
            await tell_about(
                found, f"shared:{kept.id}", message, actor=actor, now=now, providers=True
            )
        await record(
            found, "answer", actor=actor, now=now, clarification=str(kept.id), shared=shared
        )
    return kept


async def _tell_asker(request: Request, clarification: Clarification, *, now: datetime) -> None:
    await tell(
        ClarificationAnswered(subject=request.public_id),
        case=Case(person=clarification.asked_by_id),
        event=f"request:{request.id}:answered:{clarification.id}",
        now=now,
    )
