"""A form that is sent twice, one after the other or at once, is carried out once."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from concord.actor import Actor
from concord.audit import AuditEntry
from concord.matches.models import Match
from tests.conftest import NOW, Clock
from tests.deliveries.typed import TERMS, plan_of, report_of
from tests.factories import deliveries as at
from tests.factories import matches as make
from tests.factories import offers, requests
from tests.factories.matches import Cast
from tests.matches.conftest import Browse

Typed = Mapping[str, object]
Prepared = tuple[str, int, Actor, Typed]
"""The address, the version of what it is about, who sends, and what is typed."""


LATE = (at.agreed_match, at.match_in_delivery)
"""Stages whose next step is taken on the days of the work."""


@dataclass(frozen=True)
class Command:
    name: str
    prepare: Callable[[Cast], Awaitable[Prepared]]
    now: datetime = NOW


def of_match(
    step: str, stage: Callable[[Cast], Awaitable[Match]], who: str, **typed: object
) -> Command:
    async def prepare(players: Cast) -> Prepared:
        match = await make.fresh(await stage(players))
        actor: Actor = getattr(players, who)
        return f"/matches/{match.public_id}/{step}", match.version, actor, typed

    return Command(step, prepare, at.OVER if stage in LATE else NOW)


async def _plan(players: Cast) -> Prepared:
    match = await at.match_in_delivery(players)
    typed = await plan_of(match)
    return f"/matches/{match.public_id}/deliveries", match.version, players.partner, typed


async def _report(players: Cast) -> Prepared:
    delivery = await at.running_delivery(players, await at.match_in_delivery(players))
    typed = await report_of(delivery)
    address = f"/deliveries/{delivery.public_id}/report"
    return address, delivery.version, players.partner, typed


async def _dispute(players: Cast) -> Prepared:
    delivery = await at.reported_delivery(players, await at.match_in_delivery(players))
    typed = {"reason": "delivery_disputed.fewer"}
    address = f"/deliveries/{delivery.public_id}/dispute"
    return address, delivery.version, players.focal_point, typed


async def _agree(players: Cast) -> Prepared:
    match, terms = await at.drafted(players)
    address = f"/matches/{match.public_id}/terms/agreement"
    return address, match.version, players.focal_point, {"digest": terms.sha256}


async def _withdraw_request(players: Cast) -> Prepared:
    made = await requests.open_request()
    return f"/requests/{made.public_id}/withdrawal", made.version, players.focal_point, {}


async def _suspend_request(players: Cast) -> Prepared:
    made = await requests.open_request()
    return f"/requests/{made.public_id}/suspension", made.version, players.focal_point, {}


async def _publish(players: Cast) -> Prepared:
    made = await offers.submitted(players.provider)
    return f"/offers/{made.public_id}/publication", made.version, players.coordinator, {}


async def _withdraw_offer(players: Cast) -> Prepared:
    made = await offers.published(players.provider)
    return f"/offers/{made.public_id}/withdrawal", made.version, players.partner, {}


TIMING, SECURITY = "declined_by_state.timing", "cancelled.security"
COMMANDS = [
    of_match("consent", make.proposed, "focal_point", data_shared="outcome"),
    of_match("decline", make.proposed, "focal_point", reason=TIMING),
    of_match("undo", make.proposed, "coordinator"),
    of_match("consent-withdrawal", make.consented, "focal_point"),
    of_match("acceptance", make.consented, "partner", no_conflict="yes"),
    of_match("refusal", make.consented, "partner", reason="declined_by_partner.timing"),
    of_match("approval", make.accepted, "approver"),
    of_match("rejection", make.accepted, "approver", reason="rejected_by_approver.risk"),
    of_match("cancellation", make.approved, "focal_point", reason=SECURITY),
    of_match("suspension", make.approved, "partner"),
    of_match("terms/draft", make.approved, "partner", **TERMS),
    of_match("start", at.agreed_match, "partner", starts_on="2027-03-01"),
    of_match("sharing-end", at.match_in_delivery, "focal_point"),
    Command("terms/agreement", _agree),
    Command("deliveries", _plan, at.OVER),
    Command("report", _report, at.OVER),
    Command("dispute", _dispute, at.OVER),
    Command("withdrawal of a request", _withdraw_request),
    Command("suspension of a request", _suspend_request),
    Command("publication of an offer", _publish),
    Command("withdrawal of an offer", _withdraw_offer),
]


@pytest.mark.parametrize("at_once", [False, True], ids=["one after the other", "at once"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_it_is_carried_out_once(
    command: Command, at_once: bool, browse: Browse, clock: Clock
) -> None:
    address, version, actor, typed = await command.prepare(await make.cast())
    clock.now = command.now
    browser, before = await browse(actor), await actions_taken()
    data = {"version": str(version), "idempotency_key": "the same", **typed}
    sent = [browser.post(address, data=data) for _ in range(2)]

    answers = await asyncio.gather(*sent) if at_once else [await each for each in sent]

    found = {(each.status_code, each.headers.get("location")) for each in answers}
    assert len(found) == 1, found
    assert found.pop()[0] == 303, problems_in(answers[0].text)
    taken = await actions_taken() - before
    assert taken
    assert set(taken.values()) == {1}, taken


def problems_in(page: str) -> list[str]:
    return re.findall(r'href="#[^"]+">([^<]+)', page)


async def actions_taken() -> Counter[tuple[str, object]]:
    """What the trail says was done to what, and how often."""
    entries = await AuditEntry.all()
    return Counter((entry.action, entry.subject_id) for entry in entries)


def test_every_command_comes_through_the_door_that_knows_its_key(app: Starlette) -> None:
    commands = [
        route
        for route in app.routes
        if isinstance(route, Route) and "POST" in (route.methods or ())
    ]
    assert len(commands) > 100
    doors = {(each.endpoint.__module__, each.endpoint.__qualname__) for each in commands}
    assert doors == {
        ("concord.web.routing", "page.<locals>.endpoint"),
        ("concord.accounts.routes.browser", "throttled.<locals>.endpoint"),  # around the first
    }
