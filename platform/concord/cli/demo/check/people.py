"""The people of the check, each with a browser, signed in with password and authenticator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from concord.accounts.authenticator import code_at
from concord.cli.demo.check.browser import Browser, Failed
from concord.cli.running import utc_now
from concord.demo.authenticators import SignIn
from concord.demo.cast import PASSWORD


@dataclass(slots=True)
class People:
    """Browsers by e-mail address; everybody signs in when they are first needed."""

    address: str
    known: Mapping[str, SignIn]
    browsers: dict[str, Browser] = field(default_factory=dict)

    def __call__(self, email: str) -> Browser:
        if email not in self.browsers:
            self.browsers[email] = self._signed_in(email, now=utc_now())
        return self.browsers[email]

    def administrator_of(self, organization: str) -> str:
        """The e-mail address of a provider's administrator."""
        for each in self.known.values():
            if each.organization == organization and each.role == "partner_admin":
                return each.email
        raise Failed(f"nobody administers {organization}")

    def _signed_in(self, email: str, *, now: datetime) -> Browser:
        browser = Browser(self.address)
        code = code_at(self.known[email].secret, now=now)
        page = browser.get("/sign-in")
        page = browser.submit(page, "/sign-in", email=email, password=PASSWORD, code=code)
        if "session" not in browser.cookies:
            raise Failed(f"{email} is not signed in: {page.heading()}")
        return browser
