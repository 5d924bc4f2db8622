"""A run that waits: asked otherwise meanwhile, or solved by nobody."""

import pytest

from concord.accounts.models import Membership
from concord.actor import Role
from concord.jobs import SOLVE_PORTFOLIO, Outbox
from tests.conftest import NOW, SignIn
from tests.factories import people

TERMS = {"urgent": "2", "least_served": "1", "price": "1", "floor": "none", "least_score": ""}


async def seat() -> Membership:
    return await people.member(Role.COORDINATOR)


async def test_an_open_page_leads_to_what_was_asked_instead(sign_in: SignIn) -> None:
    browser = await sign_in(await seat())
    first = (await browser.post("/portfolio", data=TERMS)).headers["location"]
    second = (await browser.post("/portfolio", data={**TERMS, "urgent": "4"})).headers["location"]
    for address in (first, second):
        page = await browser.get(address)
        assert page.status_code == 200
        assert 'value="4.0"' in page.text


@pytest.mark.parametrize("ended", ["dead_at", "done_at"])
async def test_a_run_that_nobody_solves_says_so(sign_in: SignIn, ended: str) -> None:
    browser = await sign_in(await seat())
    address = (await browser.post("/portfolio", data=TERMS)).headers["location"]
    await Outbox.filter(name=SOLVE_PORTFOLIO).update(**{ended: NOW})
    page = (await browser.get(address)).text
    assert "This could not be solved" in page
    assert "Being solved" not in page
    assert "hx-get" not in page
    again = (await browser.post("/portfolio", data=TERMS)).headers["location"]
    assert "Being solved" in (await browser.get(again)).text
    assert "This could not be solved" not in (await browser.get(address)).text
