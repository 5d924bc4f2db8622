"""Requests from draft to their end, said anything by anybody at any time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from concord.actor import Actor
from concord.matches import actions as matches
from concord.requests import actions, queries
from concord.requests.models import Request
from concord.requests.states import MACHINE, Confidentiality, RequestState
from concord.requests.values import CirculatedTexts, FollowUp
from tests.factories.requests import draft
from tests.machines.invariants import check, check_trail
from tests.machines.playing import ONWARD, Step, is_done, nth, play, played, steps_of
from tests.machines.ruled import Table, head_of_trail
from tests.machines.time import pass_time
from tests.machines.world import BEGIN, World, settled

_S = RequestState
Move = Callable[[Request, Actor, datetime], Awaitable[object]]
TEXTS = CirculatedTexts("A State seeks training.", "Training is sought.")


async def _change(request: Request, actor: Actor, now: datetime) -> None:
    values = await queries.values_of(request)
    later = (values.ends_on or now.date()) + timedelta(days=1)
    await matches.change_request(
        request, replace(values, ends_on=later), version=request.version, actor=actor, now=now
    )


async def _ask_merge(request: Request, actor: Actor, now: datetime) -> None:
    other = await Request.exclude(id=request.id).order_by("created_at").first()
    assert other is not None
    await actions.ask_merge(request, other, version=request.version, actor=actor, now=now)


def _referral(agreed: bool) -> Move:
    async def move(request: Request, actor: Actor, now: datetime) -> None:
        await actions.decide_referral(
            request,
            agreed=agreed,
            body="The 24/7 contact point",
            note="",
            version=request.version,
            actor=actor,
            now=now,
        )

    return move


MOVES: Mapping[str, Move] = {
    "submit": lambda request, actor, now: actions.submit(
        request, version=request.version, actor=actor, now=now
    ),
    "confirm": lambda request, actor, now: actions.confirm_party(
        request, version=request.version, actor=actor, now=now
    ),
    "decline": lambda request, actor, now: actions.decline_party(
        request, version=request.version, actor=actor, now=now
    ),
    "review": lambda request, actor, now: actions.review(
        request, texts=TEXTS, version=request.version, actor=actor, now=now
    ),
    "return": lambda request, actor, now: actions.return_(
        request,
        reasons=("request_returned.incomplete",),
        note="",
        version=request.version,
        actor=actor,
        now=now,
    ),
    "ask_referral": lambda request, actor, now: actions.ask_referral(
        request,
        reason="request_referred.operational",
        body="The 24/7 contact point",
        note="",
        version=request.version,
        actor=actor,
        now=now,
    ),
    "refer": _referral(True),
    "refuse_referral": _referral(False),
    "agree": lambda request, actor, now: actions.agree_to_circulation(
        request, publish=False, version=request.version, actor=actor, now=now
    ),
    "object": lambda request, actor, now: actions.object_to_circulation(
        request, version=request.version, actor=actor, now=now
    ),
    "change_scope": _change,
    "close": lambda request, actor, now: actions.close(request, actor=actor, now=now),
    "follow_up": lambda request, actor, now: actions.follow_up(
        request, answer=FollowUp.YES, actor=actor, now=now
    ),
    "suspend": lambda request, actor, now: matches.suspend_request(request, actor=actor, now=now),
    "resume": lambda request, actor, now: matches.resume_request(request, actor=actor, now=now),
    "withdraw": lambda request, actor, now: matches.withdraw_request(
        request, actor=actor, now=now
    ),
    "ask_merge": _ask_merge,
    "confirm_merge": lambda request, actor, now: matches.confirm_merge(
        request, actor=actor, now=now
    ),
    "decline_merge": lambda request, actor, now: actions.decline_merge(
        request, version=request.version, actor=actor, now=now
    ),
    "drop_merge": lambda request, actor, now: actions.drop_merge(
        request, version=request.version, actor=actor, now=now
    ),
}
FORWARD: Mapping[RequestState, Sequence[str]] = {
    _S.DRAFT: ("submit",),
    _S.RETURNED: ("submit",),
    _S.SUBMITTED: ("review", "confirm", "review", "refer", "refuse_referral"),
    _S.NO_OBJECTION: ("agree", "agree", "object"),
    _S.OPEN: ("close", "ask_merge", "confirm_merge"),
    _S.CLOSED: ("follow_up",),
    _S.SUSPENDED: ("resume",),
}
UNODC = {"review", "refer", "refuse_referral", "ask_merge"}
ELSEWHERE: Mapping[str, set[tuple[RequestState, RequestState]]] = {
    "agree": {(_S.NO_OBJECTION, _S.OPEN)},  # the last State's word opens it
    "confirm_merge": {(state, _S.MERGED) for state in _S if state not in MACHINE.terminal},
}
"""Where a verb's last word lets another one follow in the same act."""


class Requests:
    """One of one State, one of two, one that is restricted, and two that ask for the same."""

    world: World
    now: datetime

    async def begin(self) -> None:
        self.now = BEGIN - timedelta(days=20)
        self.world = await settled(providers=1)
        for co_states, classed in (
            ((), Confidentiality.PARTNERS),
            ((), Confidentiality.PUBLIC),
            (("QNN",), Confidentiality.PARTNERS),
            ((), Confidentiality.RESTRICTED),
        ):
            self.world.requests.append(
                await draft("QMM", co_states=co_states, confidentiality=classed, at=self.now)
            )

    async def take(self, step: Step) -> None:
        verb, who, which, wait = step
        self.now += wait
        request = await Request.get(id=nth(self.world.requests, which).id)
        actor = nth(self.world.everyone, who)
        if verb == ONWARD:
            verb = nth(FORWARD.get(request.state, ("time",)), who)
            officer = self.world.approver if verb.startswith("ref") else self.world.coordinator
            states = [*self.world.states.values()]
            actor = officer if verb in UNODC else nth(states, who // 2)
        table = Table(MACHINE, "request")
        before, head = await table.states(), await head_of_trail()
        if verb == "time":
            await pass_time(self.now)
        elif not await is_done("request", lambda: MOVES[verb](request, actor, self.now)):
            assert (await table.states(), await head_of_trail()) == (before, head)
            return
        after = await table.states()
        if verb != "time":
            assert await head_of_trail() > head
            was, state = before[request.id], after[request.id]
            if (was, state) not in ELSEWHERE.get(verb, set()):
                table.check_said(verb, actor, request.id, was, state)
        table.check_moved(before, after)

    async def look(self) -> None:
        await check()

    async def end(self) -> None:
        await check_trail()


@pytest.mark.slow
@play
@given(steps=steps_of([*MOVES, "time"]))
@pytest.mark.usefixtures("database")
async def test_requests(steps: list[Step], emptying: str) -> None:
    await played(Requests(), steps, empty=emptying)
