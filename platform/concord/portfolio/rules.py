"""What keeps a ranked pair out of a plan: the coordinator's word, and what a proposal refuses."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from concord.matches.gates import DECLINED_PAIR_RESTS, plausible_topics, rests
from concord.matches.models import Match
from concord.matches.states import EXITS
from concord.portfolio.values import Pair
from concord.reference.code_lists import CodeLists

EXCLUDED, DECLINED, FAR = REASONS = ("excluded", "declined", "far")
"""Those that somebody can change come first."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The same that a proposal is held to, for what a ranking does not know or has not heard."""

    lists: CodeLists
    resting: Collection[tuple[UUID, UUID]]
    excluded: Collection[Pair]

    def against(self, row: Mapping[str, Any], pair: Pair) -> str:
        """Why this slot is not given to this item; empty where nothing stands in the way."""
        if pair in self.excluded:
            return EXCLUDED
        if (row["request_id"], row["offer_id"]) in self.resting:
            return DECLINED
        return "" if plausible_topics(row["asked"], row["given"], self.lists) else FAR


async def resting_pairs(
    requests: Collection[UUID], *, now: datetime
) -> frozenset[tuple[UUID, UUID]]:
    """Requests and offers of matches that were declined and may not be proposed again yet."""
    ended = await Match.filter(
        request_id__in=list(requests),
        state__in=sorted(EXITS),
        state_since__gt=now - DECLINED_PAIR_RESTS,
    ).select_related("request", "offer")
    return frozenset(
        (one.request.id, one.offer.id)
        for one in ended
        if rests(one, request=one.request, offer=one.offer, now=now)
    )
