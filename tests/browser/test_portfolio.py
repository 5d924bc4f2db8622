"""A portfolio in Chromium: asked for, awaited, read, and proposed; with and without scripts."""

import pytest
from playwright.async_api import Page, expect

from concord.accounts.models import Membership
from concord.actor import Role
from concord.matches.models import Match
from tests.browser.conftest import HEIGHT, NARROW, SMALLEST, WIDE, OpenTab
from tests.browser.looking import look
from tests.browser.site import Site
from tests.factories import people
from tests.portfolio.solving import rivals
from tests.waiting import until

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
async def test_from_the_question_to_a_proposal(
    site: Site, open_tab: OpenTab, javascript: bool
) -> None:
    mine = await seat(site)
    tab = await open_tab(mine, javascript=javascript)
    page = await tab.open("/portfolio")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Solve").click()
    await solved(page, javascript=javascript)
    for width in (SMALLEST, NARROW, WIDE):
        await page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        assert (await look(page)).faults("en") == []
    await page.get_by_label("Propose:").first.check()
    await page.get_by_label("I have no conflict of interest").check()
    await page.get_by_role("button", name="Propose the chosen rows").click()
    await expect(page.get_by_text("1 row is proposed")).to_be_visible()
    async with site.database():
        match = await Match.get(proposed_by_id=mine.person_id)
    await expect(page.get_by_role("link", name=match.public_id)).to_be_visible()


async def seat(site: Site) -> Membership:
    async with site.database():
        if not await Match.exists():
            await rivals()
        return await people.member(Role.COORDINATOR, states=("QMM",))


async def solved(page: Page, *, javascript: bool) -> None:
    """The page finds out by itself, or is asked again; each answer is there before it is read."""
    comparison = page.get_by_role("table", name="What it gains")
    if javascript:
        await expect(comparison).to_be_visible()
        return

    async def shown() -> bool:
        if await comparison.count():
            return True
        async with page.expect_navigation():
            await page.get_by_role("link", name="Look again").click()
        return False

    await until(shown)
