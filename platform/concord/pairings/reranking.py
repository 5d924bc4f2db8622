"""Ranks every open request anew: in chunks that any number of workers take, and take up again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from concord import jobs
from concord.database import transaction
from concord.pairings.crowds import replace_crowd
from concord.requests.states import MATCHABLE
from matching.types import KnownTexts

CHUNK = 25
TRIES = 5
STUCK = timedelta(days=1)
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4717)"
SUPERSEDE = "UPDATE rerank_run SET ended_at = $1, superseded = true WHERE ended_at IS NULL"
START = "INSERT INTO rerank_run (reason, asked_by_id, asked_at) VALUES ($1, $2, $3) RETURNING id"
LOOK = "SELECT id FROM rerank_run WHERE planned_at IS NULL AND ended_at IS NULL"
WAITING = f"{LOOK} FOR UPDATE"
PLAN = """
INSERT INTO rerank_chunk (run_id, number, request_ids)
SELECT $1, place / $2, array_agg(id ORDER BY place)
FROM (SELECT id, row_number() OVER (ORDER BY urgent DESC, due_at, id) - 1 AS place
      FROM request WHERE state = ANY($3)) r
GROUP BY 2 ORDER BY 2
"""
PLANNED = """
UPDATE rerank_run SET planned_at = $2, looked_at = clock_timestamp() WHERE id = $1
"""
# Materialized: a part of the query may be run again for each row, and takes another each time.
TAKE = """
WITH t AS MATERIALIZED (
  SELECT c.run_id, c.number FROM rerank_chunk c JOIN rerank_run r ON r.id = c.run_id
  WHERE c.done_at IS NULL AND r.ended_at IS NULL
    AND (c.leased_until IS NULL OR c.leased_until < clock_timestamp())
  ORDER BY c.number LIMIT 1 FOR UPDATE OF c SKIP LOCKED)
UPDATE rerank_chunk c SET attempts = attempts + 1,
  leased_until = clock_timestamp() + $1 * interval '1 second'
FROM t WHERE c.run_id = t.run_id AND c.number = t.number
RETURNING c.run_id, c.number, c.request_ids::text[] AS requests, c.attempts
"""
RENEW = """
UPDATE rerank_chunk SET leased_until = clock_timestamp() + $4 * interval '1 second'
WHERE run_id = $1 AND number = $2 AND attempts = $3 AND done_at IS NULL
"""
DONE = """
UPDATE rerank_chunk SET done_at = $3, leased_until = NULL, failed = $4
WHERE run_id = $1 AND number = $2 AND done_at IS NULL
"""
LOCK_RUN = "SELECT id FROM rerank_run WHERE id = $1 FOR UPDATE"
END = """
UPDATE rerank_run SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL
AND NOT EXISTS (SELECT FROM rerank_chunk WHERE run_id = $1 AND done_at IS NULL)
"""
PROGRESS = """
SELECT r.id, r.reason, r.asked_at, r.planned_at, r.ended_at, r.superseded,
  count(c.number) AS chunks, count(c.done_at) AS done,
  count(*) FILTER (WHERE c.failed) AS failed,
  coalesce(sum(cardinality(c.request_ids)), 0) AS requests,
  coalesce(sum(cardinality(c.request_ids)) FILTER (WHERE c.done_at IS NOT NULL), 0) AS ranked
FROM (SELECT * FROM rerank_run ORDER BY asked_at DESC, id LIMIT $1) r
LEFT JOIN rerank_chunk c ON c.run_id = r.id
GROUP BY r.id, r.reason, r.asked_at, r.planned_at, r.ended_at, r.superseded
ORDER BY r.asked_at DESC, r.id
"""
# A run that a day did not end is stuck, and stands in nobody's way.
OTHERWISE = """
SELECT EXISTS (SELECT FROM ranking WHERE model_version <> $1)
  AND NOT EXISTS (SELECT FROM rerank_run WHERE ended_at IS NULL AND asked_at > $2) AS found
