"""What the next model is trained on: lists as they were shown, and what was decided on them."""

import json
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from concord.pairings.decisions import TEXT_WEIGHT, Proposed, Shown, decided_lists
from concord.pairings.learning import in_force, next_number
from matching.decisions import DecidedList, Decisions

MOST_LISTS = 2000
SHOWN = """
SELECT s.request_id, s.person_id, split_part(s.model_version, '+', 3) AS learned, s.shown_at,
  s.offers
FROM shown_list s
WHERE split_part(s.model_version, '+', 2) = $1 AND s.offers->0->>'signals' IS NOT NULL
  AND EXISTS (SELECT 1 FROM match m WHERE m.request_id = s.request_id
    AND m.told_at IS NOT NULL AND m.proposed_at >= s.shown_at)
ORDER BY s.shown_at DESC, s.id LIMIT $2
"""
# A proposal that was undone has never been told to anybody. Rows of a portfolio are proposed in
# one act: its entry in the trail, which outlives the portfolio, has their author and their time.
PROPOSED = """
WITH act AS MATERIALIZED (
  SELECT DISTINCT person_id, at FROM audit_entry WHERE action = 'propose_portfolio')
SELECT m.request_id, m.offer_id, m.proposed_by_id, m.proposed_at, d.verb, d.reason,
  EXISTS (SELECT FROM act WHERE act.person_id = m.proposed_by_id AND act.at = m.proposed_at)
    AS in_portfolio
FROM match m LEFT JOIN LATERAL (
  SELECT s.verb, s.reason FROM match_step s WHERE s.match_id = m.id
    AND s.verb IN ('decline_by_state', 'decline_by_partner', 'reject')
  ORDER BY s.at DESC LIMIT 1) d ON true
WHERE m.request_id = ANY($1) AND m.told_at IS NOT NULL
ORDER BY m.proposed_at, m.id
"""
VECTORS = """
SELECT subject_id, vector FROM text_vector
WHERE subject_id = ANY($1) AND model_version = $2 AND part = 0 AND vector IS NOT NULL
"""


async def decisions_to_learn(encoder: str) -> Decisions:
    """What was decided on lists that this encoder had a part in, the newest two thousand."""
    connection = get_connection("default")
    rows = await connection.execute_query_dict(SHOWN, [encoder, MOST_LISTS])
    shown = [_shown(row) for row in rows]
    requests = sorted({one.request for one in shown})
    proposed = [
        _proposed(row) for row in await connection.execute_query_dict(PROPOSED, [requests])
    ]
    lists = decided_lists(shown, proposed)
    ids = [UUID(i) for i in sorted({i for one in lists for i in _subjects(one)})]
    vectors = await connection.execute_query_dict(VECTORS, [ids, encoder])
    return Decisions(
        version=f"learned-{await next_number()}",
        in_force=(await in_force()).learned,
        text_weight=TEXT_WEIGHT,
        lists=tuple(lists),
        vectors={str(row["subject_id"]): row["vector"] for row in vectors},
    )


def _subjects(one: DecidedList) -> list[str]:
    return [one.request, *(each.offer for each in one.offers)]


def _shown(row: dict[str, Any]) -> Shown:
    offers = row["offers"]
    return Shown(
        request=row["request_id"],
        person=row["person_id"],
        learned=row["learned"],
        shown_at=row["shown_at"],
        offers=json.loads(offers) if isinstance(offers, str) else offers,
    )


def _proposed(row: dict[str, Any]) -> Proposed:
    return Proposed(
        request=row["request_id"],
        offer=row["offer_id"],
        person=row["proposed_by_id"],
        at=row["proposed_at"],
        declined=(row["verb"], row["reason"] or "") if row["verb"] else None,
        in_portfolio=row["in_portfolio"],
    )
