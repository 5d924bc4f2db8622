"""Every read of terms, deliveries and evaluations; each for a person starts at `visible_to`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.expressions import Q, RawSQL, Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from concord.actor import Actor, Role
from concord.errors import NotFound
from concord.inbox.queries import waiting_for
from concord.matches import queries as matches
from concord.matches.delivery_states import AWAITING, LIVE, DeliveryState
from concord.matches.models import (
    Delivery,
    DeliveryLine,
    DeliveryParticipants,
    DeliveryStep,
    Evaluation,
    LessonDraft,
    Match,
    MatchLine,
    Milestone,
    Terms,
)
from concord.matches.policy import Sides, sides_of
from concord.matches.states import MatchState
from concord.organizations.queries import Listed, attachments_of
from concord.reference.identifiers import normalized_public_id
from concord.requests.states import Confidentiality

STALLS_AFTER = timedelta(days=30)
NAMED = """
ARRAY(SELECT a.person_id FROM request_assignment a JOIN match m ON m.request_id = a.request_id
       WHERE m.id = delivery.match_id)
"""
WHO = {
    "person_name": RawSQL("(SELECT p.name FROM person p WHERE p.id = delivery_step.person_id)"),
    "organization_name": RawSQL(
        "(SELECT o.name FROM organization o WHERE o.id = delivery_step.organization_id)"
    ),
}
_D = DeliveryState
_S = MatchState


@dataclass(frozen=True, slots=True)
class DeliveryDossier:
    """A delivery with everything that its page needs; steps carry `person_name`."""

    delivery: Delivery
    lines: Sequence[DeliveryLine]
    attendance: Sequence[DeliveryParticipants]
    milestones: Sequence[Milestone]
    steps: Sequence[DeliveryStep]
    files: Sequence[Listed]
    sides: Sides


def visible_to(actor: Actor) -> QuerySet[Delivery]:
    """Deliveries of the matches that exist for this actor; auditors read a match's steps alone."""
    return Delivery.filter(_within(actor))


def _within(actor: Actor) -> Q:
    """Rows of a match that exists for this actor."""
    if actor.role is Role.AUDITOR:
        return Q(id__isnull=True)
    return Q(match_id__in=Subquery(matches.visible_to(actor).values("id")))


async def delivery_for(actor: Actor, public_id: str) -> Delivery:
    """The delivery, or `NotFound` alike for one that is not there and one not to be seen."""
    found = (
        await visible_to(actor)
        .select_related("match", "match__request", "match__offer", "match__offer__organization")
        .annotate(named=RawSQL(NAMED))
        .get_or_none(public_id=normalized_public_id(public_id) or "")
    )
    if found is None:
        raise NotFound
    return found


async def dossier_of(actor: Actor, delivery: Delivery) -> DeliveryDossier:
    """The page of a delivery that `delivery_for` found."""
    lines = await delivery.lines.all().select_related("line", "line__item", "line__slot")
    match = delivery.match
    await match.fetch_related("participants", "participants__organization")
    return DeliveryDossier(
        delivery=delivery,
        lines=sorted(lines, key=lambda row: (row.line.item.position, row.id)),
        attendance=await delivery.attendance.all().order_by("created_at", "id"),
        milestones=await delivery.milestones.all().order_by("position"),
        steps=await delivery.steps.all().annotate(**WHO).order_by("at", "created_at", "id"),
        files=await attachments_of(actor, delivery.id),
        sides=_sides(match, _annotation(delivery, "named")),
    )


def _sides(match: Match, named: Sequence[UUID]) -> Sides:
    request = match.request
    sealed = request.confidentiality is Confidentiality.SEALED
    return sides_of(
        match,
        lead_state=request.lead_state_id,
        states=frozenset({request.lead_state_id, *request.co_states}),
        assigned=frozenset(named) if sealed else None,
    )


def _annotation(row: Model, name: str) -> Any:
    return getattr(row, name)