"""
# The latest change is kept however old it is.
DRIFTED = """
SELECT NOT EXISTS (SELECT FROM rerank_run WHERE ended_at IS NULL AND asked_at > $2)
  AND NOT EXISTS (SELECT FROM rerank_run
                  WHERE reason = 'night' AND (asked_at AT TIME ZONE 'UTC')::date = $1)
  AND EXISTS (SELECT FROM ranking)
  AND (SELECT max(changed_at) FROM matcher_change)
    > coalesce((SELECT max(looked_at) FROM rerank_run WHERE NOT superseded), '-infinity')
  AS found
"""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some requests of a run, for one worker until its lease ends."""

    run: UUID
    number: int
    requests: Sequence[str]
    attempts: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A run: how many requests and chunks it has, and how many are done."""

    id: UUID
    reason: str
    asked_at: datetime
    planned_at: datetime | None
    ended_at: datetime | None
    superseded: bool
    chunks: int
    done: int
    failed: int
    requests: int
    ranked: int

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def share(self) -> float:
        """Of the chunks, in [0, 1]: it tells nobody how many requests there are."""
        return self.done / self.chunks if self.chunks else float(not self.is_running)


async def start(reason: str, *, by: UUID | None = None, now: datetime) -> UUID:
    """Ask for everything to be ranked anew; a run that was under way gives way to this one."""
    async with transaction() as connection:
        await connection.execute_query(ONE_AT_A_TIME)
        await connection.execute_query(SUPERSEDE, [now])
        rows = await connection.execute_query_dict(START, [reason, by, now])
        await jobs.enqueue(jobs.RERANK, now=now)
    run: UUID = rows[0]["id"]
    return run


async def is_waiting() -> bool:
    """A run was asked for that nobody has planned yet."""
    return bool(await get_connection("default").execute_query_dict(LOOK))


async def plan(crowd: Sequence[KnownTexts] = (), *, encoder: str = "", now: datetime) -> None:
    """Cut the run that was asked for into chunks, the urgent requests first; once.

    What the open requests have in common is from now on that of this moment.
    """
    async with transaction() as connection:
        for row in await connection.execute_query_dict(WAITING):
            run = row["id"]
            await replace_crowd(crowd, encoder=encoder)
            await connection.execute_query(PLAN, [run, CHUNK, sorted(MATCHABLE)])
            await connection.execute_query(PLANNED, [run, now])
            await connection.execute_query(END, [run, now])


async def take_chunk(*, lease: timedelta) -> Chunk | None:
    """The next chunk that nobody has; None when there is none."""
    rows = await get_connection("default").execute_query_dict(TAKE, [lease.total_seconds()])
    if not rows:
        return None
    row = rows[0]
    return Chunk(row["run_id"], row["number"], row["requests"], row["attempts"])


async def renew(chunk: Chunk, *, lease: timedelta) -> None:
    """The chunk stays with who took it, unless another has taken it since."""
    await get_connection("default").execute_query(
        RENEW, [chunk.run, chunk.number, chunk.attempts, lease.total_seconds()]
    )


async def finish(chunk: Chunk, *, now: datetime, failed: bool = False) -> None:
    """The chunk is done, and with the last one the run; in the transaction that stores it."""
    async with transaction() as connection:
        await connection.execute_query(DONE, [chunk.run, chunk.number, now, failed])
        await connection.execute_query(LOCK_RUN, [chunk.run])
        await connection.execute_query(END, [chunk.run, now])


async def latest_runs(limit: int = 1) -> list[Progress]:
    rows: list[dict[str, Any]] = await get_connection("default").execute_query_dict(
        PROGRESS, [limit]
    )
    return [Progress(**row) for row in rows]


async def start_if_changed(*, now: datetime) -> bool:
    """At night, once: when anything changed for the matcher since the last run was planned, so
    that lists that small changes touched are made anew; unless a run is under way."""
    async with transaction() as connection:
        await connection.execute_query(ONE_AT_A_TIME)
        rows = await connection.execute_query_dict(DRIFTED, [now.date(), now - STUCK])
        if rows[0]["found"]:
            await start("night", now=now)
    return bool(rows[0]["found"])


async def start_if_outdated(version: str, *, now: datetime) -> bool:
    """After an upgrade: rankings of another version are made anew, unless that is under way."""
    rows = await get_connection("default").execute_query_dict(OTHERWISE, [version, now - STUCK])
    if rows[0]["found"]:
        await start("version", now=now)
    return bool(rows[0]["found"])
