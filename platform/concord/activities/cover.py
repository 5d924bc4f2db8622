"""The cover that prevents repeated assistance: what each undertaking serves already, and when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as dataclass_replace
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

COVER_LOCK = 4714

LOCK = """
SELECT pg_advisory_xact_lock($1, n) FROM (SELECT DISTINCT unnest($2::int[]) AS n ORDER BY 1) s
"""
ADD_PARTS = """
INSERT INTO cover_part (match_id, undertaking_id, state, institution, topic, modality, period)
SELECT $1, u, s, i, t, m, daterange(f, l, '[]')
FROM unnest($2::uuid[], $3::int[], $4::int[], $5::int[], $6::int[], $7::date[], $8::date[])
  AS part(u, s, i, t, m, f, l)
"""
REMOVE_PARTS = "DELETE FROM cover_part WHERE match_id = $1 RETURNING undertaking_id, state"
PRESENT = """
SELECT undertaking_id, state, institution, topic, modality,
       min(lower(period)) AS first, max(upper(period)) - 1 AS last
FROM cover_part WHERE match_id = $1 GROUP BY 1, 2, 3, 4, 5
"""
CLEAR = """
DELETE FROM cover WHERE undertaking_id = ANY($1::uuid[]) AND lower(state) = ANY($2::int[])
"""
REBUILD = """
INSERT INTO cover (undertaking_id, state, institution, topic, modality, period)
SELECT undertaking_id, int4range(state, state, '[]'), int4range(institution, institution, '[]'),
       int4range(topic, topic, '[]'), int4range(modality, modality, '[]'),
       daterange(min(lower(period)), max(upper(period)))
FROM (SELECT undertaking_id, state, topic, modality, period,
             CASE WHEN NOT bool_or(institution IS NULL) OVER same THEN institution END
               AS institution
      FROM cover_part WHERE undertaking_id = ANY($1::uuid[]) AND state = ANY($2::int[])
      WINDOW same AS (PARTITION BY undertaking_id, state, topic, modality)) part
GROUP BY undertaking_id, state, topic, modality, institution
ORDER BY state, topic, modality, institution
"""
OVERLAPS = """
SELECT DISTINCT c.undertaking_id, lower(c.state) AS state, (upper(c.period) - 1) AS until,
       (SELECT array_agg(DISTINCT q.match_id) FROM cover_part q
         WHERE q.undertaking_id = c.undertaking_id AND q.state = lower(c.state)) AS matches
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::date[], $7::date[])
  AS part(u, s, i, t, m, f, l)
JOIN cover c ON c.undertaking_id <> part.u AND c.state @> part.s AND c.topic @> part.t
  AND c.modality @> part.m AND (part.i IS NULL OR c.institution @> part.i)
  AND c.period && daterange(part.f, part.l, '[]')
ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What one match adds to an undertaking: numbers of the code lists, and first to last day.

    `institution` None means any; `last` includes the modality's cooling time.
    """

    undertaking_id: UUID
    state: int
    institution: int | None
    topic: int
    modality: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Overlap:
    """An undertaking in the way: in which State (its number), until when, by which matches."""

    undertaking_id: UUID
    state: int
    until: date
    matches: tuple[UUID, ...]


async def write(match_id: UUID, parts: Sequence[Part]) -> None:
    """Add a match's parts. `IntegrityError` when another undertaking covers one of them.

    A row of an undertaking spans the periods of all its matches; an unnamed institution widens
    the row to any. The locks, one a State, keep writers from waiting for each other in a ring.
    """
    states = {part.state for part in parts}
    await lock(states)
    await get_connection("default").execute_query(ADD_PARTS, [match_id, *_columns(parts)])
    await _rebuild({part.undertaking_id for part in parts}, states)


async def release(match_id: UUID) -> None:
    """Take a match's parts away: its undertakings shrink to what their other matches cover."""
    removed = await get_connection("default").execute_query_dict(REMOVE_PARTS, [match_id])
    if removed:
        states = {row["state"] for row in removed}
        await lock(states)
        await _rebuild({row["undertaking_id"] for row in removed}, states)


async def replace(match_id: UUID, parts: Sequence[Part]) -> None:
    """Other parts instead of those that a match has. `IntegrityError` as `write` says.

    The caller wraps it in a transaction of its own, so that a refusal leaves the old ones.
    """
    await release(match_id)
    await write(match_id, parts)


async def shrink(match_id: UUID, parts: Sequence[Part]) -> None:
    """Keep of a match's parts what these say, and never more than it has: nothing refuses it."""
    rows = await get_connection("default").execute_query_dict(PRESENT, [match_id])
    spans = {_key(row): (row["first"], row["last"]) for row in rows}
    kept = []
    for part in parts:
        key = (part.undertaking_id, part.state, part.institution, part.topic, part.modality)
        first, last = spans.get(key, (date.max, date.min))
        first, last = max(first, part.first), min(last, part.last)
        if first <= last:
            kept.append(dataclass_replace(part, first=first, last=last))
    await release(match_id)
    if kept:
        await write(match_id, kept)


def _key(row: Mapping[str, Any]) -> tuple[object, ...]:
    names = ("undertaking_id", "state", "institution", "topic", "modality")
    return tuple(row[name] for name in names)


async def overlaps(parts: Sequence[Part]) -> list[Overlap]:
    """Other undertakings that cover what these parts would."""
    rows = await get_connection("default").execute_query_dict(OVERLAPS, _columns(parts))
    return [
        Overlap(row["undertaking_id"], row["state"], row["until"], tuple(row["matches"] or ()))
        for row in rows
    ]


async def lock(states: Collection[int]) -> None:
    """These States' cover, until the transaction ends; who changes several locks all at first."""
    await get_connection("default").execute_query(LOCK, [COVER_LOCK, sorted(states)])


async def _rebuild(undertakings: Collection[UUID], states: Collection[int]) -> None:
    """Of these States alone, whose cover is locked: an undertaking may serve others too, by
    matches that somebody else is changing."""
    connection = get_connection("default")
    for statement in (CLEAR, REBUILD):
        await connection.execute_query(statement, [sorted(undertakings), sorted(states)])


def _columns(parts: Sequence[Part]) -> list[Any]:
    return [
        [part.undertaking_id for part in parts],
        [part.state for part in parts],
        [part.institution for part in parts],
        [part.topic for part in parts],
        [part.modality for part in parts],
        [part.first for part in parts],
        [part.last for part in parts],
    ]
