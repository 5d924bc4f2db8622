"""Why a request has no match, in counts that no exclusion and no other's match ever moves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.connection import get_connection

from matching.types import GateCode, Ranking

UNSEEN = frozenset(
    {GateCode.DIRECTED_ELSEWHERE, GateCode.OWN_OFFER, GateCode.PARTNER_NOT_VERIFIED}
)
"""Offers behind these are nobody's concern: not seen, one's own, or not to be proposed at all."""
KEEP = """
INSERT INTO outlook (id, version, created_at, request_id, computed_at, possible, alone, values)
VALUES (gen_random_uuid(), 1, $2, $1, $2, $3, $4, $5)
ON CONFLICT (request_id) DO UPDATE SET computed_at = excluded.computed_at,
  possible = excluded.possible, alone = excluded.alone, values = excluded.values
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """`alone`: by gate, offers that this one condition keeps away; `values`: of a language or a
    kind of help, how many of them give it."""

    possible: int
    alone: Mapping[str, int]
    values: Mapping[str, Mapping[str, int]]


def counted(found: Ranking, *, considered: int) -> Counted:
    """As if nobody excluded anybody and no match used anything up: what a State reads must not
    depend on either."""
    counts = found.counts
    told = {code: number for code, number in counts.alone.items() if code not in UNSEEN}
    return Counted(
        considered - counts.openly,
        {code.value: number for code, number in told.items()},
        {code.value: dict(given) for code, given in counts.given.items()},
    )


async def keep_outlook(request_id: UUID, outlook: Counted, *, now: datetime) -> None:
    """The caller has locked the request."""
    values = [outlook.possible, json.dumps(outlook.alone), json.dumps(outlook.values)]
    await get_connection("default").execute_query(KEEP, [request_id, now, *values])
