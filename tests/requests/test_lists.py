"""List pages of requests: filters, order, pages, CSV, and what they tell to whom."""

import re

import pytest

from concord.actor import Role
from concord.requests.states import Confidentiality
from tests.conftest import Client, SignIn
from tests.factories import requests as make
from tests.factories.people import member, organization, provider
from tests.requests.told import steps
from tests.sheets import lines_of

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality


async def focal(sign_in: SignIn, state: str = "QMM") -> Client:
    return await sign_in(await member(Role.FOCAL_POINT, await organization(state=state)))


async def test_lists_filter_sort_page_and_download(sign_in: SignIn) -> None:
    office = await sign_in(await member(Role.COORDINATOR))
    for number in range(26):
        await make.open_request(title=f"Title {number:02}", urgent=number == 7)
    sealed = await make.open_request("QNN", confidentiality=C.SEALED, title="Hidden")
    other = await make.open_request("QNN", title="=Formula", confidentiality=C.RESTRICTED)

    first = await office.get("/requests?sort=title")
    assert "27 results" in first.text
    assert first.text.count('href="/requests/REQ-') == 25
    second = await office.get("/requests?sort=title&page=2")
    assert "Title 25" in second.text
    assert sealed.public_id not in first.text + second.text
    found = {
        "urgent=yes": 1,
        "lead=QNN": 1,
        "confidentiality=restricted": 1,
        "q=Title 03": 1,
        "q=%25": 0,
        "topic=INV": 27,
        "topic=EVD": 0,
        "state=met": 0,
        "waiting=me": 0,
        "state=nonsense": 27,
        "page=9999&sort=nonsense": 0,
    }
    for query, count in found.items():
        text = (await office.get(f"/requests?{query}&format=csv")).text
        expected = 27 if query.startswith("page") else count
        assert len(lines_of(text)) == expected + 1, query
    csv = (await office.get("/requests?lead=QNN&format=csv")).text
    assert "'=Formula" in csv
    assert other.public_id in csv


async def test_filters_tell_a_provider_nothing_of_states(sign_in: SignIn) -> None:
    partner = await sign_in(await member(Role.PARTNER_ADMIN, await provider()))
    request = await make.open_request("QMM")
    for query in ("lead=QNN", "confidentiality=public", "q=nothing", "sort=lead", "sort=title"):
        assert request.public_id in (await partner.get(f"/requests?{query}")).text, query


async def test_waiting_for_me_lists_what_waits(sign_in: SignIn) -> None:
    admin = await member(Role.FOCAL_POINT, await organization())
    browser, state = await sign_in(await member(Role.COORDINATOR)), await sign_in(admin)
    request, quiet = await make.draft(), await make.open_request()
    await state.post(f"/requests/{request.public_id}/submission", data={"version": "1"})

    page = await browser.get("/requests?waiting=me")

    assert request.public_id in page.text
    assert quiet.public_id not in page.text
    assert await steps(request) == [("submit", "draft", "submitted")]


async def test_empty_lists_say_what_to_do(sign_in: SignIn) -> None:
    state = await focal(sign_in)
    assert "New request" in (await state.get("/requests")).text
    nothing = await state.get("/requests?state=met")
    assert "No request fits" in re.sub(r"\s+", " ", nothing.text)
    office = await sign_in(await member(Role.COORDINATOR))
    assert "once States submit them" in (await office.get("/requests")).text
