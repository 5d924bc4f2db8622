"""Offers from draft to their end, said anything by anybody at any time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from concord.actor import Actor
from concord.matches import actions as matches
from concord.offers import actions, queries
from concord.offers.models import Offer
from concord.offers.states import MACHINE, OfferState
from tests.factories.offers import draft
from tests.machines.invariants import check, check_trail
from tests.machines.playing import ONWARD, Step, is_done, nth, play, played, steps_of
from tests.machines.ruled import Table, head_of_trail
from tests.machines.time import pass_time
from tests.machines.world import BEGIN, World, settled

_S = OfferState
Move = Callable[[Offer, Actor, datetime], Awaitable[object]]


async def _change(offer: Offer, actor: Actor, now: datetime) -> None:
    values = await queries.values_of(offer)
    later = (values.ends_on or now.date()) + timedelta(days=1)
    await matches.change_offer(
        offer, replace(values, ends_on=later), version=offer.version, actor=actor, now=now
    )


MOVES: Mapping[str, Move] = {
    "submit": lambda offer, actor, now: actions.submit(offer, actor=actor, now=now),
    "publish": lambda offer, actor, now: actions.publish(offer, actor=actor, now=now),
    "return": lambda offer, actor, now: actions.return_(
        offer, reasons=("offer_returned.incomplete",), actor=actor, now=now
    ),
    "change_scope": _change,
    "reconfirm": lambda offer, actor, now: actions.reconfirm(offer, actor=actor, now=now),
    "withdraw": lambda offer, actor, now: matches.withdraw_offer(
        offer, note="", actor=actor, now=now
    ),
}
FORWARD: Mapping[OfferState, Sequence[str]] = {
    _S.DRAFT: ("submit",),
    _S.RETURNED: ("submit",),
    _S.SUBMITTED: ("publish", "publish", "return"),
    _S.PUBLISHED: ("change_scope", "reconfirm", "a year", "time"),
    _S.EXPIRED: ("reconfirm",),
}


class Offers:
    """Three offers of two providers."""

    world: World
    now: datetime

    async def begin(self) -> None:
        self.now = BEGIN
        self.world = await settled()
        for place in (*self.world.places, self.world.places[0]):
            made = await draft(place, ends_on=BEGIN.date() + timedelta(days=9999))
            self.world.offers.append(made)

    async def take(self, step: Step) -> None:
        verb, who, which, wait = step
        self.now += wait
        offer = await Offer.get(id=nth(self.world.offers, which).id)
        actor = nth(self.world.everyone, who)
        if verb == ONWARD:
            verb = nth(FORWARD.get(offer.state, ("time",)), who)
            officer = verb in {"publish", "return"}
            actor = self.world.coordinator if officer else self.world.partner_of(offer)
        if verb == "a year":
            self.now += timedelta(days=366)
        table = Table(MACHINE, "offer")
        before, head = await table.states(), await head_of_trail()
        if verb not in MOVES:
            await pass_time(self.now)
        elif not await is_done("offer", lambda: MOVES[verb](offer, actor, self.now)):
            assert (await table.states(), await head_of_trail()) == (before, head)
            return
        after = await table.states()
        if verb in MOVES:
            assert await head_of_trail() > head
            table.check_said(verb, actor, offer.id, before[offer.id], after[offer.id])
        table.check_moved(before, after)

    async def look(self) -> None:
        await check()

    async def end(self) -> None:
        await check_trail()


@play
@given(steps=steps_of([*MOVES, "time"]))
@pytest.mark.usefixtures("database")
async def test_offers(steps: list[Step], emptying: str) -> None:
    await played(Offers(), steps, empty=emptying)
