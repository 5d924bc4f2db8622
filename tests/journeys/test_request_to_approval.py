"""One request from the first word to an approved match, by five people in Chromium."""

import httpx2
import pytest

from tests.browser.conftest import OpenTab
from tests.browser.site import Site
from tests.factories.accounts import Account
from tests.journeys.cast import Outsider, cast
from tests.journeys.hand import Hand
from tests.journeys.journey import Journey

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("state", "javascript"), [("QMM", True), ("QNN", False)], ids=["scripts", "no scripts"]
)
async def test_a_request_becomes_an_approved_match(
    site: Site, open_tab: OpenTab, state: str, javascript: bool
) -> None:
    title = f"First responders of {state}"
    async with site.database():
        players = await cast(site, state)
        cookie = await site.session_of(players.outsider.membership)

    async def at_browser(account: Account) -> Hand:
        hand = Hand(await open_tab(javascript=javascript), account, javascript)
        await hand.sign_in(site)
        return hand

    async with httpx2.AsyncClient(
        base_url=site.url, cookies={site.settings.cookie_name: cookie}
    ) as client:
        outsider = Outsider(client)
        journey = Journey(site, players, outsider, title)
        focal_point = await at_browser(players.focal_point)
        request = await journey.draft_and_submit(focal_point)
        coordinator = await at_browser(players.coordinator)
        await journey.open(request, focal_point, coordinator)
        match = await journey.propose(request, coordinator)
        await journey.consent(match, focal_point)
        partner = await at_browser(players.partner)
        await journey.accept(match, partner)
        await journey.approve(match, await at_browser(players.approver))
        await journey.deliver(match, partner, focal_point)
        await journey.end(request, match, focal_point)
