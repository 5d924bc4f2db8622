"""What changed for the matcher since a worker last looked, and which changes of offers wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tortoise.connection import get_connection

from concord.pairings.models import Ranking
from concord.pairings.values import Bar
from matching.types import Head

SINCE = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS mark,
  array(SELECT DISTINCT subject_id::text FROM matcher_change
        WHERE xid >= $1::text::xid8 AND subject_kind = 'offer') AS offers,
  array(SELECT DISTINCT subject_id::text FROM matcher_change
        WHERE xid >= $1::text::xid8 AND subject_kind = 'request') AS requests
"""
NOW = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS mark"
TAKE = """
WITH t AS MATERIALIZED (
  SELECT xid, subject_id FROM matcher_change
  WHERE NOT weighed AND subject_kind = 'offer'
    AND (leased_until IS NULL OR leased_until < clock_timestamp())
  ORDER BY xid, subject_id LIMIT $2 FOR UPDATE SKIP LOCKED)
UPDATE matcher_change c SET leased_until = clock_timestamp() + $1 * interval '1 second'
FROM t WHERE c.xid = t.xid AND c.subject_id = t.subject_id
RETURNING c.xid::text AS xid, c.subject_id::text AS subject
"""
WEIGHED = """
UPDATE matcher_change c SET weighed = true, leased_until = NULL
FROM unnest($1::text[], $2::uuid[]) AS t (xid, subject)
WHERE c.xid = t.xid::xid8 AND c.subject_id = t.subject
"""
NOTE = """
INSERT INTO matcher_change (subject_kind, subject_id)
SELECT 'offer', subject FROM unnest($1::uuid[]) AS t (subject) ON CONFLICT DO NOTHING
"""
NOTE_GONE = """
INSERT INTO matcher_change (subject_kind, subject_id)
SELECT DISTINCT 'offer', p.offer_id FROM pairing p JOIN offer o ON o.id = p.offer_id
WHERE p.request_id = ANY($1::uuid[]) AND o.state <> 'published' ON CONFLICT DO NOTHING
"""
PRUNE = """
DELETE FROM matcher_change WHERE weighed
AND changed_at < clock_timestamp() - $1 * interval '1 second'
AND changed_at < (SELECT max(changed_at) FROM matcher_change)
"""
LISTING = "SELECT DISTINCT request_id::text AS id FROM pairing WHERE offer_id = ANY($1::uuid[])"
KEPT = timedelta(hours=1)
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of what may have changed; `mark` is where to look from the next time."""

    mark: str
    offers: Sequence[str]
    requests: Sequence[str]


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """An offer whose change no request was ranked for yet."""

    xid: str
    offer: str


async def present_mark() -> str:
    """From here on changes are new, for who reads everything now."""
    rows = await get_connection("default").execute_query_dict(NOW)
    return str(rows[0]["mark"])


async def changes_since(mark: str) -> Changes:
    """At least what was committed since; a change may be named twice, none is left out."""
    rows = await get_connection("default").execute_query_dict(SINCE, [mark])
    return Changes(rows[0]["mark"], rows[0]["offers"], rows[0]["requests"])


async def take_waiting(*, lease: timedelta, limit: int = AT_ONCE) -> list[WaitingChange]:
    """Changes of offers for the caller to weigh before the lease ends, the oldest first."""
    rows = await get_connection("default").execute_query_dict(TAKE, [lease.total_seconds(), limit])
    return [WaitingChange(row["xid"], row["subject"]) for row in rows]


async def settle(changes: Sequence[WaitingChange]) -> None:
    """What had to be ranked for these is asked for, in the same transaction."""
    columns = [change.xid for change in changes], [change.offer for change in changes]
    await get_connection("default").execute_query(WEIGHED, list(columns))


async def note_changes(offers: Sequence[str]) -> None:
    """Offers that were found changed although nobody said so."""
    await get_connection("default").execute_query(NOTE, [list(offers)])


async def note_gone(requests: Sequence[str]) -> None:
    """Offers that went while these requests were ranked, when nobody could see yet that they list
    them. In the transaction that stores the lists."""
    await get_connection("default").execute_query(NOTE_GONE, [list(requests)])


async def prune_changes(*, older_than: timedelta = KEPT) -> None:
    """Nobody looks back that far: every worker compares everything each minute.

    The latest stays, to say when anything changed last.
    """
    await get_connection("default").execute_query(PRUNE, [older_than.total_seconds()])


async def requests_listing(offers: Sequence[str]) -> list[str]:
    """Requests that have one of these offers among their candidates."""
    rows = await get_connection("default").execute_query_dict(LISTING, [list(offers)])
    return sorted(row["id"] for row in rows)


async def bars() -> dict[str, Bar]:
    """For each ranked request what an offer has to reach."""
    rows = await Ranking.all().values_list("request_id", "cutoff", "head_low", "head_high")
    return {
        str(request): Bar(cutoff, None if low is None or high is None else Head(low, high))
        for request, cutoff, low, high in rows
    }
