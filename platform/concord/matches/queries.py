"""Every read of matches; each one that answers a person starts at `visible_to`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.expressions import F, Q, RawSQL, Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from concord.actor import Actor, Role
from concord.deadlines import clocks
from concord.errors import NotFound
from concord.inbox.queries import waiting_for
from concord.matches.delivery_states import AWAITING
from concord.matches.models import Delivery, Match, MatchLine, Participant
from concord.matches.states import EXITS, PENDING, SUSPENDABLE, MatchState
from concord.matches.values import SuspendedFor
from concord.matches.views import Audience, Dossier, MatchRow, StepRow, audience_of, row_of
from concord.offers.models import Offer, OfferSlot
from concord.organizations.models import Organization
from concord.organizations.states import PROVIDER_KINDS, Verification
from concord.pairings.models import Pairing
from concord.reference.identifiers import normalized_public_id
from concord.requests.models import Request, RequestItem
from concord.requests.states import Confidentiality
from concord.requests.visibility import visible_q as visible_requests

NOTHING = Q(id__isnull=True)
_S = MatchState
LAPSING = [_S.PROPOSED, _S.STATE_CONSENTED, _S.APPROVED, _S.AGREED]
SOON = timedelta(days=3)
SUSPENSION = timedelta(days=183)
WHO = {
    "person_name": RawSQL("(SELECT p.name FROM person p WHERE p.id = match_step.person_id)"),
    "organization_name": RawSQL(
        "(SELECT o.name FROM organization o WHERE o.id = match_step.organization_id)"
    ),
    "organization_kind": RawSQL(
        "(SELECT o.kind FROM organization o WHERE o.id = match_step.organization_id)"
    ),
}
ENDED_ALIKE = f"""
CASE WHEN match.state IN ({", ".join(f"'{state.value}'" for state in sorted(EXITS))})
     THEN 'ended' ELSE match.state END
"""
NAMED = """
ARRAY(SELECT a.person_id FROM request_assignment a WHERE a.request_id = match.request_id)
"""
COMPANIONS = "companion_ids(match.id)"
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
        .annotate(named=RawSQL(NAMED), companions=RawSQL(COMPANIONS))
        .get_or_none(public_id=normalized_public_id(public_id) or "")
    )
    if found is None:
        raise NotFound
    return found


async def dossier_of(match: Match) -> Dossier:
    """Everything that the page of a match needs, in four queries; `match_for` found the match."""
    lines, people = await lines_of(match), await participants_of(match)
    consents = await match.consents.all().order_by("given_at", "id")
    steps = await match.steps.all().annotate(**WHO).order_by("at", "created_at", "id")
    return Dossier(
        match=match,
        lines=lines,
        participants=people,
        consents=consents,
        steps=[StepRow(step, *(_annotation(step, name) or "" for name in WHO)) for step in steps],
        assigned=named_on(match),
    )


async def lines_of(match: Match) -> list[MatchLine]:
    return await match.lines.all().select_related("item", "slot").order_by("item__position", "id")


async def undecided_of(match_ids: Sequence[UUID]) -> list[Delivery]:
    """Deliveries that were reported and not confirmed, of matches that the reader sees."""
    return (
        await Delivery.filter(match_id__in=match_ids, state__in=sorted(AWAITING))
        .select_related("match")
        .prefetch_related("lines__line__item")
        .order_by("starts_on", "id")
    )


async def participants_of(match: Match) -> list[Participant]:
    return await match.participants.all().select_related("organization").order_by("role", "id")


def named_on(match: Match) -> frozenset[UUID] | None:
    """The officers named on a sealed request, as `match_for` found them."""
    if match.request.confidentiality is not Confidentiality.SEALED:
        return None
    return frozenset(_annotation(match, "named"))


def companion_ids(match: Match) -> list[UUID]:
    """Other matches of the same undertaking, as `match_for` found them."""
    return list(_annotation(match, "companions"))


def _annotation(row: Model, name: str) -> Any:
    return getattr(row, name)


async def listed(
    actor: Actor, matches: QuerySet[Match], *, order: Sequence[str], offset: int, limit: int
) -> tuple[list[MatchRow], int]:
    """A page of a list as this actor sees it, and the number of all rows; one query."""
    rows = (
        await matches.select_related("request", "offer", "offer__organization")
        .annotate(total=RawSQL("count(*) OVER ()"), shown_state=RawSQL(ENDED_ALIKE))
        .order_by(*order)
        .offset(offset)
        .limit(limit)
    )
    audience = audience_of(actor)
    found = [row_of(row, audience) for row in rows]
    return found, int(_annotation(rows[0], "total")) if rows else 0


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


def matching(words: str, audience: Audience) -> Q:
    """Matches by id, or by words of a title that this side is shown."""
    by_id = Q(public_id=normalized_public_id(words) or "")
    if audience is Audience.PROVIDER:
        return by_id | Q(offer__title__icontains=words)
    if audience is Audience.TRAIL:
        return by_id
    titles = Q(request__title__icontains=words) | Q(offer__organization__name__icontains=words)
    return by_id | titles


def waiting_matches(actor: Actor) -> Subquery:
    """Ids of matches on which something waits for this actor."""
    tasks = waiting_for(actor).filter(subject_kind="match").order_by()
    return Subquery(tasks.values("subject_id"))


async def items_of(request_id: UUID) -> list[RequestItem]:
    return await RequestItem.filter(request_id=request_id).order_by("position", "id")


async def slots_of(offer_id: UUID) -> list[OfferSlot]:
    """The slots that are still on offer."""
    return await OfferSlot.filter(offer_id=offer_id, retired_at=None).order_by("position", "id")


async def suggested(request_id: UUID, offer_id: UUID) -> list[tuple[str, str, int]]:
    """Item, slot and quantity of each line that the ranking proposes for this pair."""
    pairing = await Pairing.get_or_none(request_id=request_id, offer_id=offer_id)
    lines = pairing.lines if pairing else []
    return [
        (str(line["item"]), str(line["slot"]), int(str(line["quantity"])))
        for line in lines
        if line.get("quantity")
    ]


async def organizations_by_public_id(public_ids: Sequence[str]) -> dict[str, UUID]:
    """Providers by the ids that were typed."""
    wanted = {typed: normalized_public_id(typed) or "" for typed in public_ids}
    rows = await Organization.filter(
        public_id__in=sorted(set(wanted.values())), kind__in=sorted(PROVIDER_KINDS)
    )
    found = {row.public_id: row.id for row in rows}
    return {typed: found[known] for typed, known in wanted.items() if known in found}


async def due_to_lapse(now: datetime) -> list[UUID]:
    late = Q(due_at__lte=now, state__in=LAPSING)
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
        match__state__in=sorted(PENDING | SUSPENDABLE),
    ).values_list("organization_id", flat=True)
    return sorted({UUID(str(row)) for row in rows})


async def reinstated_providers() -> list[UUID]:
    """Verified organizations in matches that are suspended for a verification alone."""
    rows = await Participant.filter(
        organization__verification=Verification.VERIFIED,
        match__state=_S.SUSPENDED,
        match__suspended_for=SuspendedFor.VERIFICATION.value,
    ).values_list("organization_id", flat=True)
    return sorted({UUID(str(row)) for row in rows})


async def _ids(matches: QuerySet[Match]) -> list[UUID]:
    rows = await matches.order_by("due_at", "id").values_list("id", flat=True)
    return [UUID(str(row)) for row in rows]
