"""What becomes of rows that are to be proposed: each by itself, said as it is."""

import pytest

from concord.accounts.actors import actor_of
from concord.accounts.models import Membership
from concord.actor import Actor, Role
from concord.matches.models import Match
from concord.portfolio.models import PortfolioRun
from tests.conftest import Client, SignIn
from tests.factories import offers, people, requests
from tests.factories.rankings import ranked
from tests.portfolio.solving import slots_of_topics, solved

pytestmark = pytest.mark.usefixtures("database")


async def seated() -> tuple[Membership, Actor]:
    seat = await people.member(Role.COORDINATOR, states=("QMM",))
    return seat, await actor_of(seat)


async def three_requests_for_one_offer() -> None:
    await offers.published(slots=slots_of_topics("INV.02", capacity=400))
    for _ in range(3):
        await ranked(await requests.open_request())


async def post(browser: Client, run: PortfolioRun, *rows: str) -> str:
    """Propose; the page that follows."""
    data = {"propose": list(rows), "no_conflict": "yes"}
    answer = await browser.post(f"/portfolio/{run.id}/proposals", data=data)
    assert answer.status_code == 303
    return (await browser.get(answer.headers["location"])).text


async def test_a_row_that_is_already_in_a_match_leaves_the_others(sign_in: SignIn) -> None:
    await three_requests_for_one_offer()
    seat, actor = await seated()
    first, second = await solved(actor), await solved(actor)
    rows = [row["pair"] for row in second.rows]
    browser = await sign_in(seat)
    await post(browser, first, rows[0])
    page = await post(browser, second, *rows)
    assert "This item and this slot are already in a match." in page
    assert "2 rows are proposed" in page
    assert await Match.all().count() == 3
    outcomes = (await PortfolioRun.get(id=second.id)).outcomes
    assert ["match" in outcomes[row] for row in rows] == [False, True, True]
