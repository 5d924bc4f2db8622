"""Candidates of a request as the workbench shows them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.expressions import RawSQL
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.offers.models import Offer, OfferSlot
from concord.offers.queries import visible_to as visible_offers
from concord.offers.states import OfferState
from concord.pairings import wording
from concord.pairings.chance import CURVE_FROM, DISTRUSTED, Curve
from concord.pairings.models import Pairing, Ranking
from concord.pairings.profiles import offer_profiles, request_profile
from concord.pairings.views import Candidate, MatchOfPair, MissingOffer, RankingView
from concord.reference.identifiers import normalized_public_id
from concord.reference.queries import code_lists
from concord.requests.models import Request
from concord.requests.queries import visible_to as visible_requests
from concord.requests.states import MATCHABLE, RequestState
from matching.eligibility import failed_gates
from matching.types import Gate

SHOWN = 10
MOST_SHOWN = 50
QUEUE = (*sorted(MATCHABLE), RequestState.SUBMITTED)
MOST_QUEUED = 100
LATEST_MATCH = """(SELECT m.public_id || ' ' || m.state FROM match m
WHERE m.request_id = pairing.request_id AND m.offer_id = pairing.offer_id
ORDER BY m.created_at DESC LIMIT 1)"""

RANKING = """
SELECT r.considered, r.nearest, r.eligible, r.computed_at, r.model_version,
  c.slope, c.intercept, c.decisions,
  (SELECT s.length FROM shown_list s WHERE s.request_id = r.request_id
    AND s.computed_at = r.computed_at AND s.person_id = $2) AS seen
FROM ranking r LEFT JOIN LATERAL (
  SELECT m.slope, m.intercept, m.decisions FROM matcher_model m
  WHERE m.calibrates = split_part(r.model_version, '+', 3)
    AND m.encoder = split_part(r.model_version, '+', 2) AND m.slope IS NOT NULL
    AND m.decisions >= $3 AND NOT m.refusals && $4::text[]
  ORDER BY m.number DESC LIMIT 1) c ON true
WHERE r.request_id = $1
"""


def queue(actor: Actor) -> QuerySet[Request]:
    """What a coordinator works on, the most pressing first."""
    return (
        visible_requests(actor)
        .filter(state__in=QUEUE)
        .order_by("-urgent", "due_at", "state_since", "id")
    )


async def ranking_of(actor: Actor, request: Request) -> RankingView | None:
    """The run behind the list, how much of it this person has seen, and what scores stand for."""
    rows = await get_connection("default").execute_query_dict(
        RANKING, [request.id, actor.person_id, CURVE_FROM, list(DISTRUSTED)]
    )
    if not rows:
        return None
    row = rows[0]
    curve = row["slope"] is not None and Curve(row["slope"], row["intercept"], row["decisions"])
    return RankingView(
        considered=row["considered"],
        nearest=row["nearest"],
        eligible=row["eligible"],
        computed_at=row["computed_at"],
        model_version=row["model_version"],
        seen=row["seen"] or 0,
        curve=curve or None,
    )


async def candidates_of(request: Request, *, limit: int = SHOWN) -> list[Candidate]:
    """The best candidates, best first, each with its latest match: two queries."""
    rows = (
        await Pairing.filter(request_id=request.id)
        .order_by("rank")
        .limit(limit)
        .annotate(latest_match=RawSQL(LATEST_MATCH))
        .select_related("offer__organization")
    )
    slots: dict[UUID, list[OfferSlot]] = {row.offer_id: [] for row in rows}
    for slot in await OfferSlot.filter(offer_id__in=list(slots), retired_at=None).order_by(
        "offer_id", "position"
    ):
        slots[slot.offer_id].append(slot)
    return [Candidate(row, row.offer, slots[row.offer_id], _match_of(row)) for row in rows]


def _match_of(row: Pairing) -> MatchOfPair | None:
    found: str | None = getattr(row, "latest_match")  # noqa: B009 - an annotation
    return MatchOfPair(*found.split(" ")) if found else None


async def why_missing(
    actor: Actor, request: Request, public_id: str, *, today: date
) -> MissingOffer | None:
    """Why an offer is not among the candidates; None for one that the actor may not see.

    Judged as it stands now. Exclusions of either side are never told: such an offer has no reason
    that can be shown.
    """
    offer = await visible_offers(actor).get_or_none(
        public_id=normalized_public_id(public_id) or ""
    )
    ranking = await Ranking.get_or_none(request_id=request.id)
    if offer is None or ranking is None:
        return None
    listed = await Pairing.get_or_none(request_id=request.id, offer_id=offer.id)
    asked = await request_profile(request.id)
    offered = await offer_profiles([str(offer.id)])
    gates = failed_gates(asked, offered[0], today=today) if asked and offered else ()
    return MissingOffer(
        public_id=offer.public_id,
        rank=listed.rank if listed else None,
        reasons=await _reasons(offer, gates),
        is_possible=offer.state is OfferState.PUBLISHED and not gates,
        of_nearest=ranking.considered if ranking.nearest else None,
    )


async def _reasons(offer: Offer, gates: Sequence[Gate]) -> list[str]:
    lists = await code_lists()
    unpublished = [] if offer.state is OfferState.PUBLISHED else [wording.unpublished()]
    return unpublished + [
        wording.gate(gate.code, gate.parameters, lists) for gate in gates if not gate.unodc_only
    ]
