"""The pages from the approved match to its lesson, each by the person whose step it is."""

from typing import Any

from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, Match, Terms
from concord.matches.states import MatchState
from concord.requests.models import Request
from concord.requests.states import RequestState
from tests.conftest import Client
from tests.deliveries.conftest import Browse
from tests.deliveries.typed import REPORT, TERMS, plan_of, rated, report_of
from tests.factories.matches import Cast, approved, cast, fresh

KEYS = iter(range(10_000))


async def post(browser: Client, address: str, version: int, **typed: Any) -> Any:
    key = f"key-{next(KEYS)}"
    return await browser.post(
        address, data={"version": str(version), "idempotency_key": key, **typed}
    )


async def taken(answer: Any) -> str:
    """Where a command that was taken leads to."""
    assert answer.status_code == 303, answer.text
    location: str = answer.headers["location"]
    return location


async def agreed(browse: Browse, players: Cast, match: Match) -> Match:
    """Written by the provider, agreed to by both."""
    here = f"/matches/{match.public_id}/terms"
    partner, state = await browse(players.partner), await browse(players.focal_point)
    assert "Nothing is written yet" in (await partner.get(here)).text
    form = await partner.get(f"{here}/draft")
    assert 'name="purpose"' in form.text
    await taken(await post(partner, f"{here}/draft", match.version, **TERMS))
    terms = await Terms.get(match_id=match.id, superseded_at=None)
    for browser in (partner, state):
        page = await browser.get(here)
        assert terms.sha256 in page.text
        assert "They create no treaty obligation" in page.text
        version = (await fresh(match)).version
        await taken(await post(browser, f"{here}/agreement", version, digest=terms.sha256))
    return await fresh(match)


async def test_from_terms_to_lesson(browse: Browse, clock: Any) -> None:
    players = await cast()
    match = await agreed(browse, players, await approved(players))
    assert match.state is MatchState.AGREED
    here = f"/matches/{match.public_id}"
    partner, state = await browse(players.partner), await browse(players.focal_point)
    assert "Begin the work" in (await partner.get(here)).text
    await taken(await post(partner, f"{here}/start", match.version))
    match = await fresh(match)
    assert "10 of 10" in (await partner.get(f"{here}/deliveries/new")).text
    planned = await plan_of(match)
    there = await taken(await post(partner, f"{here}/deliveries", match.version, **planned))
    delivery = await Delivery.get(match_id=match.id)
    assert there == f"/deliveries/{delivery.public_id}"
    assert "First course" in (await state.get(there)).text
    await taken(await post(partner, f"{there}/beginning", delivery.version))
    clock.forward(days=60)
    partner, state = await browse(players.partner), await browse(players.focal_point)
    delivery = await Delivery.get(id=delivery.id)
    sent = await post(partner, f"{there}/report", delivery.version, **await report_of(delivery))
    await taken(sent)
    page = await state.get(there)
    for text in (REPORT["text"], "Prosecution Service", "A curriculum", "Confirm"):
        assert text in page.text
    delivery = await Delivery.get(id=delivery.id)
    confirmed = {name: value for name, value in planned.items() if name.startswith("line-")}
    await taken(await post(state, f"{there}/confirmation", delivery.version, **confirmed))
    delivery, match = await Delivery.get(id=delivery.id), await fresh(match)
    assert (delivery.state, match.state) == (DeliveryState.CONFIRMED, MatchState.DELIVERED)
    request = await Request.get(id=match.request_id)
    assert request.state is RequestState.PARTIALLY_MET
    for browser, side in ((partner, "provider"), (state, "state")):
        assert "Evaluate" in (await browser.get(here)).text
        version = (await fresh(match)).version
        await taken(await post(browser, f"{here}/evaluation", version, **rated(side)))
    match = await fresh(match)
    assert match.state is MatchState.EVALUATED
    coordinator = await browse(players.coordinator)
    assert "What it says" in (await coordinator.get(f"{here}/closing")).text
    await taken(await post(coordinator, f"{here}/closing", match.version))
    page = await state.get(f"{here}/lesson")
    assert "the default is no" in page.text
    assert (await partner.get(f"{here}/lesson")).status_code == 404
    answer = await post(state, f"{here}/lesson", 1, publish="no", text="Our own words.")
    await taken(answer)
    assert (await fresh(match)).state is MatchState.CLOSED
