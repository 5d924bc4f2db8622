"""Twenty clients who say everything that people say to matches, most of it to the same few."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError

from concord.actor import Actor
from concord.database import refused_by, transaction
from concord.errors import DomainError
from concord.matches import actions as matches
from concord.matches import clocks as match_clocks
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, Match
from concord.matches.states import MatchState
from concord.offers import queries as offers
from concord.offers.actions import publish
from concord.offers.models import Offer
from concord.offers.states import OfferState
from concord.organizations import actions as organizations
from concord.organizations.queries import lock
from concord.requests import queries as requests
from concord.requests.models import Request
from tests.machines.moves import DELIVERY_MOVES, MATCH_MOVES, say
from tests.machines.world import BEGIN, World, line_between, period

Act = Callable[[], Awaitable[object]]
_S, _D = MatchState, DeliveryState
NEXT: Mapping[MatchState, Sequence[str]] = {
    _S.PROPOSED: ("consent",),
    _S.STATE_CONSENTED: ("accept",),
    _S.PARTNER_ACCEPTED: ("approve", "approve", "join"),
    _S.APPROVED: ("draft_terms", "agree", "agree", "agree"),
    _S.AGREED: ("start", "start", "start", "cancel"),
    _S.IN_DELIVERY: ("plan",),
    _S.SUSPENDED: ("resume",),
    _S.DELIVERED: ("evaluate",),
    _S.EVALUATED: ("close",),
}
"""What is said next to a match that goes its way."""
NEXT_OF_DELIVERY: Mapping[DeliveryState, Sequence[str]] = {
    _D.PLANNED: ("begin",),
    _D.RUNNING: ("report",),
    _D.REPORTED: ("confirm", "confirm", "confirm_less", "dispute"),
    _D.DISPUTED: ("report",),
}
WHO = {
    **dict.fromkeys(("consent", "confirm", "confirm_less", "dispute"), "state"),
    **dict.fromkeys(("accept", "draft_terms", "start", "plan", "begin", "report"), "partner"),
    **dict.fromkeys(("approve", "join", "resume"), "approver"),
    **dict.fromkeys(("agree", "cancel", "evaluate"), "side"),
    "close": "coordinator",
}
"""Whose word a step is."""


@dataclass
class Crowd:
    """What is said by whom follows from a seed; who is first, from the database alone."""

    world: World
    dice: random.Random
    now: datetime = BEGIN
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    async def run(self, commands: int, *, clients: int) -> None:
        left = iter(range(commands))

        async def client() -> None:
            for _ in left:
                await self.one()

        await asyncio.gather(*(client() for _ in range(clients)))

    async def one(self) -> None:
        self.now += timedelta(minutes=7)
        verb, act = await self.chosen()
        try:
            await act()
        except DomainError:
            self.refused[verb] += 1
        except IntegrityError as error:
            if refused_by(error):
                self.refused[verb] += 1
            else:
                self.failed.append(f"{verb}: {error!r}")
        except Exception as error:
            self.failed.append(f"{verb}: {error!r} {error.__cause__!r}")
        else:
            self.done[verb] += 1

    async def chosen(self) -> tuple[str, Act]:
        """Half the time a match is begun or goes its way; else anything by anybody."""
        throw = self.dice.random()
        if throw < 0.04:
            return self.upset()
        live = await Match.filter(state__in=sorted(NEXT)).order_by("-proposed_at").limit(30)
        if throw < 0.16 or not live:
            return "propose", self.propose
        match = self.dice.choice(live)
        ongoing = await Delivery.filter(
            match_id=match.id, state__in=sorted(NEXT_OF_DELIVERY)
        ).order_by("id")
        subject: Match | Delivery = match
        verbs: Sequence[str] = NEXT[match.state]
        if ongoing and self.dice.random() < 0.8:
            subject = self.dice.choice(ongoing)
            verbs = NEXT_OF_DELIVERY[subject.state]
        if self.dice.random() < 0.25:
            verbs = sorted(MATCH_MOVES if isinstance(subject, Match) else DELIVERY_MOVES)
        verb, now = self.dice.choice(verbs), self.now
        actor = self.somebody(verb, match)
        return verb, lambda: say(verb, subject, actor, now)

    def somebody(self, verb: str, match: Match) -> Actor:
        """Mostly one whose word it is, else somebody with a part in it, at times anybody."""
        world, states = self.world, self.world.states_of(match)
        partner, throw = world.partner_in(match), self.dice.random()
        parts: dict[str, Sequence[Actor]] = {
            "state": states,
            "partner": [partner],
            "approver": [world.approver],
            "coordinator": [world.coordinator],
            "side": [*states, partner],
        }
        if throw < 0.7 and verb in WHO:
            return self.dice.choice(parts[WHO[verb]])
        if throw < 0.9:
            return self.dice.choice([each for part in parts.values() for each in part])
        return self.dice.choice(world.everyone)

    async def propose(self) -> None:
        dice = self.dice
        request, offer = dice.choice(self.world.requests), dice.choice(self.world.offers)
        item, quantity, days = dice.randrange(2), dice.choice((1, 1, 2, 3)), dice.randrange(3)
        now = self.now
        first, last = period(now, days)
        await matches.propose(
            request,
            offer,
            lines=[await line_between(request, offer, item, quantity)],
            starts_on=first,
            ends_on=last,
            data_shared=("description",),
            no_conflict=True,
            actor=self.world.coordinator,
            now=now,
        )

    def upset(self) -> tuple[str, Act]:
        """What reaches many matches at once."""
        return self.dice.choice(
            [
                ("suspend request", self.suspend_request),
                ("resume request", self.resume_request),
                ("resume request", self.resume_request),
                ("withdraw request", self.withdraw_request),
                ("change request", self.change_request),
                ("change request", self.change_request),
                ("change offer", self.change_offer),
                ("publish offer", self.publish_offer),
                ("publish offer", self.publish_offer),
                ("withdraw offer", self.withdraw_offer),
                ("suspend provider", self.suspend_provider),
                ("reinstate provider", self.reinstate_provider),
                ("reinstate provider", self.reinstate_provider),
                ("time", self.time),
            ]
        )

    async def _request(self) -> tuple[Request, Actor]:
        chosen = await Request.get(id=self.dice.choice(self.world.requests).id)
        return chosen, self.world.states[chosen.lead_state_id]

    async def suspend_request(self) -> None:
        request, actor = await self._request()
        await matches.suspend_request(request, actor=actor, now=self.now)

    async def resume_request(self) -> None:
        request, actor = await self._request()
        await matches.resume_request(request, actor=actor, now=self.now)

    async def withdraw_request(self) -> None:
        request, actor = await self._request()
        await matches.withdraw_request(request, actor=actor, now=self.now)

    async def change_request(self) -> None:
        request, actor = await self._request()
        values = await requests.values_of(request)
        last = values.ends_on or self.now.date()
        await matches.change_request(
            request,
            replace(values, ends_on=last + timedelta(days=1)),
            version=request.version,
            actor=actor,
            now=self.now,
        )

    async def _offer(self) -> tuple[Offer, Actor]:
        chosen = await Offer.get(id=self.dice.choice(self.world.offers).id)
        return chosen, self.world.partner_of(chosen)

    async def change_offer(self) -> None:
        offer, actor = await self._offer()
        values = await offers.values_of(offer)
        last = values.ends_on or self.now.date()
        await matches.change_offer(
            offer,
            replace(values, ends_on=last + timedelta(days=1)),
            version=offer.version,
            actor=actor,
            now=self.now,
        )

    async def publish_offer(self) -> None:
        for offer in await Offer.filter(state=OfferState.SUBMITTED).order_by("id").limit(1):
            await publish(offer, actor=self.world.coordinator, now=self.now)

    async def withdraw_offer(self) -> None:
        offer, actor = await self._offer()
        await matches.withdraw_offer(offer, note="", actor=actor, now=self.now)

    async def suspend_provider(self) -> None:
        place = self.dice.choice(self.world.places)
        async with transaction():
            locked = await lock(place.id)
            officer, now = self.world.officer, self.now
            await organizations.mark_suspended(locked, reason="Seen.", actor=officer, now=now)
            await matches.provider_suspended(place.id, actor=officer, now=now)

    async def reinstate_provider(self) -> None:
        place = self.dice.choice(self.world.places)
        async with transaction():
            officer, now = self.world.officer, self.now
            await organizations.reinstate(place, reason="Seen.", actor=officer, now=now)
            await matches.provider_reinstated(place.id, actor=officer, now=now)

    async def time(self) -> None:
        await match_clocks.run(self.now)
