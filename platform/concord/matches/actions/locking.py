"""Locks what a command on matches touches, always in the order request → offer → slots."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from tortoise.expressions import Q

from concord.actor import Actor
from concord.errors import NotAllowed, NotFound, StaleVersion
from concord.matches.models import Delivery, Match, MatchLine
from concord.matches.policy import Sides, may, sides_of
from concord.matches.states import PENDING, TERMINAL
from concord.matches.values import OnBehalf
from concord.offers import queries as offers
from concord.offers.models import Offer
from concord.requests import queries as requests
from concord.requests.models import Request
from concord.requests.states import Confidentiality

STALE = "This match has changed since the page was opened. Look at it again before you decide."
DENIED = "Your role does not allow this step on this match."
LIVE_MATCH = ~Q(state__in=[state.value for state in TERMINAL])


@dataclass(slots=True)
class Locked:
    """A match whose request, offer and slots are locked until the transaction ends.

    Lines (with item and slot), participants (with organization) and consents are fetched after
    the locks; `assigned` names who of UNODC may handle a sealed request, `settled` are deliveries
    that ended with the match.
    """

    match: Match
    request: Request
    offer: Offer
    assigned: frozenset[UUID] | None
    settled: list[tuple[str, Delivery]] = field(default_factory=list)

    @property
    def states(self) -> frozenset[str]:
        return frozenset({self.request.lead_state_id, *self.request.co_states})

    @property
    def asked(self) -> frozenset[UUID]:
        return frozenset(p.organization_id for p in self.match.participants if p.invited_at)

    @property
    def sides(self) -> Sides:
        return sides_of(
            self.match,
            lead_state=self.request.lead_state_id,
            states=self.states,
            assigned=self.assigned,
        )


async def lock_match(match: Match, *, version: int | None = None) -> Locked:
    """The match as it is now; `StaleVersion` when the form was made from an older one."""
    request = await requests.lock(match.request_id)
    found = await lock_matches({request.id: request}, Q(id=match.id))
    return _only(found, match.id, version)


async def lock_with_rivals(
    match: Match, *, version: int | None = None
) -> tuple[Locked, list[Locked]]:
    """The match, and the other matches still being decided that serve one of its items."""
    request = await requests.lock(match.request_id)
    items = await MatchLine.filter(match_id=match.id).values_list("item_id", flat=True)
    rivals = await MatchLine.filter(
        item_id__in=items, live=True, match__state__in=sorted(PENDING)
    ).values_list("match_id", flat=True)
    found = await lock_matches({request.id: request}, Q(id__in={match.id, *rivals}))
    mine = _only([one for one in found if one.match.id == match.id], match.id, version)
    return mine, [one for one in found if one is not mine]


def _only(found: list[Locked], match_id: UUID, version: int | None) -> Locked:
    if not found:
        raise NotFound
    if version is not None and found[0].match.version != version:
        raise StaleVersion(STALE)
    return found[0]


async def lock_requests(ids: Collection[UUID]) -> dict[UUID, Request]:
    """Requests in the order of their ids."""
    return {each: await requests.lock(each) for each in sorted(ids)}


async def lock_offers(ids: Collection[UUID]) -> dict[UUID, Offer]:
    """Offers in the order of their ids, with their organizations."""
    return {offer.id: offer for offer in await offers.lock(ids)}


async def lock_matches(locked: dict[UUID, Request], which: Q) -> list[Locked]:
    """The selected matches of requests that are locked already, with their offers and slots."""
    matches = await Match.filter(which, request_id__in=list(locked)).order_by("id")
    given = await lock_offers({match.offer_id for match in matches})
    await Match.fetch_for_list(matches, "lines", "participants__organization", "consents")
    await offers.lock_slots({line.slot_id for match in matches for line in match.lines})
    await Match.fetch_for_list(matches, "lines__item", "lines__slot")
    assigned = {request.id: await assigned_to(request) for request in locked.values()}
    return [
        Locked(match, locked[match.request_id], given[match.offer_id], assigned[match.request_id])
        for match in matches
    ]


async def assigned_to(request: Request) -> frozenset[UUID] | None:
    """Who of UNODC is named on a sealed request; None for any other class."""
    if request.confidentiality is not Confidentiality.SEALED:
        return None
    return frozenset(row.person_id for row in await requests.assigned(request.id))


def check_may(verb: str, actor: Actor, locked: Locked, on_behalf: OnBehalf | None = None) -> None:
    """Raise `NotAllowed` unless the actor may; an act on behalf was confirmed by two persons."""
    if on_behalf is not None:
        if on_behalf.state not in locked.states or not actor.is_secretariat:
            raise NotAllowed(DENIED)
    elif not may(verb, actor, locked.sides):
        raise NotAllowed(DENIED)
