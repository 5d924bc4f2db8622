"""Stores the rankings of many requests at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from tortoise.connection import get_connection

from concord.database import transaction
from concord.offers import queries as offers
from concord.pairings.actions import run_facts, store_ranking
from concord.pairings.changes import note_gone
from concord.pairings.outlooks import counted, keep_outlook
from concord.requests.states import MATCHABLE
from matching.types import Pairing, Ranking

LOCK = """
SELECT r.id::text AS id, k.computed_at,
  EXISTS (SELECT FROM pairing p WHERE p.request_id = r.id) AS listed
FROM request r LEFT JOIN ranking k ON k.request_id = r.id
WHERE r.id = ANY($1::uuid[]) AND r.state = ANY($2) ORDER BY r.id FOR UPDATE OF r
"""
KNOWN = """
SELECT request_id, offer_id, explanation->'closest' AS closest FROM pairing
WHERE request_id = ANY($1::uuid[]) AND explanation ? 'closest'
"""
CLEAR = "DELETE FROM pairing WHERE request_id = ANY($1::uuid[])"
FILL = """
INSERT INTO pairing (id, version, created_at, request_id, offer_id, rank, score, components,
  explanation, gates, lines, signals, model_version, computed_at)
SELECT gen_random_uuid(), 1, $1, t.request_id, o.id, t.rank, t.score, t.components,
  CASE WHEN k.closest IS NULL THEN t.explanation
       ELSE t.explanation || jsonb_build_object('closest', k.closest) END,
  t.gates, t.lines, t.signals, $2, $1
FROM unnest($3::uuid[], $4::uuid[], $5::int[], $6::float8[], $7::jsonb[], $8::jsonb[],
            $9::jsonb[], $10::jsonb[], $11::jsonb[])
  AS t (request_id, offer_id, rank, score, components, explanation, gates, lines, signals)
JOIN offer o ON o.id = t.offer_id
LEFT JOIN unnest($12::uuid[], $13::uuid[], $14::jsonb[]) AS k (request_id, offer_id, closest)
  ON k.request_id = t.request_id AND k.offer_id = t.offer_id
"""
RUNS = """
UPDATE ranking k SET model_version = t.model_version, computed_at = $1, considered = t.considered,
  eligible = t.eligible, barred = t.barred, cutoff = t.cutoff,
  head_low = t.head_low, head_high = t.head_high, nearest = t.nearest
FROM unnest($2::uuid[], $3::jsonb[], $4::text[], $5::int[], $6::int[], $7::float8[], $8::float8[],
            $9::float8[], $10::bool[])
  AS t (request_id, barred, model_version, considered, eligible, cutoff, head_low, head_high,
        nearest)
WHERE k.request_id = t.request_id
"""
PLAIN = ("model_version", "considered", "eligible", "cutoff", "head_low", "head_high", "nearest")


class Looked(NamedTuple):
    """A ranking, and how many offers were looked at for it: all, or the `nearest` alone."""

    ranking: Ranking
    considered: int
    nearest: bool = False


async def store_rankings(found: Sequence[Looked], *, now: datetime) -> int:
    """Like `store_ranking` for each, in a few statements; the number stored.

    A request that is ranked for the first time, or whose list becomes empty or is no longer, goes
    its own way: somebody hears of it.
    """
    async with transaction() as connection:
        ids = [one.ranking.request for one in found]
        rows = await connection.execute_query_dict(LOCK, [ids, sorted(MATCHABLE)])
        before = {row["id"]: row for row in rows}
        alive = [one for one in found if one.ranking.request in before]
        alive = [one for one in alive if _is_newer(before[one.ranking.request], now)]
        await offers.hold(UUID(each.offer) for one in alive for each in one.ranking.pairings)
        plain = [one for one in alive if _says_nothing_new(before, one.ranking)]
        if plain:
            await _replace(plain, now)
        for one in alive:
            if one not in plain:
                ranking, considered, nearest = one
                await store_ranking(
                    UUID(ranking.request), ranking, considered=considered, nearest=nearest, now=now
                )
    return len(alive)


def _is_newer(before: Mapping[str, Any], now: datetime) -> bool:
    return before["computed_at"] is None or before["computed_at"] <= now


def _says_nothing_new(rows: Mapping[str, Mapping[str, Any]], found: Ranking) -> bool:
    before = rows[found.request]
    return before["computed_at"] is not None and before["listed"] == bool(found.pairings)


async def _replace(found: Sequence[Looked], now: datetime) -> None:
    connection = get_connection("default")
    ids = [one.ranking.request for one in found]
    known = await connection.execute_query_dict(KNOWN, [ids])
    await connection.execute_query(CLEAR, [ids])
    pairs = [(ranking.request, pairing) for ranking, *_ in found for pairing in ranking.pairings]
    await connection.execute_query(
        FILL,
        [
            now,
            found[0].ranking.model_version,
            [request for request, _ in pairs],
            *_columns([pairing for _, pairing in pairs]),
            [row["request_id"] for row in known],
            [row["offer_id"] for row in known],
            [row["closest"] for row in known],
        ],
    )
    await note_gone(ids)
    facts = [
        run_facts(ranking, considered, now, nearest=nearest)
        for ranking, considered, nearest in found
    ]
    plain = [[row[name] for row in facts] for name in PLAIN]
    barred = [_json(row["barred"]) for row in facts]
    await connection.execute_query(RUNS, [now, ids, barred, *plain])
    for ranking, considered, _ in found:
        outlook = counted(ranking, considered=considered)
        await keep_outlook(UUID(ranking.request), outlook, now=now)


def _columns(pairings: Sequence[Pairing]) -> list[list[Any]]:
    """Offer, rank, score, and the rest as JSON."""
    plain: list[list[Any]] = [
        [one.offer for one in pairings],
        [one.rank for one in pairings],
        [one.score for one in pairings],
    ]
    parts = ("components", "explanation", "near_misses", "lines", "signals")
    return plain + [[_json(getattr(one, part)) for one in pairings] for part in parts]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
