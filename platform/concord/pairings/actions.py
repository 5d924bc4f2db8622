"""Stores what the matcher found."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from tortoise.connection import get_connection

from concord import jobs
from concord.actor import Actor, Role
from concord.database import transaction
from concord.inbox.actions import close_tasks, open_task, tell
from concord.offers import queries as offers
from concord.pairings.changes import note_gone
from concord.pairings.models import Outlook, Pairing, Ranking
from concord.pairings.outlooks import counted, keep_outlook
from concord.pairings.values import ENDED, LISTED, Likeness
from concord.requests.models import Request, RequestAssignment
from concord.requests.queries import has_live_match
from concord.requests.states import MATCHABLE, Confidentiality
from matching import types as matching
from notifications.messages.requests import RequestRanked
from notifications.recipients import Case

PROPOSE_TASK = "propose_match"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4715)"
ASK = """
INSERT INTO outbox (name, payload, dedup, created_at, next_at, attempts, error)
SELECT $1::text, jsonb_build_object('request_id', t.id), $1::text || ':' || gen_random_uuid(),
  $2, $2, 0, ''
FROM unnest($3::uuid[]) WITH ORDINALITY AS t (id, place) WHERE NOT EXISTS (
    SELECT 1 FROM outbox o WHERE o.name = $1::text AND o.done_at IS NULL AND o.dead_at IS NULL
    AND o.attempts = 0 AND o.payload->>'request_id' = t.id::text)
ORDER BY t.place
"""
AT_ONCE = 16
NONE: Mapping[str, Likeness] = {}
# Rows of the pairings themselves: what was shown is kept as it was ranked.
NOTE_SHOWN = """
INSERT INTO shown_list (id, version, created_at, request_id, person_id, model_version,
  computed_at, shown_at, length, offers)
SELECT gen_random_uuid(), 1, $4, p.request_id, $2, min(p.model_version), p.computed_at, $4,
  count(*), jsonb_agg(jsonb_build_object('offer', p.offer_id, 'rank', p.rank, 'score', p.score,
    'components', p.components, 'signals', p.signals) ORDER BY p.rank)
