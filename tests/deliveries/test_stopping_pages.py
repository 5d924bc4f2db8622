"""Pages on which a match or request stops after the agreement: what stays, what goes back."""

from typing import Any

import pytest

from concord.actor import Actor
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, Match
from concord.matches.states import MatchState
from concord.requests.models import Request
from concord.requests.states import RequestState
from tests.conftest import Client, Clock
from tests.deliveries.conftest import Browse
from tests.factories.deliveries import (
    OVER,
    confirmed_delivery,
    line_of,
    match_in_delivery,
    planned_delivery,
    reported_delivery,
)
from tests.factories.matches import Cast, cast, fresh

REASON = "cancelled.need_changed"


@pytest.fixture(autouse=True)
def afterwards(clock: Clock) -> None:
    """The work is over."""
    clock.now = OVER


async def post(browser: Client, address: str, version: int, key: str, **typed: Any) -> Any:
    data = {"version": str(version), "idempotency_key": key, **typed}
    return await browser.post(address, data=data)


async def half_delivered(players: Cast) -> Match:
    """Three of ten are confirmed; four more are reported."""
    match = await match_in_delivery(players)
    await reported_delivery(players, match, quantity=4)
    await confirmed_delivery(players, match, quantity=3)
    return await fresh(match)


async def waiting(match: Match) -> Delivery:
    return await Delivery.get(match_id=match.id, state=DeliveryState.REPORTED)


async def test_a_cancellation_asks_for_what_was_reported_first(browse: Browse) -> None:
    players = await cast()
    match = await half_delivered(players)
    delivery, line = await waiting(match), await line_of(match)
    here = f"/matches/{match.public_id}/cancellation"
    browser = await browse(players.focal_point)
    page = await browser.get(here)
    assert "Delivered, stays" in page.text
    assert ">3 training places<" in page.text
    assert ">7 training places<" in page.text
    refused = await post(browser, here, match.version, "1", reason=REASON, note="KEEPME")
    assert refused.status_code == 422
    assert "Say what was delivered of this" in refused.text
    assert "KEEPME" in refused.text
    typed = {
        "reason": REASON,
        f"delivery-{delivery.public_id}": "yes",
        f"quantity-{delivery.public_id}-{line.id}": "2",
    }
    taken = await post(browser, here, match.version, "2", **typed)
    assert taken.status_code == 303, taken.text
    assert (await fresh(match)).state is MatchState.CANCELLED
    assert (await line_of(match)).delivered_item == 5


async def test_a_provider_takes_its_report_back(browse: Browse) -> None:
    players = await cast()
    match = await half_delivered(players)
    delivery = await waiting(match)
    here = f"/matches/{match.public_id}/cancellation"
    browser = await browse(players.partner)
    assert "Take it back" in (await browser.get(here)).text
    name = f"delivery-{delivery.public_id}"
    reason = "cancelled.provider_unable"
    claimed = await post(browser, here, match.version, "1", reason=reason, **{name: "yes"})
    assert claimed.status_code == 422
    taken = await post(browser, here, match.version, "2", reason=reason, **{name: "no"})
    assert taken.status_code == 303, taken.text
    assert (await line_of(match)).delivered_item == 3


async def test_a_withdrawal_lists_agreed_matches_one_by_one(browse: Browse) -> None:
    players = await cast()
    match = await half_delivered(players)
    delivery, line = await waiting(match), await line_of(match)
    request = await Request.get(id=match.request_id)
    here = f"/requests/{request.public_id}/withdrawal"
    browser = await browse(players.focal_point)
    page = await browser.get(here)
    for text in ("Already agreed", match.public_id, delivery.public_id, ">3 training places<"):
        assert text in page.text
    refused = await post(browser, here, request.version, "1", note="KEEPME")
    assert (refused.status_code, "KEEPME" in refused.text) == (422, True)
    typed = {
        f"delivery-{delivery.public_id}": "yes",
        f"quantity-{delivery.public_id}-{line.id}": "4",
    }
    taken = await post(browser, here, request.version, "2", **typed)
    assert taken.status_code == 303, taken.text
    request = await Request.get(id=request.id)
    assert (request.state, (await line_of(match)).delivered_item) == (RequestState.WITHDRAWN, 7)


async def test_a_suspension_says_what_stays_reserved(browse: Browse) -> None:
    players = await cast()
    match = await match_in_delivery(players)
    await planned_delivery(players, match)
    here = f"/matches/{match.public_id}/suspension"
    browser = await browse(players.partner)
    assert "Stays reserved" in (await browser.get(here)).text
    assert (await post(browser, here, match.version, "1", note="")).status_code == 303
    assert (await fresh(match)).state is MatchState.SUSPENDED
    page = await browser.get(f"/matches/{match.public_id}")
    assert "the provider, which suspended it" in page.text


async def test_sharing_stops_and_the_work_goes_on(browse: Browse) -> None:
    players = await cast()
    match = await match_in_delivery(players)
    here = f"/matches/{match.public_id}/sharing-end"
    state, partner = await browse(players.focal_point), await browse(players.partner)
    assert "Training of prosecutors" in (await partner.get(f"/matches/{match.public_id}")).text
    assert (await post(state, here, match.version, "1", note="")).status_code == 303
    match = await fresh(match)
    assert match.state is MatchState.IN_DELIVERY
    page = await partner.get(f"/matches/{match.public_id}")
    assert "Training of prosecutors" not in page.text
    assert "The request is not shown" in page.text


@pytest.mark.parametrize("hostile", ["", "maybe", "yes\u202e", "<b>yes</b>"])
async def test_hostile_answers_change_nothing(browse: Browse, hostile: str) -> None:
    players = await cast()
    match = await half_delivered(players)
    delivery = await waiting(match)
    name = f"delivery-{delivery.public_id}"
    for actor in (players.focal_point, players.partner):
        assert isinstance(actor, Actor)
        browser = await browse(actor)
        answer = await post(
            browser,
            f"/matches/{match.public_id}/cancellation",
            match.version,
            f"hostile-{actor.role}",
            reason=REASON,
            **{name: hostile},
        )
        assert answer.status_code == 422
    assert (await fresh(match)).state is MatchState.IN_DELIVERY
