"""Everything that followed a match's approval, read in one query; who may see what comes later."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from tortoise.connection import get_connection

from concord.matches.delivery_states import DeliveryState


class Agreement(msgspec.Struct, frozen=True):
    """Of a State or an organization; `note` is the reference of one that came on paper."""

    state: str | None
    organization_id: UUID | None
    person: str | None
    agreed_at: datetime
    note: str | None


class TermsText(msgspec.Struct, frozen=True):
    """The version in force; `organization_id` is whose member wrote it."""

    number: int
    body: str
    text: str
    language: str
    starts_on: date | None
    ends_on: date | None
    sha256: str
    written_at: datetime
    person: str | None
    organization_id: UUID | None
    organization: str | None
    organization_kind: str | None
    agreements: tuple[Agreement, ...]


class DeliveryBrief(msgspec.Struct, frozen=True):
    public_id: str
    title: str
    language: str
    starts_on: date
    ends_on: date
    state: DeliveryState
    due_at: datetime | None
    confirmed_by: str | None


class Said(msgspec.Struct, frozen=True):
    """The evaluation of one side."""

    state: str | None
    organization_id: UUID | None
    ratings: dict[str, int]
    text: str
    change: str
    language: str
    given_at: datetime


class Lesson(msgspec.Struct, frozen=True):
    """`agreed` is None until the State has answered."""

    version: int
    title: str
    text: str
    language: str
    drafted_at: datetime
    answered_at: datetime | None
    agreed: bool | None


class Life(msgspec.Struct, frozen=True):
    terms: TermsText | None = None
    deliveries: tuple[DeliveryBrief, ...] = ()
    evaluations: tuple[Said, ...] = ()
    lesson: Lesson | None = None


AGREEMENTS = """
SELECT a.state_id AS state, a.organization_id, p.name AS person, a.agreed_at,
       a.on_behalf_note AS note
FROM terms_agreement a LEFT JOIN person p ON p.id = a.person_id
WHERE a.terms_id = t.id ORDER BY a.agreed_at, a.id
"""
TERMS = f"""
SELECT t.number, t.body, t.text, t.language, t.starts_on, t.ends_on, t.sha256,
       t.drafted_at AS written_at, p.name AS person, t.drafted_for_id AS organization_id,
       o.name AS organization, o.kind AS organization_kind,
       coalesce((SELECT jsonb_agg(to_jsonb(x)) FROM ({AGREEMENTS}) x), '[]') AS agreements
FROM terms t LEFT JOIN person p ON p.id = t.drafted_by_id
LEFT JOIN organization o ON o.id = t.drafted_for_id
WHERE t.match_id = $1 AND t.superseded_at IS NULL ORDER BY t.number DESC LIMIT 1
"""  # noqa: S608 - constants of this module
DELIVERIES = """
SELECT d.public_id, d.title, d.language, d.starts_on, d.ends_on, d.state, d.due_at, d.confirmed_by
FROM delivery d WHERE d.match_id = $1 ORDER BY d.starts_on, d.id LIMIT 200
"""
EVALUATIONS = """
SELECT e.state_id AS state, e.organization_id, e.ratings, e.text, e.change, e.language, e.given_at
FROM evaluation e WHERE e.match_id = $1 ORDER BY e.given_at, e.id
"""
LESSON = """
SELECT l.version, l.title, l.text, l.language, l.drafted_at, l.answered_at, l.agreed
FROM lesson_draft l WHERE l.match_id = $1
"""
SQL = f"""
SELECT jsonb_build_object(
    'terms', (SELECT to_jsonb(x) FROM ({TERMS}) x),
    'deliveries', coalesce((SELECT jsonb_agg(to_jsonb(x)) FROM ({DELIVERIES}) x), '[]'),
    'evaluations', coalesce((SELECT jsonb_agg(to_jsonb(x)) FROM ({EVALUATIONS}) x), '[]'),
    'lesson', (SELECT to_jsonb(x) FROM ({LESSON}) x)
)::text AS found
"""  # noqa: S608 - constants of this module
_decode = msgspec.json.Decoder(Life).decode


async def life_of(match_id: UUID) -> Life:
    """Of a match that the reader was found to see."""
    rows = await get_connection("default").execute_query_dict(SQL, [match_id])
    found: str = rows[0]["found"]
    return _decode(found)
