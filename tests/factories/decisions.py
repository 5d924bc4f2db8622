"""Lists as a coordinator saw them, and proposals from them: what the matcher learns from."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from concord.actor import Actor
from concord.matches.models import Match
from concord.matches.states import MatchState
from concord.offers.models import Offer
from concord.pairings.models import ShownList
from concord.reference.identifiers import new_public_id
from concord.requests.models import Request
from matching.scoring import WEIGHTS
from matching.types import FeatureCode
from tests.conftest import NOW
from tests.factories import offers, requests

LENGTH = 8
TEXT = WEIGHTS[FeatureCode.TEXT]
Choice = Callable[[Sequence[dict[str, Any]]], int]


def right(rows: Sequence[dict[str, Any]]) -> int:
    """Whose meaning is nearest: what the untrained order makes too little of."""
    return max(range(len(rows)), key=lambda place: rows[place]["signals"]["meaning"])


def wrong(rows: Sequence[dict[str, Any]]) -> int:
    """Whose text fits least, whatever the order: somebody plays with the matcher."""
    return min(range(len(rows)), key=lambda place: rows[place]["signals"]["base"])


async def decided(
    count: int,
    *,
    by: Actor,
    choice: Choice = right,
    version: str = "linear-1+lexical",
    at: datetime = NOW,
    seed: int = 1,
) -> list[ShownList]:
    """So many lists, from each of which one offer was proposed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    given = [await offers.published(title=f"Course {seed} {number}") for number in range(LENGTH)]
    made = []
    for _ in range(count):
        request = await requests.open_request()
        rows = _rows(given, chance)
        made.append(await shown(request, rows, by=by, version=version, at=at))
        offer = rows[choice(rows)]["offer"]
        await proposed(request, offer, by=by, at=at + timedelta(minutes=5))
    return made


async def shown(
    request: Request, rows: list[dict[str, Any]], *, by: Actor, version: str, at: datetime
) -> ShownList:
    return await ShownList.create(
        request_id=request.id,
        person_id=by.person_id,
        model_version=version,
        computed_at=at,
        shown_at=at,
        length=len(rows),
        offers=rows,
    )


async def proposed(
    request: Request, offer: str, *, by: Actor, at: datetime, undone: bool = False
) -> Match:
    return await Match.create(
        public_id=new_public_id("MAT"),
        request_id=request.id,
        offer_id=offer,
        starts_on=at.date(),
        ends_on=at.date(),
        state=MatchState.CANCELLED if undone else MatchState.PROPOSED,
        state_since=at,
        scope_changed_at=at,
        told_at=None if undone else at,
        proposed_by_id=by.person_id,
        proposed_at=at,
    )


def _rows(given: Sequence[Offer], chance: random.Random) -> list[dict[str, Any]]:
    """Meaning and words count alike in the order shown."""
    found = []
    for offer in given:
        meaning, words = chance.random(), chance.random()
        found.append(row(str(offer.id), 0.5 * meaning + 0.5 * words, words, meaning))
    found.sort(key=lambda one: -one["score"])
    return [one | {"rank": rank} for rank, one in enumerate(found, 1)]


def row(offer: str, text: float, words: float, meaning: float) -> dict[str, Any]:
    return {
        "offer": offer,
        "rank": 1,
        "score": round(TEXT * text + 0.3, 6),
        "components": {"text": round(TEXT * text, 6), "topic": 0.3},
        "signals": {"base": text, "words": words, "meaning": meaning},
    }
