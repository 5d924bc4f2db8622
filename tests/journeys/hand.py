"""What a hand does on a page: sign in, fill, choose, press; with scripts or without."""

from dataclasses import dataclass

from playwright.async_api import Error, Locator, Page, expect

from tests.browser.site import Site
from tests.browser.watching import Tab
from tests.factories.accounts import Account


@dataclass(frozen=True, slots=True)
class Hand:
    """One person at their own browser."""

    tab: Tab
    account: Account
    javascript: bool

    @property
    def page(self) -> Page:
        return self.tab.page

    async def sign_in(self, site: Site) -> None:
        """Password and authenticator, on the page that a visitor finds."""
        await self.tab.open("/")
        await self.page.get_by_role("banner").get_by_role("link", name="Sign in").click()
        await self.fill("E-mail address", self.account.email)
        await self.fill("Password", self.account.password)
        await self.fill("Code", self.account.code(site.clock()))
        await self.press("Sign in")
        await expect(self.page.get_by_role("heading", level=1)).to_contain_text("Home")

    async def fill(self, label: str, value: str) -> None:
        await self.page.get_by_label(label, exact=True).fill(value)

    async def choose(self, label: str, option: str) -> None:
        """From a list; where scripts run, long lists are typed into."""
        box = self.page.get_by_role("combobox", name=label, exact=True)
        if await box.evaluate("node => node.tagName") == "SELECT":
            await box.select_option(label=option)
            return
        await box.fill(option)
        await self.page.get_by_role("option", name=option, exact=True).click()
        await expect(box).to_have_value(option)

    async def tick(self, label: str) -> None:
        await self.page.get_by_label(label, exact=True).check()

    async def follow(self, link: str) -> None:
        """The first link of that name in the page's own part."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("main").get_by_role("link", name=link).first.click()

    async def press(
        self, button: str, *, twice: bool = False, within: Locator | None = None
    ) -> None:
        """A form's button; `twice` is the double click of an impatient hand."""
        part = within or self.page.get_by_role("main")
        found = part.get_by_role("button", name=button, exact=True)
        if not twice:
            async with self.page.expect_navigation():
                await found.click()
            return
        try:
            async with self.page.expect_navigation():
                await found.dblclick()
        except Error as cut_short:
            if "ERR_ABORTED" not in cut_short.message:
                raise
        # The second click may end the first one's navigation: its own answer leads on.
        await expect(found).to_have_count(0)

    async def reads(self, *texts: str) -> None:
        """Each of the texts stands on the page."""
        for text in texts:
            await expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()