async def deliveries_of_match(actor: Actor, match_id: UUID) -> list[Delivery]:
    """In the order of their dates, with their lines."""
    found = visible_to(actor).filter(match_id=match_id).order_by("starts_on", "public_id")
    return await found.prefetch_related("lines")


async def terms_of_match(actor: Actor, match_id: UUID) -> list[Terms]:
    """Every version, the newest first, with who agreed to it."""
    found = Terms.filter(_within(actor), match_id=match_id).order_by("-number")
    return await found.prefetch_related("agreements")


async def evaluations_of_match(actor: Actor, match: Match) -> list[Evaluation]:
    """UNODC reads all of them; a side its own, and the others' once none can be changed."""
    found = Evaluation.filter(_within(actor), match_id=match.id)
    if not actor.is_secretariat and match.state not in {_S.EVALUATED, _S.CLOSED}:
        own = (
            Q(state_id=actor.state) if actor.is_state else Q(organization_id=actor.organization_id)
        )
        found = found.filter(own)
    return await found.order_by("given_at", "id")


async def lesson_of_match(actor: Actor, match_id: UUID) -> LessonDraft | None:
    """The draft, for the State that answers for it and for UNODC."""
    if actor.is_provider:
        return None
    return await LessonDraft.filter(_within(actor), match_id=match_id).first()


def waiting_deliveries(actor: Actor) -> Subquery:
    """Ids of deliveries on which something waits for this actor."""
    tasks = waiting_for(actor).filter(subject_kind="delivery").order_by()
    return Subquery(tasks.values("subject_id"))


async def left_to_plan(match_id: UUID) -> dict[UUID, int]:
    """Of each line of a match, what no delivery takes yet."""
    left = {line.id: line.item_quantity for line in await MatchLine.filter(match_id=match_id)}
    rows = DeliveryLine.filter(delivery__match_id=match_id)
    for row in await rows.exclude(delivery__state=_D.CANCELLED):
        left[row.line_id] -= row.effective
    return left


async def due_to_begin(now: datetime) -> list[UUID]:
    planned = Delivery.filter(state=_D.PLANNED, starts_on__lte=now.date())
    return await _ids(planned.filter(match__state=_S.IN_DELIVERY))


async def due_to_be_reported(now: datetime) -> list[UUID]:
    over = Delivery.filter(state=_D.RUNNING, ends_on__lt=now.date(), reminded_at=None)
    return await _ids(over.filter(match__state=_S.IN_DELIVERY))


async def due_to_be_confirmed(now: datetime) -> list[UUID]:
    return await _ids(Delivery.filter(state=_D.REPORTED, due_at__lte=now))


async def due_to_be_decided(now: datetime) -> list[UUID]:
    late = Delivery.filter(state=_D.DISPUTED, due_at__lte=now, reminded_at=None)
    return await _ids(late)


async def due_to_close(now: datetime) -> list[UUID]:
    states = [_S.DELIVERED, _S.EVALUATED]
    rows = Match.filter(state__in=states, due_at__lte=now).order_by("due_at", "id")
    return [UUID(str(row)) for row in await rows.values_list("id", flat=True)]


async def due_to_stall(now: datetime) -> list[UUID]:
    before = (now - STALLS_AFTER).date()
    busy = Delivery.filter(
        Q(state__in=sorted(AWAITING)) | Q(state__in=sorted(LIVE), ends_on__gte=before)
    ).values("match_id")
    rows = Match.filter(state=_S.IN_DELIVERY, stalled_at=None, ends_on__lt=before)
    rows = rows.filter(~Q(id__in=Subquery(busy))).order_by("ends_on", "id")
    return [UUID(str(row)) for row in await rows.values_list("id", flat=True)]


async def _ids(deliveries: QuerySet[Delivery]) -> list[UUID]:
    rows = await deliveries.order_by("state_since", "id").values_list("id", flat=True)
    return [UUID(str(row)) for row in rows]
