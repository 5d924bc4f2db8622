"""Sessions begun, used, moved and ended at any time: who is in is who should be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from concord.accounts.actions.browsers import (
    begin,
    end_other_sessions,
    end_session,
    sign_out,
    take_seat,
)
from concord.accounts.lifetimes import ABSOLUTE, IDLE
from concord.accounts.models import Membership, Person
from concord.accounts.sessions import TOUCH_EVERY, visitor_of
from concord.actor import Actor, Role
from concord.web.visitor import Visitor
from tests.conftest import NOW
from tests.factories import people
from tests.machines.playing import ONWARD, Step, is_done, nth, play, played, steps_of

VERBS = ("sign in", "look", "take seat", "sign out", "end", "end others")
WAITS = (timedelta(), timedelta(seconds=61), timedelta(minutes=20), timedelta(minutes=31))


@dataclass(eq=False)
class Known:
    """A session as it should be."""

    seat: Membership
    token: str
    begun: datetime
    seen: datetime
    ended: bool = False

    def is_in(self, now: datetime) -> bool:
        return not self.ended and now < self.begun + ABSOLUTE and now - IDLE < self.seen


class Sessions:
    """Two people with two seats each, and every token there ever was."""

    now: datetime
    seats: list[Membership]
    known: list[Known]
    spent: list[str]

    async def begin(self) -> None:
        self.now, self.known, self.spent, self.seats = NOW, [], [], []
        for _ in range(2):
            first = await people.member(Role.COORDINATOR)
            second = await Membership.create(
                person_id=first.person_id,
                organization_id=first.organization_id,
                role=Role.AUDITOR,
                states=[],
                accreditation="accredited",
            )
            self.seats += [first, second]

    async def take(self, step: Step) -> None:
        verb, who, which, wait = step
        self.now += nth(WAITS, int(wait.total_seconds()) % 7)
        alive = [each for each in self.known if each.is_in(self.now)]
        if verb == "sign in" or not alive:
            await self.sign_in(nth(self.seats, who))
        elif verb in {ONWARD, "look"}:
            await self.visit(nth(self.known, which))
        else:
            await self.command(verb, nth(alive, which), nth(self.known, who), who)

    async def sign_in(self, seat: Membership) -> None:
        person = await Person.get(id=seat.person_id)
        tokens = await begin(person, seat, device="Browser", now=self.now)
        self.known.append(Known(seat, tokens.cookie, self.now, self.now))

    async def visit(self, known: Known) -> Visitor:
        """In while it should be; what is seen keeps it alive."""
        visitor = await visitor_of(known.token, self.now)
        assert visitor.actor.is_signed_in == known.is_in(self.now)
        if visitor.actor.is_signed_in:
            assert visitor.actor.membership_id == known.seat.id
            if self.now - known.seen > TOUCH_EVERY:
                known.seen = self.now
        return visitor

    async def command(self, verb: str, mine: Known, other: Known, who: int) -> None:
        visitor = await self.visit(mine)
        actor, session_id = visitor.actor, visitor.session_id
        assert session_id is not None
        if verb == "take seat":
            await self.take_seat(mine, nth(self.seats, who), actor, visitor)
        elif verb == "sign out":
            mine.ended = await is_done(
                "session", lambda: sign_out(session_id, actor=actor, now=self.now)
            )
        elif verb == "end others":
            assert await is_done(
                "session", lambda: end_other_sessions(session_id, actor=actor, now=self.now)
            )
            for each in self.known:
                mine_too = each.seat.person_id == mine.seat.person_id
                each.ended = each.ended or (mine_too and each is not mine)
        elif other.is_in(self.now):
            theirs = (await self.visit(other)).session_id
            assert theirs is not None
            done = await is_done("session", lambda: end_session(theirs, actor=actor, now=self.now))
            assert done == (other.seat.person_id == mine.seat.person_id)
            other.ended = other.ended or done

    async def take_seat(
        self, mine: Known, seat: Membership, actor: Actor, visitor: Visitor
    ) -> None:
        """The token changes; the one before is worth nothing at once."""
        tokens = []

        async def move() -> None:
            assert visitor.session_id is not None
            tokens.append(
                await take_seat(seat.id, session_id=visitor.session_id, actor=actor, now=self.now)
            )

        done = await is_done("session", move)
        assert done == (seat.person_id == mine.seat.person_id)
        if done:
            self.spent.append(mine.token)
            mine.token, mine.seat = tokens[0].cookie, seat

    async def look(self) -> None:
        for token in self.spent:
            assert not (await visitor_of(token, self.now)).actor.is_signed_in
        for each in self.known:
            if not each.is_in(self.now):
                assert not (await visitor_of(each.token, self.now)).actor.is_signed_in

    async def end(self) -> None:
        self.now += ABSOLUTE
        await self.look()


@play
@given(steps=steps_of(VERBS))
@pytest.mark.usefixtures("database")
async def test_sessions(steps: list[Step], emptying: str) -> None:
    await played(Sessions(), steps, empty=emptying)
