"""Every read of matches; each one that answers a person starts at `visible_to`."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.expressions import F, Q, Subquery
from tortoise.queryset import QuerySet

from concord.actor import Actor, Role
from concord.deadlines import clocks
from concord.errors import NotFound
from concord.inbox.queries import waiting_for
from concord.matches.models import Match, Participant
from concord.matches.states import PENDING, MatchState
from concord.offers.models import Offer
from concord.organizations.states import Verification
from concord.reference.identifiers import normalized_public_id
from concord.requests.models import Request
from concord.requests.visibility import visible_q as visible_requests

NOTHING = Q(id__isnull=True)
SOON = timedelta(days=3)
SUSPENSION = timedelta(days=183)
_S = MatchState
OVERTAKEN = """
SELECT DISTINCT s.id FROM consent c JOIN match m ON m.id = c.match_id
JOIN {table} s ON s.id = m.{table}_id
WHERE c.withdrawn_at IS NULL AND m.state = ANY($1) AND c.given_at < s.scope_changed_at
"""


def visible_to(actor: Actor) -> QuerySet[Match]:
    """Matches that exist for this actor.

    Providers learn of a match when they are asked; an undone proposal was never made for anyone
    outside UNODC; auditors see that steps happened.
    """
    return Match.filter(visible_q(actor))


def visible_q(actor: Actor) -> Q:
    """The same as a condition without joins."""
    if actor.is_provider:
        asked = Participant.filter(
            organization_id=actor.organization_id, invited_at__isnull=False
        ).values("match_id")
        return Q(id__in=Subquery(asked))
    mine = Q(request_id__in=Subquery(Request.filter(visible_requests(actor)).values("id")))
    if actor.is_state and actor.state:
        return mine & Q(told_at__isnull=False)
    if actor.role in {Role.COORDINATOR, Role.APPROVER, Role.AUDITOR}:
        return mine
    return NOTHING


async def match_for(actor: Actor, public_id: str) -> Match:
    """The match, or `NotFound` alike for one that is not there and one not to be seen."""
    found = (
        await visible_to(actor)
        .select_related("request", "offer", "offer__organization")
        .get_or_none(public_id=normalized_public_id(public_id) or "")
    )
    if found is None:
        raise NotFound
    return found


async def matches_of_request(actor: Actor, request_id: UUID) -> list[Match]:
    """What this actor sees of the matches of a request, the newest first."""
    return (
        await visible_to(actor)
        .filter(request_id=request_id)
        .select_related("request", "offer", "offer__organization")
        .order_by("-proposed_at", "id")
    )


async def matches_of_offer(actor: Actor, offer_id: UUID) -> list[Match]:
    return (
        await visible_to(actor)
        .filter(offer_id=offer_id)
        .select_related("request", "offer", "offer__organization")
        .order_by("-proposed_at", "id")
    )


def waiting_matches(actor: Actor) -> Subquery:
    """Ids of matches on which something waits for this actor."""
    tasks = waiting_for(actor).filter(subject_kind="match").order_by()
    return Subquery(tasks.values("subject_id"))


async def due_to_lapse(now: datetime) -> list[UUID]:
    late = Q(due_at__lte=now, state__in=[_S.PROPOSED, _S.STATE_CONSENTED, _S.APPROVED])
    held = Q(proposed_at__lte=now - timedelta(days=clocks().hold_days), state__in=sorted(PENDING))
    return await _ids(Match.filter(late | held))


async def due_to_lose_hold(now: datetime) -> list[UUID]:
    return await _ids(
        Match.filter(hold_until__lte=now, state=_S.PARTNER_ACCEPTED, hold_lost_at=None)
    )


async def due_to_warn(now: datetime) -> list[UUID]:
    unwarned = Q(warned_for=None) | ~Q(warned_for=F("hold_until"))
    return await _ids(
        Match.filter(
            unwarned, hold_until__gt=now, hold_until__lte=now + SOON, state__in=sorted(PENDING)
        )
    )


async def due_to_decide(now: datetime) -> list[UUID]:
    unasked = Q(warned_for=None) | Q(warned_for__lt=F("state_since"))
    return await _ids(Match.filter(unasked, state=_S.SUSPENDED, state_since__lte=now - SUSPENSION))


async def requests_changed_since_consent() -> list[Request]:
    """Requests whose scope is newer than a consent that still counts."""
    return await Request.filter(id__in=await _overtaken("request")).order_by("id")


async def offers_changed_since_consent() -> list[Offer]:
    """Offers whose scope is newer than a consent that still counts."""
    return await Offer.filter(id__in=await _overtaken("offer")).order_by("id")


async def _overtaken(table: str) -> list[UUID]:
    rows = await get_connection("default").execute_query_dict(
        OVERTAKEN.format(table=table), [sorted(PENDING)]
    )
    return [row["id"] for row in rows]


async def suspended_providers() -> list[UUID]:
    """Suspended organizations that still take part in matches which should have stopped."""
    rows = await Participant.filter(
        organization__verification=Verification.SUSPENDED,
        match__state__in=sorted(PENDING | {_S.APPROVED}),
    ).values_list("organization_id", flat=True)
    return sorted({UUID(str(row)) for row in rows})


async def _ids(matches: QuerySet[Match]) -> list[UUID]:
    rows = await matches.order_by("due_at", "id").values_list("id", flat=True)
    return [UUID(str(row)) for row in rows]
