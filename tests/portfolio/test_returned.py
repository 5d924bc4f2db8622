"""A form that is given back keeps what was ticked, and its links lead to pages."""

from typing import Any

import lxml.html
import pytest

from concord.accounts.actors import actor_of
from concord.accounts.models import Membership
from concord.actor import Role
from concord.portfolio.forms import MOST_PAIRS
from concord.portfolio.models import PortfolioRun
from concord.portfolio.values import Draft, Pair
from concord.reference.identifiers import new_public_id
from concord.web.forms import MAX_FIELDS
from tests.conftest import Client, SignIn
from tests.factories import offers, people, requests
from tests.factories.rankings import ranked
from tests.portfolio.solving import slots_of_topics, solved

pytestmark = pytest.mark.usefixtures("database")
Fields = dict[str, list[str]]
ROWS_OF_A_PAGE = 25


async def many(number: int) -> None:
    await offers.published(slots=slots_of_topics("INV.02", capacity=None))
    for _ in range(number):
        await ranked(await requests.open_request())


async def opened(sign_in: SignIn, **draft: Any) -> tuple[Client, PortfolioRun]:
    seat = await people.member(Role.COORDINATOR, states=("QMM",))
    run = await solved(await actor_of(seat), Draft(**draft))
    return await sign_in(seat), run


def form_of(page: str) -> lxml.html.FormElement:
    forms = lxml.html.document_fromstring(page).iter("form")
    found: lxml.html.FormElement = next(
        form for form in forms if form.get("action", "").startswith("/portfolio")
    )
    return found


def sent(page: str) -> Fields:
    """What a browser sends back from the page as it is."""
    found: Fields = {}
    for name, value in form_of(page).form_values():
        found.setdefault(name, []).append(value)
    return found


def button(page: str) -> str:
    """Where the rows are proposed."""
    return str(form_of(page).xpath("string(.//button[@formaction]/@formaction)"))


async def links_lead_somewhere(browser: Client, page: str, run: PortfolioRun) -> None:
    root = lxml.html.document_fromstring(page)
    links = [
        str(link.get("href"))
        for nav in root.iter("nav")
        if nav.get("class") == "pagination"
        for link in nav.iter("a")
    ]
    back = str(root.xpath("string(//form[@action='/language']/input[@name='next']/@value)"))
    for address in (*links, back):
        assert address.startswith(f"/portfolio/{run.id}")
        assert (await browser.get(address)).status_code == 200


async def test_ticks_stay_on_the_page_of_wrong_terms(sign_in: SignIn) -> None:
    await many(3)
    out = Pair("REQ-2345-67", "OFR-2345-67")
    browser, run = await opened(sign_in, excluded=frozenset({out}))
    page = (await browser.get(f"/portfolio/{run.id}")).text
    first, second, third = (row["pair"] for row in run.rows)
    ticked = {"propose": [first], "keep": [second], "exclude": [third], "urgent": ["9"]}
    answer = await browser.post("/portfolio", data={**sent(page), **ticked, "no_conflict": "yes"})
    assert answer.status_code == 422
    again = sent(answer.text)
    assert {name: again[name] for name in ticked} == ticked
    assert again["no_conflict"] == ["yes"]
    await links_lead_somewhere(browser, answer.text, run)


async def test_a_stored_keep_that_was_taken_off_stays_off(sign_in: SignIn) -> None:
    await many(1)
    browser, run = await opened(sign_in)
    row = run.rows[0]["pair"]
    await PortfolioRun.filter(id=run.id).update(kept=[row])
    page = (await browser.get(f"/portfolio/{run.id}")).text
    assert sent(page)["keep"] == [row]
    data = {**sent(page), "keep": [], "no_conflict": "yes"}
    answer = await browser.post(f"/portfolio/{run.id}/proposals", data=data)
    assert answer.status_code == 422
    assert "keep" not in sent(answer.text)


async def test_a_later_page_stays_that_page(sign_in: SignIn) -> None:
    await many(ROWS_OF_A_PAGE + 2)
    browser, run = await opened(sign_in)
    page = (await browser.get(f"/portfolio/{run.id}?page=2")).text
    last = run.rows[-1]["pair"]
    data = {**sent(page), "propose": [last]}
    for address, more in ((button(page), {}), (form_of(page).action, {"urgent": ["9"]})):
        answer = await browser.post(address, data={**data, **more})
        assert answer.status_code == 422
        assert sent(answer.text)["propose"] == [last]
        await links_lead_somewhere(browser, answer.text, run)
    done = await browser.post(button(answer.text), data={**data, "no_conflict": ["yes"]})
    assert done.headers["location"] == f"/portfolio/{run.id}?page=2#rows"


async def test_beyond_the_last_page_is_the_last_page(sign_in: SignIn) -> None:
    await many(ROWS_OF_A_PAGE + 1)
    browser, run = await opened(sign_in)
    page = (await browser.get(f"/portfolio/{run.id}?page=7")).text
    assert "No open item has an offer" not in page
    assert sent(page)["shown"] == [run.rows[-1]["pair"]]


async def test_without_a_run_the_language_leads_to_the_empty_page(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    page = (await browser.post("/portfolio", data={"urgent": "9"})).text
    assert 'name="next" value="/portfolio"' in page
    assert await Membership.all().exists()


def pairs_out(number: int) -> frozenset[Pair]:
    found: set[Pair] = set()
    while len(found) < number:
        found.add(Pair(new_public_id("REQ"), new_public_id("OFR")))
    return frozenset(found)


async def test_as_many_as_may_be_ruled_out_can_be_sent_and_no_more(sign_in: SignIn) -> None:
    await many(ROWS_OF_A_PAGE)
    browser, run = await opened(sign_in, excluded=pairs_out(MOST_PAIRS))
    page = (await browser.get(f"/portfolio/{run.id}")).text
    rows = [row["pair"] for row in run.rows]
    data = sent(page)
    every = {**data, "propose": rows, "keep": rows, "no_conflict": ["yes"]}
    assert sum(map(len, every.values())) < MAX_FIELDS
    refused = await browser.post(
        "/portfolio", data={**every, "exclude": [*data["exclude"], *rows]}
    )
    assert refused.status_code == 422
    assert f"Keep and rule out {MOST_PAIRS} pairs or fewer." in refused.text
    again = sent(refused.text)
    assert len(again["exclude"]) == MOST_PAIRS + ROWS_OF_A_PAGE
    fewer = {**again, "exclude": [*rows, *run.excluded[ROWS_OF_A_PAGE:]]}
    assert (await browser.post("/portfolio", data=fewer)).status_code == 303
    kept = (await PortfolioRun.get(state="waiting")).excluded
    assert sorted(kept) == sorted([*rows, *run.excluded[ROWS_OF_A_PAGE:]])