FROM pairing p WHERE p.request_id = $1 AND p.rank <= $3
GROUP BY p.request_id, p.computed_at
ON CONFLICT (request_id, computed_at, person_id) DO UPDATE
SET length = excluded.length, offers = excluded.offers
WHERE shown_list.length < excluded.length
"""


async def store_ranking(
    request_id: UUID,
    found: matching.Ranking,
    *,
    considered: int,
    now: datetime,
    nearest: bool = False,
    likenesses: Mapping[str, Likeness] = NONE,
) -> bool:
    """Replace a request's pairings by a newer run; False when the request is no longer matched.

    `considered`: how many offers were looked at, all or with `nearest` these alone.
    `now` is when the run began: one that began later and is stored already stays. The first run
    tells the coordinators, and a proposal is asked for while there is none. Safe to run twice
    and at once: the request is locked.
    """
    async with transaction():
        request = await Request.select_for_update().get_or_none(id=request_id)
        if request is None or request.state not in MATCHABLE:
            return False
        before = await Ranking.get_or_none(request_id=request_id)
        if before is not None and before.computed_at > now:
            return False
        await offers.hold(UUID(one.offer) for one in found.pairings)
        await Pairing.filter(request_id=request_id).delete()
        await Pairing.bulk_create(
            [
                _pairing(request_id, found, one, now, likenesses.get(one.offer))
                for one in found.pairings
            ]
        )
        await note_gone([str(request_id)])
        facts = run_facts(found, considered, now, nearest=nearest)
        await Ranking.update_or_create(facts, request_id=request_id)
        await keep_outlook(request_id, counted(found, considered=considered), now=now)
        named = await _named(request)
        if before is None:
            await _tell(request, len(found.pairings), named, now=now)
        if found.pairings and not await has_live_match(request, ENDED):
            await _ask(request, named, now=now)
        else:
            await close_tasks(request_id, PROPOSE_TASK, now=now)
    return True


async def drop_pairings(request_id: UUID, *, now: datetime) -> None:
    """A request that is no longer matched keeps no candidates, and asks for no proposal."""
    async with transaction():
        await Pairing.filter(request_id=request_id).delete()
        await Ranking.filter(request_id=request_id).delete()
        await Outlook.filter(request_id=request_id).delete()
        await close_tasks(request_id, PROPOSE_TASK, now=now)


async def rank_again(requests: Sequence[str], *, now: datetime) -> None:
    """Ask for these requests to be ranked, in this order, unless that is asked for already.

    The first go before everything that was asked for earlier. A row that nobody has begun serves
    every change that was committed before it is begun.
    """
    async with transaction() as connection:
        await connection.execute_query(ONE_AT_A_TIME)
        for name, part in (
            (jobs.RANK_REQUEST, requests[:AT_ONCE]),
            (jobs.RANK_AGAIN, requests[AT_ONCE:]),
        ):
            await connection.execute_query(ASK, [name, now, list(part)])


async def note_shown(request: Request, *, length: int, actor: Actor, now: datetime) -> None:
    """A person saw the best `length` candidates: kept once for each run, and if more are shown.

    Like the note of who has read a request it is no change of the case, and repeating it
    changes nothing; decisions are later compared with exactly this list.
    """
    connection = get_connection("default")
    await connection.execute_query(NOTE_SHOWN, [request.id, actor.person_id, length, now])


def run_facts(
    found: matching.Ranking, considered: int, now: datetime, *, nearest: bool
) -> dict[str, object]:
    """What is kept of a run beside its pairings."""
    return {
        "model_version": found.model_version,
        "computed_at": now,
        "considered": considered,
        "nearest": nearest,
        "eligible": considered - found.counts.offers,
        "barred": {str(gate): offers for gate, offers in found.counts.by_gate.items()},
        "cutoff": found.pairings[-1].score if len(found.pairings) >= LISTED else None,
        "head_low": found.head.low if found.head else None,
        "head_high": found.head.high if found.head else None,
    }


def _pairing(
    request_id: UUID,
    ranking: matching.Ranking,
    found: matching.Pairing,
    now: datetime,
    closest: Likeness | None,
) -> Pairing:
    return Pairing(
        request_id=request_id,
        offer_id=UUID(found.offer),
        rank=found.rank,
        score=found.score,
        components=msgspec.to_builtins(found.components),
        explanation=msgspec.to_builtins(found.explanation)
        | ({"closest": closest} if closest else {}),
        gates=msgspec.to_builtins(found.near_misses),
        lines=msgspec.to_builtins(found.lines),
        signals=dict(found.signals),
        model_version=ranking.model_version,
        computed_at=now,
    )


async def _named(request: Request) -> frozenset[UUID] | None:
    """The coordinators of a sealed request; None where all who serve its States may know."""
    if request.confidentiality is not Confidentiality.SEALED:
        return None
    rows = await RequestAssignment.filter(request_id=request.id, role=Role.COORDINATOR.value)
    return frozenset(row.person_id for row in rows)


async def _tell(
    request: Request, pairings: int, named: frozenset[UUID] | None, *, now: datetime
) -> None:
    case: Case[UUID] = Case(
        lead_state=request.lead_state_id, co_states=frozenset(request.co_states), assigned=named
    )
    message = RequestRanked(request=request.public_id, pairings=pairings)
    await tell(message, case=case, event=f"request:{request.id}:ranked", now=now)


async def _ask(request: Request, named: frozenset[UUID] | None, *, now: datetime) -> None:
    for person in sorted(named) if named is not None else [None]:
        await open_task(
            PROPOSE_TASK,
            subject_kind="request",
            subject_id=request.id,
            subject_public_id=request.public_id,
            roles=[Role.COORDINATOR],
            state=request.lead_state_id,
            person_id=person,
            now=now,
        )
