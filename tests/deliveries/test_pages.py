"""Pages of deliveries: who sees them, what they say, and how many queries they take."""

from datetime import timedelta
from typing import Any

import pytest

from concord.actor import Role
from concord.deliveries import actions, clocks
from concord.matches.models import Delivery, Match
from concord.requests.states import Confidentiality
from tests.conftest import NOW, Client, Clock
from tests.counting import counted_queries
from tests.deliveries.conftest import Browse
from tests.factories import people
from tests.factories.deliveries import (
    OVER,
    agreed_match,
    evaluated_match,
    match_in_delivery,
    planned_delivery,
    reported_delivery,
)
from tests.factories.matches import Cast, approved, cast, open_request
from tests.sheets import lines_of


@pytest.fixture(autouse=True)
def afterwards(clock: Clock) -> None:
    """The work is over."""
    clock.now = OVER


LISTS = ("/deliveries", "/deliveries.ics", "/deliveries?format=csv", "/deliveries/calendar")


async def post(browser: Client, address: str, version: int, key: str, **typed: Any) -> Any:
    data = {"version": str(version), "idempotency_key": key, **typed}
    return await browser.post(address, data=data)


async def again(delivery: Delivery) -> Delivery:
    return await Delivery.get(id=delivery.id)


def page_of(delivery: Delivery) -> str:
    return f"/deliveries/{delivery.public_id}"


async def test_others_see_nothing(browse: Browse) -> None:
    """Another State, another provider, a coordinator elsewhere, an auditor: as if unused."""
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await planned_delivery(players, match)
    strangers = [
        await people.focal_point("QNN"),
        await people.partner_admin(await people.provider()),
        await people.coordinator("QNN"),
        await people.actor(await people.member(Role.AUDITOR)),
    ]
    for stranger in strangers:
        browser = await browse(stranger)
        for address in (page_of(delivery), f"{page_of(delivery)}/report"):
            hidden, unused = await browser.get(address), await browser.get("/deliveries/DLV-0-0")
            assert (hidden.status_code, unused.status_code) == (404, 404)
        lists = (
            "/deliveries",
            "/deliveries.ics",
            "/deliveries?format=csv",
            "/deliveries/calendar",
        )
        for address in lists:
            assert delivery.public_id not in (await browser.get(address)).text
            assert delivery.title not in (await browser.get(address)).text


async def test_a_sealed_match_is_for_those_named(browse: Browse) -> None:
    players = await cast()
    unnamed = await people.coordinator("QMM")
    request = await open_request(
        confidentiality=Confidentiality.SEALED,
        assigned=[(players.coordinator, Role.COORDINATOR), (players.approver, Role.APPROVER)],
    )
    match = await match_in_delivery(players, request=request)
    delivery = await planned_delivery(players, match)
    assert (await (await browse(players.coordinator)).get(page_of(delivery))).status_code == 200
    browser = await browse(unnamed)
    for address in (page_of(delivery), f"/matches/{match.public_id}/terms"):
        assert (await browser.get(address)).status_code == 404
    assert delivery.public_id not in (await browser.get("/deliveries")).text


async def test_the_list_filters_sorts_and_exports(browse: Browse) -> None:
    players = await cast()
    match = await match_in_delivery(players)
    first = await reported_delivery(players, match, quantity=4, title="First course")
    second = await planned_delivery(players, match, quantity=3, title="Second course")
    browser = await browse(players.focal_point)
    both = await browser.get("/deliveries")
    assert first.public_id in both.text
    assert second.public_id in both.text
    for query in ("state=reported", "waiting=me", "q=first", f"q={first.public_id}"):
        page = await browser.get(f"/deliveries?{query}")
        assert first.public_id in page.text
        assert second.public_id not in page.text
    export = (await browser.get("/deliveries?format=csv&state=reported")).text
    lines = lines_of(export)
    assert lines[0].startswith("delivery,title,for,provider,starts_on")
    assert [line.split(",")[0] for line in lines[1:]] == [first.public_id]
    feed = await browser.get("/deliveries.ics")
    assert feed.headers["content-type"].startswith("text/calendar")
    assert feed.text.count("BEGIN:VEVENT") == 2
    assert f"UID:{first.public_id}@concord" in feed.text
    tiles = await browser.get("/deliveries/calendar?year=2027")
    assert "2 deliveries" in tiles.text


