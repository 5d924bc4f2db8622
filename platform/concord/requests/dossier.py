"""Everything recorded around one request, read in one query; who may see what comes later."""

from datetime import datetime
from uuid import UUID

import msgspec
from tortoise.connection import get_connection

from concord.requests.models import Request


class Item(msgspec.Struct, frozen=True):
    id: UUID
    topic: str
    modality: str
    beneficiary: str | None
    institution: str
    quantity: int | None
    unit: str | None
    reserved: int
    delivered: int


class Party(msgspec.Struct, frozen=True):
    state: str
    confirmed_at: datetime | None
    circulation_agreed_at: datetime | None
    publish_agreed_at: datetime | None
    merge_confirmed_at: datetime | None


class Excluded(msgspec.Struct, frozen=True):
    organization_id: UUID
    name: str


class Assigned(msgspec.Struct, frozen=True):
    person_id: UUID
    name: str
    role: str


class Disclosed(msgspec.Struct, frozen=True):
    organization_id: UUID
    name: str
    level: str
    basis: str
    parts: tuple[str, ...]
    granted_at: datetime
    ended_at: datetime | None


class Question(msgspec.Struct, frozen=True):
    id: UUID
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


class Stage(msgspec.Struct, frozen=True):
    verb: str
    source: str
    target: str
    at: datetime
    person_id: UUID | None
    name: str | None
    on_behalf_of: str | None
    reasons: tuple[str, ...]
    note: str
    note_seen_by: str


class Reading(msgspec.Struct, frozen=True):
    """Which organization read it in which role; who the person is stays there."""

    hour: datetime
    role: str
    organization: str | None


class Waiting(msgspec.Struct, frozen=True):
    kind: str
    roles: tuple[str, ...]
    state: str | None
    organization_id: UUID | None
    person_id: UUID | None
    opened_at: datetime
    due_at: datetime | None


class Dossier(msgspec.Struct, frozen=True):
    authority: str | None
    items: tuple[Item, ...] = ()
    parties: tuple[Party, ...] = ()
    exclusions: tuple[Excluded, ...] = ()
    assignments: tuple[Assigned, ...] = ()
    disclosures: tuple[Disclosed, ...] = ()
    clarifications: tuple[Question, ...] = ()
    steps: tuple[Stage, ...] = ()
    readings: tuple[Reading, ...] = ()
    tasks: tuple[Waiting, ...] = ()


def _rows(columns: str, tables: str, order: str, *, limit: int = 500) -> str:
    """A JSON array of the rows of one table that belong to the request."""
    inner = f"SELECT {columns} FROM {tables} ORDER BY {order} LIMIT {limit}"  # noqa: S608 - constants of this module
    return f"coalesce((SELECT jsonb_agg(to_jsonb(x)) FROM ({inner}) x), '[]')"  # noqa: S608 - as above


PARTS = {
    "items": _rows(
        "id, topic_id AS topic, modality_id AS modality, beneficiary_id AS beneficiary,"
        " institution, quantity, unit_id AS unit, reserved, delivered",
        "request_item WHERE request_id = $1",
        "position",
    ),
    "parties": _rows(
        "state_id AS state, confirmed_at, circulation_agreed_at, publish_agreed_at,"
        " merge_confirmed_at",
        "request_party WHERE request_id = $1",
        "state_id",
    ),
    "exclusions": _rows(
        "o.id AS organization_id, o.name",
        "request_exclusion e JOIN organization o ON o.id = e.organization_id"
        " WHERE e.request_id = $1",
        "o.name, o.id",
    ),
    "assignments": _rows(
        "p.id AS person_id, p.name, a.role",
        "request_assignment a JOIN person p ON p.id = a.person_id WHERE a.request_id = $1",
        "a.role DESC, p.name, p.id",
    ),
    "disclosures": _rows(
        "o.id AS organization_id, o.name, d.level, d.basis, d.parts, d.granted_at, d.ended_at",
        "disclosure d JOIN organization o ON o.id = d.organization_id WHERE d.request_id = $1",
        "d.granted_at, d.id",
    ),
    "clarifications": _rows(
        "c.id, c.asked_by_id, c.asked_by_organization_id AS organization_id,"
        " o.name AS organization, c.asked_at, c.question, c.language, c.due_at, c.answer,"
        " c.answer_language, c.answered_at, c.shared",
        "clarification c LEFT JOIN organization o ON o.id = c.asked_by_organization_id"
        " WHERE c.request_id = $1",
        "c.asked_at, c.id",
    ),
    "steps": _rows(
        "s.verb, s.source, s.target, s.at, s.person_id, p.name, s.on_behalf_of, s.reasons,"
        " s.note, s.note_seen_by",
        "request_step s LEFT JOIN person p ON p.id = s.person_id WHERE s.request_id = $1",
        "s.at, s.created_at, s.id",
    ),
    "readings": _rows(
        "DISTINCT r.hour, r.role, o.name AS organization",
        "request_reading r LEFT JOIN organization o ON o.id = r.organization_id"
        " WHERE r.request_id = $1",
        "r.hour DESC, organization, r.role",
        limit=50,
    ),
    "tasks": _rows(
        "kind, roles, state_code AS state, organization_id, person_id, opened_at, due_at",
        "task WHERE subject_id = $1 AND closed_at IS NULL",
        "opened_at, id",
    ),
}
_OBJECT = ", ".join(f"'{name}', {sql}" for name, sql in PARTS.items())
SQL = (
    f"SELECT jsonb_build_object('authority', (SELECT name FROM organization WHERE id = $2),"  # noqa: S608 - constants
    f" {_OBJECT})::text AS found"
)
_decode = msgspec.json.Decoder(Dossier).decode


async def dossier_of(request: Request) -> Dossier:
    rows = await get_connection("default").execute_query_dict(
        SQL, [request.id, request.authority_id]
    )
    found: str = rows[0]["found"]
    return _decode(found)
