"""Broken and hostile requests get a plain refusal, never a crash."""

import base64
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from starlette.applications import Starlette

from concord import jobs
from concord.actor import Role
from concord.web.routing import command
from tests.conftest import Client, SignIn
from tests.factories import people
from tests.web.test_routing import write

PART = '--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


@pytest_asyncio.fixture
async def browser(app: Starlette, sign_in: SignIn) -> AsyncIterator[Client]:
    app.router.routes[:0] = [command("/write", write)]
    yield await sign_in(await people.member(Role.FOCAL_POINT, await people.organization()))


@pytest.mark.parametrize("token", ["é", "é.é", "a.é", "\x00", "."])
async def test_a_token_of_any_signs_is_refused(browser: Client, token: str) -> None:
    del browser.headers["x-csrf-token"]
    response = await browser.post("/write", data={"csrf_token": token})
    assert (response.status_code, await jobs.Outbox.all().count()) == (403, 0)


@pytest.mark.parametrize("raw", [b"[" * 20_000, b"7", b'{"a": 1}', b'[["success", 7]]', b"\xff"])
async def test_a_broken_flash_is_no_message(browser: Client, raw: bytes) -> None:
    browser.cookies.set("flash", base64.urlsafe_b64encode(raw).decode())
    assert (await browser.get("/help")).status_code == 200


@pytest.mark.parametrize("charset", ["undefined", "punycode", "unicode_escape", "utf-16", "no"])
async def test_a_form_in_another_encoding_is_not_taken(browser: Client, charset: str) -> None:
    body = PART.format(name="title", value="\\ud800") + "--x--\r\n"
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    response = await browser.post("/write", content=body, headers={"content-type": kind})
    assert (response.status_code, await jobs.Outbox.all().count()) == (415, 0)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "us-ascii"])
async def test_a_form_in_unicode_is_taken(browser: Client, charset: str) -> None:
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    response = await browser.post("/write", content="--x--\r\n", headers={"content-type": kind})
    assert response.status_code == 303


@pytest.mark.parametrize(
    "address",
    ["/search?q=%00", "/matches?q=a%00b", "/requests?lead=%00", "/workbench?topic=%00"],
)
async def test_a_null_byte_in_an_address_narrows_nothing(sign_in: SignIn, address: str) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    assert (await browser.get(address)).status_code == 200


async def test_a_null_byte_in_a_path_names_nothing(browser: Client) -> None:
    assert (await browser.get("/organizations/ORG-%00")).status_code == 404


@pytest.mark.parametrize("address", ["/nowhere", "/requests/none/of/this", "/no%00where"])
async def test_who_is_signed_in_stays_so_at_an_unknown_address(
    client: Client, browser: Client, address: str
) -> None:
    known, unknown = await browser.get(address), await client.get(address)
    assert (known.status_code, unknown.status_code) == (404, 404)
    assert ('action="/sign-out"' in known.text) is ("%00" not in address)
    assert 'action="/sign-out"' not in unknown.text
    assert (await browser.post(address, data={"a": "b"})).status_code == 404


async def test_a_null_byte_in_a_key_is_not_understood(browser: Client) -> None:
    response = await browser.post("/write", data={"idempotency_key": "a\x00b"})
    assert (response.status_code, await jobs.Outbox.all().count()) == (400, 0)


async def test_a_key_with_another_file_is_refused(browser: Client) -> None:
    answers = [
        await browser.post(
            "/write", data={"idempotency_key": "k"}, files={"file": ("note.txt", content)}
        )
        for content in (b"one", b"one", b"two")
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 409]
    assert await jobs.Outbox.all().count() == 1


@pytest.mark.parametrize("name", ["x" * 500, "0" * 36, "\u202e", "'--", "ORG-7K3Q"])
@pytest.mark.parametrize(
    "place",
    [
        "organizations",
        "acts-on-behalf",
        "requests",
        "offers",
        "matches",
        "admin/code-lists/topics",
    ],
)
async def test_what_is_no_id_names_nothing(sign_in: SignIn, place: str, name: str) -> None:
    role = Role.ADMIN if place.startswith("admin") else Role.COORDINATOR
    browser = await sign_in(await people.member(role))
    assert (await browser.get(f"/{place}/{name}")).status_code == 404
