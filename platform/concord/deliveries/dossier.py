"""A delivery with everything that its page needs, and the lists of deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from tortoise.connection import get_connection
from tortoise.expressions import Q, RawSQL
from tortoise.models import Model
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.matches import policy
from concord.matches.models import Delivery, DeliveryLine
from concord.matches.policy import Sides
from concord.reference.identifiers import normalized_public_id
from concord.requests.policy import states_of
from concord.requests.states import Confidentiality

OF_MATCH = ("match", "match__request", "match__offer", "match__offer__organization")
LEFT = """
SELECT l.id, l.item_quantity - l.delivered_item - coalesce((
    SELECT sum(p.quantity) FROM delivery_line p JOIN delivery d ON d.id = p.delivery_id
     WHERE p.line_id = l.id AND d.state NOT IN ('confirmed', 'cancelled')), 0) AS left_over
FROM match_line l WHERE l.match_id = $1
"""


class Attended(msgspec.Struct, frozen=True):
    """Participants of one institution, counted."""

    institution: str
    women: int
    men: int
    other: int


class Marked(msgspec.Struct, frozen=True):
    """A milestone."""

    title: str
    due_on: date
    done_on: date | None


class StepRow(msgspec.Struct, frozen=True):
    """A step with the names of who made it."""

    verb: str
    target: str
    at: datetime
    person_id: UUID | None
    organization_id: UUID | None
    on_behalf_of: str | None
    reason: str | None
    note: str
    person: str | None
    organization: str | None
    organization_kind: str | None


class FileRow(msgspec.Struct, frozen=True):
    id: UUID
    filename: str
    size: int


class Around(msgspec.Struct, frozen=True):
    """What is recorded around a delivery, read in one query."""

    attendance: tuple[Attended, ...]
    milestones: tuple[Marked, ...]
    steps: tuple[StepRow, ...]
    files: tuple[FileRow, ...]


def _rows(columns: str, tables: str, order: str) -> str:
    inner = f"SELECT {columns} FROM {tables} ORDER BY {order} LIMIT 500"  # noqa: S608 - constants of this module
    return f"coalesce((SELECT jsonb_agg(to_jsonb(x)) FROM ({inner}) x), '[]')"  # noqa: S608 - as above


PARTS = {
    "attendance": _rows(
        "institution, women, men, other",
        "delivery_participants WHERE delivery_id = $1",
        "created_at, institution, id",
    ),
    "milestones": _rows(
        "title, due_on, done_on", "milestone WHERE delivery_id = $1", "position, id"
    ),
    "steps": _rows(
        "s.verb, s.target, s.at, s.person_id, s.organization_id, s.on_behalf_of, s.reason, s.note,"
        " p.name AS person, o.name AS organization, o.kind AS organization_kind",
        "delivery_step s LEFT JOIN person p ON p.id = s.person_id"
        " LEFT JOIN organization o ON o.id = s.organization_id WHERE s.delivery_id = $1",
        "s.at, s.created_at, s.id",
    ),
    "files": _rows(
        "id, filename, size",
        "attachment WHERE subject_id = $1 AND NOT secretariat_only",
        "created_at, id",
    ),
}
_OBJECT = ", ".join(f"'{name}', {sql}" for name, sql in PARTS.items())
AROUND = f"SELECT jsonb_build_object({_OBJECT})::text AS found"
_decode = msgspec.json.Decoder(Around).decode


@dataclass(frozen=True, slots=True)
class DeliveryDossier:
    """A delivery with everything that its page needs."""

    delivery: Delivery
    lines: Sequence[DeliveryLine]
    attendance: Sequence[Attended]
    milestones: Sequence[Marked]
    steps: Sequence[StepRow]
    files: Sequence[FileRow]
    sides: Sides


async def dossier_of(delivery: Delivery) -> DeliveryDossier:
    """Everything that the page of a delivery needs; `delivery_for` found the delivery."""
    lines = (
        await delivery.lines.all()
        .select_related("line", "line__item", "line__slot")
        .order_by("line__item__position", "id")
    )
    rows = await get_connection("default").execute_query_dict(AROUND, [delivery.id])
    around = _decode(rows[0]["found"])
    await delivery.match.fetch_related("participants")
    return DeliveryDossier(
        delivery=delivery,
        lines=lines,
        attendance=around.attendance,
        milestones=around.milestones,
        steps=around.steps,
        files=around.files,
        sides=sides_of(delivery),
    )


def sides_of(delivery: Delivery) -> Sides:
    """Who stands where, of a delivery whose match has its participants."""
    match = delivery.match
    sealed = match.request.confidentiality is Confidentiality.SEALED
    return policy.sides_of(
        match,
        lead_state=match.request.lead_state_id,
        states=frozenset(states_of(match.request)),
        assigned=frozenset(_annotation(delivery, "named")) if sealed else None,
    )


def _annotation(row: Model, name: str) -> Any:
    return getattr(row, name)


async def listed(
    actor: Actor, deliveries: QuerySet[Delivery], *, order: Sequence[str], offset: int, limit: int
) -> tuple[list[Delivery], int]:
    """A page of a list that began at `visible_to`, and the number of all rows; one query."""
    rows = (
        await deliveries.select_related(*OF_MATCH)
        .annotate(total=RawSQL("count(*) OVER ()"))
        .order_by(*order)
        .offset(offset)
        .limit(limit)
    )
    return rows, int(_annotation(rows[0], "total")) if rows else 0


def matching(words: str) -> Q:
    """Deliveries by number, or by words of their title or place."""
    by_id = Q(public_id=normalized_public_id(words) or "")
    return by_id | Q(title__icontains=words) | Q(place__icontains=words)


def during(first: date | None, last: date | None) -> Q:
    """Deliveries that touch the days from `first` to `last`; either end may be open."""
    found = Q()
    if first is not None:
        found &= Q(ends_on__gte=first)
    if last is not None:
        found &= Q(starts_on__lte=last)
    return found


async def left_to_plan(match_id: UUID) -> dict[UUID, int]:
    """By match line: what is neither delivered nor planned yet, in the item's unit."""
    rows = await get_connection("default").execute_query_dict(LEFT, [match_id])
    return {row["id"]: max(int(row["left_over"]), 0) for row in rows}
