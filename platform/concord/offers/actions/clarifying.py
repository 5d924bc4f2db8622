"""Questions on an offer and their answers."""

from datetime import datetime

from concord.actor import PROVIDER_ROLES, Actor
from concord.deadlines import Step, deadline
from concord.errors import Conflict
from concord.inbox.actions import close_tasks, tell
from concord.offers.actions.recording import allow, ask_provider, locked, record, tell_about
from concord.offers.models import Offer, OfferClarification
from concord.offers.policy import may_answer, may_ask
from concord.offers.queries import clarification_for, has_open_questions
from concord.offers.values import Answer, Question
from notifications.messages.offers import ClarificationAskedOfProvider
from notifications.messages.requests import ClarificationAnswered
from notifications.recipients import Case

ANSWERED = "This question has been answered already."
TASK = "answer_offer_clarification"


async def ask_clarification(
    offer: Offer, question: Question, *, actor: Actor, now: datetime
) -> OfferClarification:
    """Ask the provider; it learns the question and not who asks."""
    async with locked(offer.id) as found:
        allow(may_ask(actor, found))
        asked = await OfferClarification.create(
            offer_id=found.id,
            asked_by_id=actor.person_id,
            asked_by_organization_id=actor.organization_id,
            asked_at=now,
            question=question.text,
            language=question.language,
            due_at=await deadline(Step.REVIEW, start=now),
        )
        due = asked.due_at
        message = ClarificationAskedOfProvider(
            offer=found.public_id, due=due.date() if due else None
        )
        await tell_about(found, f"asked:{asked.id}", message, actor=actor, now=now)
        await ask_provider(found, TASK, roles=PROVIDER_ROLES, now=now, due_at=due)
        await record(found, "ask_clarification", actor=actor, now=now)
    return asked


async def answer_clarification(
    offer: Offer, question: OfferClarification, answer: Answer, *, actor: Actor, now: datetime
) -> OfferClarification:
    """Answer once; whoever asked is told, in the seat from which they asked."""
    async with locked(offer.id) as found:
        allow(may_answer(actor, found))
        asked = await clarification_for(found, question.id)
        if asked.answered_at is not None:
            raise Conflict(ANSWERED)
        asked.answer = answer.text
        asked.answer_language = answer.language
        asked.shared = answer.shared
        asked.answered_by_id = actor.person_id
        asked.answered_at = now
        asked.version += 1
        await asked.save()
        if not await has_open_questions(found.id):
            await close_tasks(found.id, TASK, now=now)
        await tell(
            ClarificationAnswered(subject=found.public_id),
            case=Case(person=asked.asked_by_id),
            event=f"offer:{found.id}:answered:{asked.id}",
            now=now,
        )
        await record(found, "answer_clarification", actor=actor, now=now)
    return asked
