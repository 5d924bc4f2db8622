"""One request is one transaction, as one actor; commands are safe to repeat and not to forge."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from tortoise.connection import get_connection

from concord import jobs
from concord.actor import Role
from concord.errors import Conflict
from concord.web.flash import see_other
from concord.web.routing import command, page
from tests.conftest import NOW, Client, SignIn
from tests.counting import counted_queries
from tests.factories import people

SETTINGS = """
SELECT current_user AS role, current_setting('app.actor', true) AS actor,
       current_setting('app.role', true) AS acting, current_setting('app.state', true) AS state
"""


async def tell(request: Request) -> Response:
    """What the database knows of who acts."""
    row = (await get_connection("default").execute_query_dict(SETTINGS))[0]
    return PlainTextResponse("|".join(str(row[name] or "") for name in row))


async def write(request: Request) -> Response:
    await jobs.enqueue("try", now=NOW, n=1)
    return see_other("/written")


async def write_and_refuse(request: Request) -> Response:
    await jobs.enqueue("try", now=NOW, n=1)
    raise Conflict("Somebody was faster.")


@pytest_asyncio.fixture
async def browser(app: Starlette, sign_in: SignIn) -> AsyncIterator[Client]:
    """A signed-in focal point, and routes of our own."""
    app.router.routes[:0] = [
        page("/tell", tell),
        command("/write", write),
        command("/refuse", write_and_refuse),
    ]
    place = await people.organization(state="QNN")
    yield await sign_in(await people.member(Role.FOCAL_POINT, place))


async def test_the_database_knows_who_acts(browser: Client) -> None:
    role, actor, acting, state = (await browser.get("/tell")).text.split("|")
    assert (role, len(actor), acting, state) == ("concord_app", 36, "focal_point", "QNN")


async def test_the_next_visitor_is_nobody(browser: Client, client: Client, app: Starlette) -> None:
    app.router.routes[:0] = [page("/open", tell, public=True)]
    await browser.get("/tell")
    assert (await client.get("/open")).text == "concord_app|||"


async def test_a_request_costs_one_query_for_its_session(browser: Client) -> None:
    await browser.get("/tell")
    with counted_queries() as queries:
        await browser.get("/tell")
    assert len(queries) == 2


async def test_a_refused_command_writes_nothing(browser: Client) -> None:
    response = await browser.post("/refuse")
    assert (response.status_code, await jobs.Outbox.all().count()) == (409, 0)
    assert "Somebody was faster." in response.text


async def test_a_repeated_key_changes_nothing_and_answers_the_same(browser: Client) -> None:
    data = {"idempotency_key": "k1", "word": "a"}
    answers = [await browser.post("/write", data=data) for _ in range(3)]
    assert [(a.status_code, a.headers["location"]) for a in answers] == [(303, "/written")] * 3
    assert await jobs.Outbox.all().count() == 1


async def test_a_key_with_other_content_is_refused(browser: Client) -> None:
    await browser.post("/write", data={"idempotency_key": "k1", "word": "a"})
    response = await browser.post("/write", data={"idempotency_key": "k1", "word": "b"})
    assert (response.status_code, await jobs.Outbox.all().count()) == (409, 1)


async def test_a_refused_command_may_be_sent_again(browser: Client) -> None:
    data = {"idempotency_key": "k2"}
    assert [(await browser.post("/refuse", data=data)).status_code for _ in range(2)] == [409, 409]


async def test_a_form_from_elsewhere_is_refused(browser: Client) -> None:
    for headers in (
        {"origin": "https://elsewhere.example"},
        {"sec-fetch-site": "cross-site"},
        {"x-csrf-token": "wrong"},
        {"origin": "null"},
    ):
        response = await browser.post("/write", headers=headers)
        assert (response.status_code, await jobs.Outbox.all().count()) == (403, 0), headers


async def test_nobody_is_sent_to_sign_in(client: Client, browser: Client) -> None:
    assert (await client.get("/tell")).headers["location"] == "/sign-in?next=/tell"
    assert (await client.post("/write")).status_code == 401


async def test_a_body_that_is_too_long_or_no_form_is_refused(browser: Client) -> None:
    long = await browser.post("/write", headers={"content-length": str(13 * 1024 * 1024)})
    assert long.status_code == 413
    assert (await browser.post("/write", json={"a": 1})).status_code == 415
    field = await browser.post("/write", data={"word": "x" * (1024 * 1024 + 1)})
    assert field.status_code == 303  # a form says what is too long, beside its field


async def test_pages_carry_the_token_in_another_form_each_time(browser: Client) -> None:
    del browser.headers["x-csrf-token"]
    pages = [(await browser.get("/help")).text for _ in range(2)]
    tokens = [re.findall(r'name="csrf_token" value="([^"]+)"', text)[0] for text in pages]
    assert tokens[0] != tokens[1]
    for token in tokens:
        assert (await browser.post("/write", data={"csrf_token": token})).status_code == 303
    forged = tokens[0][:-1] + ("0" if tokens[0][-1] != "0" else "1")
    for token in (forged, "", ".", "x."):
        assert (await browser.post("/write", data={"csrf_token": token})).status_code == 403


async def test_pages_are_compressed_for_slow_lines(browser: Client) -> None:
    response = await browser.get("/help", headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
