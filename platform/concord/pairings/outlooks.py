"""Why a request has no match, in counts that no exclusion of either side ever moves."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.connection import get_connection

from matching.types import Gate, GateCode, Ranking

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
    """As if nobody excluded anybody: what a State reads must not depend on that."""
    alone: Counter[str] = Counter()
    values: dict[str, Counter[str]] = {}
    barred = 0
    for gates in map(_open_gates, found.barred.values()):
        barred += bool(gates)
        if len(gates) == 1 and gates[0].code not in UNSEEN:
            alone[gates[0].code.value] += 1
            values.setdefault(gates[0].code.value, Counter()).update(_given(gates[0]))
    kept = {code: dict(given) for code, given in values.items() if given}
    return Counted(considered - barred, dict(alone), kept)


def _open_gates(gates: Iterable[Gate]) -> list[Gate]:
    return [gate for gate in gates if not gate.unodc_only]


def _given(gate: Gate) -> set[str]:
    """What the offer gives instead of what was asked for."""
    offered = gate.parameters.get("offered", ())
    return {str(each) for each in offered} if isinstance(offered, tuple | list) else set()


async def keep_outlook(request_id: UUID, outlook: Counted, *, now: datetime) -> None:
    """The caller has locked the request."""
    values = [outlook.possible, json.dumps(outlook.alone), json.dumps(outlook.values)]
    await get_connection("default").execute_query(KEEP, [request_id, now, *values])
