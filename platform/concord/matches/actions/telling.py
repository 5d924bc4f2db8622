"""Who hears of what happened to a match: messages owed in the transaction of the step."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from concord import jobs
from concord.actor import Actor
from concord.inbox.actions import tell
from concord.matches.actions.locking import Locked
from concord.matches.models import Match
from concord.requests import queries as requests
from notifications.messages import Message
from notifications.messages import matches as messages

DELETE_WITHIN = timedelta(days=30)


async def announce(
    locked: Locked,
    *said: Message,
    verb: str,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
) -> None:
    """Owe each message to everyone whom its rule names; providers hear only once asked."""
    case = await requests.case_of(
        locked.request,
        actor=actor,
        asked=locked.asked,
        recused={locked.match.proposed_by_id},
    )
    await tell(*said, case=case, event=event_of(locked, verb), now=now, at=at)


def event_of(locked: Locked, verb: str) -> str:
    return f"match:{locked.match.id}:{verb}:{locked.match.version}"


def is_told(locked: Locked, *, now: datetime) -> bool:
    """Whether the State has been told of the proposal, or acted on it before that."""
    told_at = locked.match.told_at
    return told_at is None or now >= told_at or bool(list(locked.match.consents))


async def take_back_proposal(locked: Locked, *, now: datetime) -> bool:
    """Whether the State has not been told of the proposal yet: then it never is."""
    if is_told(locked, now=now):
        return False
    await jobs.forget(f"tell:match:{locked.match.id}:proposed:")
    return True


def proposed(locked: Locked) -> tuple[Message, ...]:
    match, request = locked.match.public_id, locked.request.public_id
    due = due_day(locked)
    return (
        messages.MatchProposedToState(match=match, request=request, due=due),
        messages.MatchProposedToApprovers(match=match, request=request, due=due),
    )


def consented(locked: Locked) -> tuple[Message, ...]:
    match, request = locked.match.public_id, locked.request.public_id
    due = due_day(locked)
    return (
        messages.MatchConsentedToState(match=match, request=request, due=due),
        messages.MatchConsentedToCoordinators(match=match, request=request, due=due),
        messages.MatchAcceptanceAsked(match=match, offer=locked.offer.public_id, due=due),
    )


def accepted(locked: Locked) -> tuple[Message, ...]:
    match, request = locked.match.public_id, locked.request.public_id
    due = due_day(locked)
    return (
        messages.MatchAcceptedToState(match=match, request=request, due=due),
        messages.MatchApprovalAsked(match=match, request=request, due=due),
        partly_accepted(locked, remaining=0),
    )


def partly_accepted(locked: Locked, *, remaining: int) -> Message:
    return messages.MatchAcceptedByParticipant(
        match=locked.match.public_id,
        request=locked.request.public_id,
        remaining=remaining,
        due=due_day(locked),
    )


def approved(locked: Locked) -> tuple[Message, ...]:
    match, request = locked.match.public_id, locked.request.public_id
    due = due_day(locked)
    return (
        messages.MatchApprovedToState(match=match, request=request, due=due),
        messages.MatchApprovedToCoordinators(match=match, request=request, due=due),
        messages.MatchApprovedToProviders(match=match, offer=locked.offer.public_id, due=due),
    )


async def joined(locked: Locked, others: Collection[UUID], *, actor: Actor, now: datetime) -> None:
    """State and providers of both sides hear that they are one undertaking from now on.

    Each is told of its own match alone; the page shows what it may know of the others.
    """
    if not others:
        return
    match = locked.match
    said = _joined(match.public_id, locked.request.public_id, locked.offer.public_id)
    await announce(locked, *said, verb="joined", actor=actor, now=now)
    rows = Match.filter(id__in=sorted(others)).select_related("request", "offer")
    for other in await rows.prefetch_related("participants").order_by("id"):
        asked = {p.organization_id for p in other.participants if p.invited_at}
        await tell(
            *_joined(other.public_id, other.request.public_id, other.offer.public_id),
            case=await requests.case_of(other.request, actor=actor, asked=asked),
            event=f"match:{other.id}:joined_by:{match.id}:{match.version}",
            now=now,
        )


def _joined(match: str, request: str, offer: str) -> tuple[Message, ...]:
    return (
        messages.MatchJoinedToState(match=match, request=request),
        messages.MatchJoinedToProviders(match=match, offer=offer),
    )


def back_to_proposed(locked: Locked) -> tuple[Message, ...]:
    match, request = locked.match.public_id, locked.request.public_id
    due = due_day(locked)
    return (
        messages.MatchBackToProposedToState(match=match, request=request, due=due),
        messages.MatchBackToProposedToCoordinators(match=match, request=request, due=due),
        messages.MatchBackToProposedToProviders(match=match, offer=locked.offer.public_id),
    )


def consent_withdrawn(locked: Locked, *, now: datetime) -> tuple[Message, ...]:
    match, request = locked.match.public_id, locked.request.public_id
    return (
        messages.ConsentWithdrawnToState(match=match, request=request),
        messages.ConsentWithdrawnToCoordinators(match=match, request=request),
        messages.ConsentWithdrawnToProviders(
            match=match, offer=locked.offer.public_id, delete_by=delete_by(now)
        ),
    )


def suspended(locked: Locked) -> tuple[Message, ...]:
    match, request = locked.match.public_id, locked.request.public_id
    return (
        messages.MatchSuspendedToState(match=match, request=request),
        messages.MatchSuspendedToCoordinators(match=match, request=request),
        messages.MatchSuspendedToProviders(match=match, offer=locked.offer.public_id),
    )


def resumed(locked: Locked) -> tuple[Message, ...]:
    match, request = locked.match.public_id, locked.request.public_id
    return (
        messages.MatchResumedToState(match=match, request=request),
        messages.MatchResumedToCoordinators(match=match, request=request),
        messages.MatchResumedToProviders(match=match, offer=locked.offer.public_id),
    )


def ended_neutrally(locked: Locked, *, now: datetime) -> tuple[Message, ...]:
    """The same words for every exit, to everyone who had been told."""
    match = locked.match.public_id
    return (
        messages.MatchEndedToState(match=match, request=locked.request.public_id),
        messages.MatchEndedToProviders(
            match=match, offer=locked.offer.public_id, delete_by=delete_by(now)
        ),
    )


def ended_for_coordinators(locked: Locked, verb: str, reason: str | None) -> Message:
    """What UNODC hears of an exit: which one, and the coded reason."""
    match, request = locked.match.public_id, locked.request.public_id
    if verb == "lapse" or reason is None:
        return messages.MatchLapsed(match=match, request=request)
    kind = {
        "decline_by_state": messages.MatchDeclinedByState,
        "decline_by_partner": messages.MatchDeclinedByPartner,
        "reject": messages.MatchRejected,
    }.get(verb, messages.MatchCancelled)
    return kind(match=match, request=request, reason=reason)


def delete_by(now: datetime) -> date:
    return (now + DELETE_WITHIN).date()


def due_day(locked: Locked) -> date:
    due = locked.match.due_at or locked.match.state_since
    return due.date()
