"""Everything recorded around one offer, read in one query; who may see what comes later."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from tortoise.connection import get_connection

from concord.offers.states import Funding


class Slot(msgspec.Struct, frozen=True):
    id: UUID
    position: int
    topic: str
    modality: str
    capacity: int | None
    unit: str | None
    funding: Funding
    starts_on: date | None
    ends_on: date | None
    held: int
    asked: int
    reserved: int
    delivered: int


class Stage(msgspec.Struct, frozen=True):
    verb: str
    source: str
    target: str
    at: datetime
    person_id: UUID | None
    organization_id: UUID | None
    name: str | None
    reasons: tuple[str, ...]
    note: str


class Question(msgspec.Struct, frozen=True):
    id: UUID
    version: int
    asked_by_id: UUID | None
    organization_id: UUID | None
    organization: str | None
    asked_at: datetime
    question: str
    language: str
    due_at: datetime | None
    answer: str | None
    answer_language: str
    answered_at: datetime | None
    shared: bool


class Dossier(msgspec.Struct, frozen=True):
    slots: tuple[Slot, ...] = ()
    excluded: tuple[str, ...] = ()
    steps: tuple[Stage, ...] = ()
    clarifications: tuple[Question, ...] = ()


def _rows(columns: str, tables: str, order: str) -> str:
    """A JSON array of the rows of one table that belong to the offer."""
    inner = f"SELECT {columns} FROM {tables} ORDER BY {order} LIMIT 500"  # noqa: S608 - constants of this module
    return f"coalesce((SELECT jsonb_agg(to_jsonb(x)) FROM ({inner}) x), '[]')"  # noqa: S608 - as above


HELD_WHEN_ASKED = """(
SELECT least(offer_slot.held, coalesce(sum(l.slot_quantity), 0)) FROM match_line l
  JOIN match m ON m.id = l.match_id JOIN participant p ON p.match_id = m.id
  JOIN offer o ON o.id = m.offer_id AND o.organization_id = p.organization_id
 WHERE l.slot_id = offer_slot.id AND l.live AND l.status = 'held' AND m.hold_lost_at IS NULL
   AND p.invited_at IS NOT NULL)"""
"""What matches hold of which the provider knows: before it is asked it hears of nothing."""
SLOTS = _rows(
    "id, position, topic_id AS topic, modality_id AS modality, capacity, unit_id AS unit, funding,"
    f" starts_on, ends_on, held, {HELD_WHEN_ASKED} AS asked, reserved, delivered",
    "offer_slot WHERE offer_id = $1 AND retired_at IS NULL",
    "position",
)
EXCLUDED = """coalesce((SELECT jsonb_agg(state_id ORDER BY state_id) FROM offer_exclusion
    WHERE offer_id = $1), '[]')"""
STEPS = _rows(
    "s.verb, s.source, s.target, s.at, s.person_id, s.organization_id, p.name, s.reasons, s.note",
    "offer_step s LEFT JOIN person p ON p.id = s.person_id WHERE s.offer_id = $1",
    "s.at, s.created_at, s.id",
)
CLARIFICATIONS = _rows(
    "c.id, c.version, c.asked_by_id, c.asked_by_organization_id AS organization_id,"
    " o.name AS organization, c.asked_at, c.question, c.language, c.due_at, c.answer,"
    " c.answer_language, c.answered_at, c.shared",
    "offer_clarification c LEFT JOIN organization o ON o.id = c.asked_by_organization_id"
    " WHERE c.offer_id = $1",
    "c.asked_at, c.id",
)
SQL = f"""SELECT jsonb_build_object('slots', {SLOTS}, 'excluded', {EXCLUDED}, 'steps', {STEPS},
    'clarifications', {CLARIFICATIONS})::text AS found"""
_decode = msgspec.json.Decoder(Dossier).decode


async def dossier_of(offer_id: UUID) -> Dossier:
    rows = await get_connection("default").execute_query_dict(SQL, [offer_id])
    found: str = rows[0]["found"]
    return _decode(found)
