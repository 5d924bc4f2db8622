"""What becomes of rows that are to be proposed: each by itself, said as it is."""

from datetime import date

import pytest

from concord.accounts.actors import actor_of
from concord.accounts.models import Membership
from concord.actor import Actor, Role
from concord.matches.actions import undo
from concord.matches.models import Match
from concord.offers.models import Offer
from concord.portfolio.models import PortfolioRun
from concord.requests.models import Request
from tests.conftest import NOW, Client, SignIn
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
    assert 'class="notice warn"' in page
    assert "2 rows are proposed" in page
    assert "1 row could not be proposed: it says why" in page
    assert await Match.all().count() == 3
    outcomes = (await PortfolioRun.get(id=second.id)).outcomes
    assert ["match" in outcomes[row] for row in rows] == [False, True, True]


async def test_a_repeated_post_says_what_it_did(sign_in: SignIn) -> None:
    await three_requests_for_one_offer()
    seat, actor = await seated()
    run = await solved(actor)
    first, second, _ = rows = [row["pair"] for row in run.rows]
    browser = await sign_in(seat)
    assert "2 rows are proposed<" in await post(browser, run, first, second)
    page = await post(browser, run, first, second)
    assert "2 rows are proposed already" in page
    assert "2 rows are proposed<" not in page
    assert 'class="notice good"' not in page
    page = await post(browser, run, *rows)
    assert "1 row is proposed<" in page
    assert "2 rows are proposed already" in page


async def test_only_refusals_are_no_success(sign_in: SignIn) -> None:
    await three_requests_for_one_offer()
    seat, actor = await seated()
    run = await solved(actor)
    await Offer.all().update(state="withdrawn")
    page = await post(await sign_in(seat), run, *(row["pair"] for row in run.rows))
    assert "3 rows could not be proposed: each says why" in page
    assert "0 row" not in page
    assert 'class="notice good"' not in page


async def test_an_undone_match_frees_its_row(sign_in: SignIn) -> None:
    await three_requests_for_one_offer()
    seat, actor = await seated()
    run = await solved(actor)
    row = run.rows[0]["pair"]
    browser = await sign_in(seat)
    await post(browser, run, row)
    undone = await Match.get()
    await undo(undone, actor=actor, now=NOW)
    page = (await browser.get(f"/portfolio/{run.id}")).text
    assert f'name="propose" value="{row}"' in page
    assert "Cancelled" in page
    assert f"/matches/{undone.public_id}" in page
    page = await post(browser, run, row)
    assert "1 row is proposed<" in page
    again = await Match.get(state="proposed")
    assert f"/matches/{again.public_id}" in page
    assert f"/matches/{undone.public_id}" not in page
    assert f'name="propose" value="{row}"' not in page


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "said"),
    [
        (date(2028, 1, 1), date(2028, 2, 1), "have no day in common from today on"),
        (date(2027, 2, 1), None, "The dates in common have no end"),
    ],
)
async def test_no_day_in_common_is_not_days_without_end(
    sign_in: SignIn, starts_on: date, ends_on: date | None, said: str
) -> None:
    await three_requests_for_one_offer()
    seat, actor = await seated()
    run = await solved(actor)
    await Request.all().update(ends_on=date(2027, 11, 30) if ends_on else None)
    await Offer.all().update(starts_on=starts_on, ends_on=ends_on)
    assert said in await post(await sign_in(seat), run, run.rows[0]["pair"])
