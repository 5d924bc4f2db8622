"""Files of the interface: found by content, kept by browsers, and no other file."""

import gzip
from importlib.resources import files

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from concord.web.static import serve_static, static_files, static_url

CSS_LIMIT = 20_000
JS_LIMIT = 40_000


def client() -> httpx2.AsyncClient:
    app = Starlette(routes=[Mount("/static", serve_static)])
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://concord.test")


def source(name: str) -> bytes:
    return (files("concord") / "static" / name).read_bytes()


async def test_a_file_at_its_own_address_is_kept_for_a_year() -> None:
    async with client() as browser:
        answer = await browser.get(static_url("app.css"))

    assert (answer.status_code, answer.content) == (200, source("app.css"))
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("query", ["", "?v=0000000000000000"])
async def test_a_file_at_another_address_is_asked_for_again(query: str) -> None:
    async with client() as browser:
        answer = await browser.get(f"/static/app.js{query}")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


async def test_an_unchanged_file_is_not_sent_again() -> None:
    async with client() as browser:
        etag = (await browser.get("/static/app.css")).headers["etag"]
        answer = await browser.get("/static/app.css", headers={"if-none-match": etag})

    assert (answer.status_code, answer.content) == (304, b"")


async def test_a_client_without_compression_gets_the_plain_file() -> None:
    async with client() as browser:
        answer = await browser.get("/static/theme.js", headers={"accept-encoding": "identity"})

    assert (answer.content, "content-encoding" in answer.headers) == (source("theme.js"), False)
    assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    "path", ["missing.css", "..%2fapp.py", "%2e%2e/app.py", "/etc/passwd", ""]
)
async def test_no_other_file_is_served(path: str) -> None:
    async with client() as browser:
        answer = await browser.get(f"/static/{path}")

    assert (answer.status_code, answer.text) == (404, "Not found")


async def test_files_are_only_read() -> None:
    async with client() as browser:
        answers = [
            (await browser.request(method, "/static/app.css")).status_code
            for method in ("HEAD", "POST", "DELETE")
        ]

    assert answers == [200, 405, 405]


def test_an_address_changes_with_the_content() -> None:
    digest = static_files()["app.css"].digest

    assert static_url("app.css") == f"/static/app.css?v={digest}"
    assert static_files()["app.js"].digest != digest


def test_styles_and_scripts_stay_within_a_slow_line() -> None:
    def weight(suffix: str) -> int:
        names = [name for name in static_files() if name.endswith(suffix)]
        return sum(len(gzip.compress(static_files()[name].content)) for name in names)

    assert weight(".css") <= CSS_LIMIT
    assert weight(".js") <= JS_LIMIT