async def test_a_delivery_nobody_confirmed_says_so(browse: Browse, clock: Clock) -> None:
    players = await cast()
    delivery = await reported_delivery(players, await match_in_delivery(players))
    browser = await browse(players.focal_point)
    assert "Not confirmed by the State" not in (await browser.get(page_of(delivery))).text
    clock.now = OVER + timedelta(days=60)
    await clocks.run(clock.now)
    browser, delivery = await browse(players.focal_point), await again(delivery)
    for address in (page_of(delivery), "/deliveries"):
        assert "ot confirmed by the State" in (await browser.get(address)).text
    taken = await post(browser, f"{page_of(delivery)}/acknowledgement", delivery.version, "1")
    assert taken.status_code == 303
    assert (await again(delivery)).confirmed_by == "state"


STEPS = {
    "report": "partner",
    "plan": "partner",
    "beginning": "partner",
    "confirmation": "focal_point",
    "dispute": "focal_point",
    "decision": "approver",
}


@pytest.mark.parametrize("address", STEPS)
async def test_steps_of_others_are_refused_before_anything_is_read(
    browse: Browse, address: str
) -> None:
    players = await cast()
    delivery = await reported_delivery(players, await match_in_delivery(players))
    for name in {"partner", "focal_point", "approver", "coordinator"} - {STEPS[address]}:
        browser = await browse(getattr(players, name))
        here = f"{page_of(delivery)}/{address}"
        assert (await browser.get(here)).status_code == 403
        assert (await post(browser, here, delivery.version, name)).status_code == 403
    assert (await again(delivery)).version == delivery.version


async def evaluations_of(players: Cast, match: Match, browse: Browse) -> tuple[str, str]:
    """What each side reads on the page of the match."""
    here = f"/matches/{match.public_id}"
    state = await (await browse(players.focal_point)).get(here)
    partner = await (await browse(players.partner)).get(here)
    return state.text, partner.text


async def test_a_side_reads_the_other_once_both_have_evaluated(browse: Browse) -> None:
    players = await cast()
    match = await evaluated_match(players)
    state, partner = await evaluations_of(players, match, browse)
    assert state.count("It went well.") == 2
    assert partner.count("It went well.") == 2
    assert "The request was clear enough to prepare for." in state


async def test_terms_are_not_there_before_approval(browse: Browse) -> None:
    players = await cast()
    match = await approved(players)
    assert (
        await (await browse(players.partner)).get(f"/matches/{match.public_id}/start")
    ).status_code == 403
    auditor = await browse(await people.actor(await people.member(Role.AUDITOR)))
    assert (await auditor.get(f"/matches/{match.public_id}/terms")).status_code == 404


@pytest.mark.parametrize("deliveries", [1, 3])
async def test_queries_do_not_grow_with_rows(browse: Browse, deliveries: int) -> None:
    players = await cast()
    match = await match_in_delivery(players)
    for _ in range(deliveries):
        last = await planned_delivery(players, match, quantity=2)
    browser = await browse(players.focal_point)
    found = {}
    here = f"/matches/{match.public_id}"
    for address in ("/deliveries", page_of(last), f"{here}/terms", here):
        with counted_queries() as queries:
            assert (await browser.get(address)).status_code == 200
        found[address.replace(last.public_id, "D").replace(match.public_id, "M")] = len(queries)
    assert found == {
        "/deliveries": 2,
        "/deliveries/D": 5,
        "/matches/M/terms": 5,
        "/matches/M": 7,
    }


async def test_deliveries_begin_with_an_agreed_match(browse: Browse) -> None:
    players = await cast()
    match = await agreed_match(players)
    browser = await browse(players.partner)
    page = await browser.get(f"/matches/{match.public_id}")
    assert "Begin the work" in page.text
    assert "Plan a delivery" not in page.text
    await actions.start(match, actor=players.partner, now=NOW)
    assert "Plan a delivery" in (await browser.get(f"/matches/{match.public_id}")).text
