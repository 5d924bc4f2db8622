"""Matches, their deliveries and what is around them, said anything by anybody at any time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given

from concord.actor import Actor
from concord.matches import actions as matches
from concord.matches.delivery_states import MACHINE as DELIVERY
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, Match
from concord.matches.states import MACHINE as MATCH
from concord.matches.states import MatchState
from concord.requests import queries as requests
from concord.requests.models import Request
from tests.machines.invariants import check, check_trail
from tests.machines.moves import DELIVERY_MOVES, MATCH_MOVES, VERBS, say, undone
from tests.machines.playing import ONWARD, Step, is_done, nth, play, played, steps_of
from tests.machines.ruled import Table, head_of_trail
from tests.machines.time import pass_time
from tests.machines.world import (
    BEGIN,
    TOPICS,
    World,
    ask,
    give,
    line_between,
    period,
    settled,
    wanted,
)

_S, _D = MatchState, DeliveryState
TABLES: Mapping[str, Table[Any]] = {
    "match": Table(MATCH, "match"),
    "delivery": Table(DELIVERY, "delivery"),
}
OF_DELIVERY = "delivery: "
AROUND = ("propose", "time", "withdraw request", "suspend request", "resume request", "change")
FORWARD: Mapping[MatchState, Sequence[str]] = {
    _S.PROPOSED: ("consent",),
    _S.STATE_CONSENTED: ("accept",),
    _S.PARTNER_ACCEPTED: ("approve", "join"),
    _S.APPROVED: ("agree", "agree", "draft_terms"),
    _S.AGREED: ("start",),
    _S.IN_DELIVERY: ("plan",),
    _S.SUSPENDED: ("resume",),
    _S.DELIVERED: ("evaluate",),
    _S.EVALUATED: ("close",),
}
DELIVERED: Mapping[DeliveryState, Sequence[str]] = {
    _D.PLANNED: ("begin",),
    _D.RUNNING: ("report",),
    _D.REPORTED: ("confirm", "confirm_less", "dispute"),
    _D.DISPUTED: ("report", "decide"),
}
STATE = {"consent", "confirm", "confirm_less", "dispute", "decline_by_state", "withdraw_consent"}
UNODC = {"approve", "join", "decide", "refuse", "reject", "end_suspension"}
VERBS_SAID = [*AROUND, *MATCH_MOVES, *(f"{OF_DELIVERY}{verb}" for verb in DELIVERY_MOVES)]


class Life:
    """Two requests that want the same and one of two States, two providers with too little."""

    world: World
    now: datetime

    async def begin(self) -> None:
        self.now = BEGIN
        self.world = await settled()
        same = [wanted(topic, "prosecution", 4) for topic in TOPICS]
        for _ in range(2):
            await ask(self.world, *same)
        await ask(self.world, wanted(TOPICS[0], "police", 6), co_states=("QNN",))
        for place in self.world.places:
            await give(self.world, place, capacity=6)
        await self.advance()

    async def advance(self) -> None:
        """One match is in delivery already, so that the steps reach far."""
        await self.propose(2, 3)
        match = await Match.get()
        provider, states = self.world.partner_in(match), self.world.states_of(match)
        for verb, actor in (
            ("consent", states[0]),
            ("accept", provider),
            ("approve", self.world.approver),
            ("draft_terms", provider),
            ("agree", provider),
            ("agree", states[0]),
            ("start", provider),
            ("plan", provider),
        ):
            await say(verb, match, actor, self.now)

    async def take(self, step: Step) -> None:
        verb, who, which, wait = step
        self.now += wait
        live = await Match.exclude(state__in=sorted(MATCH.terminal)).order_by("created_at")
        if verb in AROUND or not live:
            await self.around(verb, who, which)
            return
        subject: Match | Delivery = nth(live, which)
        ongoing = await Delivery.filter(match_id=subject.id).order_by("created_at")
        if verb == ONWARD:
            subject = nth(live, which % 3)
            ongoing = await Delivery.filter(match_id=subject.id).order_by("created_at")
            verb, subject, actor = self.onward(subject, ongoing, who)
        else:
            actor = nth(self.world.everyone, who)
            if verb.startswith(OF_DELIVERY):
                if not ongoing:
                    return
                verb, subject = verb.removeprefix(OF_DELIVERY), nth(ongoing, who)
        await self.said(verb, subject, actor)

    def onward(
        self, match: Match, deliveries: Sequence[Delivery], who: int
    ) -> tuple[str, Match | Delivery, Actor]:
        """What comes next, by one whose word it may be."""
        world = self.world
        ongoing = [each for each in deliveries if each.state in DELIVERED]
        subject: Match | Delivery = match
        verb = nth(FORWARD[match.state], who)
        if ongoing and who % 4:
            subject = nth(ongoing, who)
            verb = nth(DELIVERED[subject.state], who)
        sides = [*world.states_of(match), world.partner_in(match)]
        if verb in STATE:
            return verb, subject, nth(world.states_of(match), who)
        if verb in UNODC:
            return verb, subject, world.approver
        if verb == "close":
            return verb, subject, world.coordinator
        if verb in {"agree", "evaluate", "resume"}:
            return verb, subject, nth([*sides, world.approver], who)
        return verb, subject, world.partner_in(match)

    async def said(self, verb: str, subject: Match | Delivery, actor: Actor) -> None:
        kind = "match" if isinstance(subject, Match) else "delivery"
        before, head = await self.snapshot(), await head_of_trail()
        done = await is_done(kind, lambda: say(verb, subject, actor, self.now))
        after = await self.snapshot()
        if not done:
            assert (after, await head_of_trail()) == (before, head)
            return
        said = "cancel" if verb == "undo" else VERBS.get(verb, verb)
        assert await head_of_trail() > head
        if said == "plan":
            assert len(after["delivery"]) == len(before["delivery"]) + 1
        elif not (said == "withdraw_consent" and before[kind][subject.id] in STOPS_SHARING):
            was, state = before[kind][subject.id], after[kind][subject.id]
            if not (said == "resume" and state == _S.DELIVERED):
                TABLES[kind].check_said(said, actor, subject.id, was, state)
        self.check_moved(before, after)

    async def around(self, verb: str, who: int, which: int) -> None:
        """What people do beside the matches themselves, and what time does."""
        before = await self.snapshot()
        acts: Mapping[str, Callable[[Request, Actor], Awaitable[object]]] = {
            "withdraw request": self.withdraw,
            "suspend request": self.suspend,
            "resume request": self.resume,
            "change": self.change,
        }
        if verb == "time":
            await pass_time(self.now)
        elif verb in acts:
            request = await Request.get(id=nth(self.world.requests, which).id)
            actor = nth([*self.world.states.values(), self.world.coordinator], who)
            await is_done("request with matches", lambda: acts[verb](request, actor))
        else:
            await is_done("match", lambda: self.propose(who, which))
        self.check_moved(before, await self.snapshot())

    async def propose(self, who: int, which: int) -> None:
        request, offer = nth(self.world.requests, which), nth(self.world.offers, who)
        first, last = period(self.now, which % 3)
        await matches.propose(
            request,
            offer,
            lines=[await line_between(request, offer, who, 1 + which % 4)],
            starts_on=first,
            ends_on=last,
            data_shared=("description",),
            no_conflict=True,
            actor=self.world.coordinator if who else self.world.approver,
            now=self.now,
        )

    async def withdraw(self, request: Request, actor: Actor) -> None:
        decided: dict[UUID, None] = {}
        for match in await Match.filter(request_id=request.id):
            decided |= dict.fromkeys(await undone(match))
        if self.now > BEGIN + timedelta(days=10):
            await matches.withdraw_request(request, actor=actor, now=self.now, decided=decided)

    async def suspend(self, request: Request, actor: Actor) -> None:
        await matches.suspend_request(request, actor=actor, now=self.now)

    async def resume(self, request: Request, actor: Actor) -> None:
        await matches.resume_request(request, actor=actor, now=self.now)

    async def change(self, request: Request, actor: Actor) -> None:
        """Of scope: consents and acceptances fall."""
        values = await requests.values_of(request)
        later = (values.ends_on or self.now.date()) + timedelta(days=1)
        await matches.change_request(
            request,
            replace(values, ends_on=later),
            version=request.version,
            actor=actor,
            now=self.now,
        )

    async def snapshot(self) -> dict[str, dict[UUID, MatchState | DeliveryState]]:
        return {
            "match": dict(await Table(MATCH, "match").states()),
            "delivery": dict(await Table(DELIVERY, "delivery").states()),
        }

    def check_moved(
        self,
        before: dict[str, dict[UUID, MatchState | DeliveryState]],
        after: dict[str, dict[UUID, MatchState | DeliveryState]],
    ) -> None:
        for kind, table in TABLES.items():
            table.check_moved(before[kind], after[kind])

    async def look(self) -> None:
        await check()

    async def end(self) -> None:
        await check_trail()


STOPS_SHARING = {_S.AGREED, _S.IN_DELIVERY, _S.DELIVERED, _S.EVALUATED, _S.SUSPENDED}
"""Where a consent that is withdrawn only stops further sharing, or where that depends."""


@pytest.mark.slow
@play
@given(steps=steps_of(VERBS_SAID))
@pytest.mark.usefixtures("database")
async def test_matches_and_deliveries(steps: list[Step], emptying: str) -> None:
    await played(Life(), steps, empty=emptying)
