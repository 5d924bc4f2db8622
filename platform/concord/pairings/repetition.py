"""What is done already where a request asks for help: other deliveries, and others' projects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from concord.duplicates.actions import flag
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.values import REPETITIONS, FlagKind
from concord.pairings.profiles import topic_tree
from concord.reference.queries import code_lists
from concord.requests.models import Request, RequestItem
from concord.requests.states import MATCHABLE
from matching.overlaps import Engagement, Nearness, Overlap, overlaps
from matching.types import Window

RULES = "overlaps-1"
SCORES: Mapping[Nearness, tuple[float, str]] = {
    Nearness.SAME_TOPIC: (1.0, "likely"),
    Nearness.SAME_GROUP: (0.5, "possible"),
}
UNDERTAKINGS = """
SELECT p.undertaking_id AS id, array_agg(DISTINCT s.code) AS states,
  array_agg(DISTINCT t.code) AS topics, min(lower(p.period)) AS first,
  max(upper(p.period) - 1) AS last
FROM cover_part p JOIN state s ON s.number = p.state JOIN topic t ON t.number = p.topic
WHERE s.code = ANY($1) AND t.code = ANY($2) AND p.period && daterange($3, $4, '[]')
  AND p.undertaking_id NOT IN (SELECT i.id FROM request_item i WHERE i.request_id = $5)
  AND p.undertaking_id NOT IN (
    SELECT l.undertaking_id FROM match_line l JOIN match m ON m.id = l.match_id
    WHERE m.request_id = $5)
GROUP BY p.undertaking_id
"""
ACTIVITIES = """
SELECT id, states, topics, starts_on AS first, ends_on AS last
FROM external_activity
WHERE states && $1::text[] AND topics && $2::text[] AND status <> 'cancelled'
  AND coalesce(starts_on, '-infinity') <= coalesce($4, 'infinity'::date)
  AND coalesce(ends_on, 'infinity') >= coalesce($3, '-infinity'::date)
"""
DELIVERIES = """
SELECT DISTINCT m.public_id, m.request_id FROM match_line l JOIN match m ON m.id = l.match_id
WHERE l.undertaking_id = ANY($1::uuid[]) AND m.approved_at IS NOT NULL
ORDER BY m.public_id
"""
CONCERNED = """
SELECT r.id FROM request r
WHERE r.state = ANY($2) AND (r.lead_state_id = ANY($1::text[]) OR r.co_states && $1::text[])
"""


@dataclass(frozen=True, slots=True)
class Repetition:
    """One undertaking or activity that a request may repeat, and how near it is."""

    kind: FlagKind
    other: UUID
    nearness: Nearness
    topics: tuple[str, ...]


async def repetitions_of(request: Request) -> list[Repetition]:
    """Undertakings and activities in a State of the request, on a topic or its group, at once."""
    items = await RequestItem.filter(request_id=request.id)
    topics = {item.topic_id for item in items}
    if not topics:
        return []
    asked = Engagement(
        str(request.id),
        tuple(sorted({request.lead_state_id, *request.co_states})),
        tuple(sorted(topics)),
        Window(request.starts_on, request.ends_on),
    )
    near = await _near(topics)
    start, end = request.starts_on, request.ends_on
    undertakings = await _rows(UNDERTAKINGS, list(asked.states), near, start, end, request.id)
    activities = await _rows(ACTIVITIES, list(asked.states), near, start, end)
    return [
        *await _kept(FlagKind.MATCH_AND_UNDERTAKING, asked, undertakings),
        *await _kept(FlagKind.MATCH_AND_ACTIVITY, asked, activities),
    ]


async def _near(topics: set[str]) -> list[str]:
    """Every topic of the groups in question, and the groups themselves."""
    lists = await code_lists()
    groups = {lists.topic_group(topic).code for topic in topics}
    return sorted(groups | set(lists.leaf_topics(groups)))


async def _rows(query: str, *parameters: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await get_connection("default").execute_query_dict(
        query, list(parameters)
    )
    return rows


async def _kept(
    kind: FlagKind, asked: Engagement, rows: Sequence[Mapping[str, Any]]
) -> list[Repetition]:
    others = [_engagement(row) for row in rows]
    found: list[Overlap] = overlaps(asked, others, topics=await topic_tree())
    return [
        Repetition(kind, UUID(each.other), each.nearness, each.topics)
        for each in found
        if each.nearness in SCORES
    ]


def _engagement(row: Mapping[str, Any]) -> Engagement:
    first: date | None = row["first"]
    last: date | None = row["last"]
    return Engagement(
        str(row["id"]), tuple(row["states"]), tuple(row["topics"]), Window(first, last)
    )


async def flag_repetitions(request: Request, *, now: datetime) -> list[DuplicateFlag]:
    """Flag what is new, and drop unanswered flags of what is no longer so; the new ones."""
    found = await repetitions_of(request)
    made = []
    for each in found:
        score, verdict = SCORES[each.nearness]
        one = await flag(
            each.kind,
            request.id,
            each.other,
            score=score,
            verdict=verdict,
            agreeing=("state", "topic", "period"),
            model_version=RULES,
        )
        made += [one] if one else []
    gone = DuplicateFlag.filter(left_id=request.id, kind__in=REPETITIONS, answer=None)
    await gone.exclude(right_id__in=[each.other for each in found]).delete()
    return made


async def requests_in(states: Sequence[str], *, but: UUID | None = None) -> list[UUID]:
    """Requests of these States that are being matched."""
    rows = await _rows(CONCERNED, sorted(states), sorted(MATCHABLE))
    return [row["id"] for row in rows if row["id"] != but]


async def deliveries_of(undertakings: Sequence[UUID]) -> list[tuple[str, UUID]]:
    """Matches under these undertakings, with the request of each."""
    if not undertakings:
        return []
    rows = await _rows(DELIVERIES, list(undertakings))
    return [(row["public_id"], row["request_id"]) for row in rows]
