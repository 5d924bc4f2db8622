"""Which language a reader gets, and how messages are found in it."""

import gettext as catalogues
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from concord.errors import Text
from concord.web import i18n
from concord.web.i18n import lazy as N_
from concord.web.language import LocaleMiddleware, choose_language, is_local


def french() -> bytes:
    catalogue = Catalog(locale="fr")
    catalogue.add("Save", "Enregistrer")
    catalogue.add("Shorten this to %(limit)s.", "Ramener à %(limit)s.")
    catalogue.add(("%(num)s day", "%(num)s days"), ("%(num)s jour", "%(num)s jours"))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


@pytest.fixture
def french_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Catalogues of which French alone exists."""
    folder = tmp_path / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.mo").write_bytes(french())
    monkeypatch.setattr("concord.web.i18n.files", lambda package: tmp_path)
    i18n.catalogue.cache_clear()
    yield
    i18n.catalogue.cache_clear()


@pytest.mark.parametrize(
    ("cookie", "header", "expected"),
    [
        (None, "", "en"),
        ("ru", "fr", "ru"),
        ("de", "fr", "fr"),
        ("../fr", "es", "es"),
        (None, "fr-CA,fr;q=0.8,en;q=0.5", "fr"),
        (None, "en;q=0.5, ar;q=0.9", "ar"),
        (None, "de, zh-Hant-TW;q=0.3", "zh"),
        (None, "es;q=0, fr;q=0.1", "fr"),
        (None, "fr;q=much, *", "en"),
        (None, ",;=;q=,", "en"),
    ],
)
def test_language_is_the_choice_then_the_browsers_wish(
    cookie: str | None, header: str, expected: str
) -> None:
    assert i18n.negotiate(cookie=cookie, accept_language=header) == expected


def test_arabic_alone_is_written_from_right_to_left() -> None:
    rtl = [code for code in i18n.ENDONYMS if i18n.direction(code) == "rtl"]

    assert rtl == ["ar"]


def test_an_unknown_locale_is_english() -> None:
    with i18n.use_locale("tlh"):
        assert i18n.current_locale() == "en"


def test_a_locale_ends_with_its_block() -> None:
    with i18n.use_locale("fr"), i18n.use_locale("ar"):
        assert i18n.current_locale() == "ar"

    assert i18n.current_locale() == "en"


@pytest.mark.usefixtures("french_catalogue")
def test_messages_come_from_the_catalogue_of_the_locale() -> None:
    with i18n.use_locale("fr"):
        french = (i18n.gettext("Save"), i18n.ngettext("%(num)s day", "%(num)s days", 2))
    with i18n.use_locale("ru"):
        missing = (i18n.gettext("Save"), i18n.ngettext("%(num)s day", "%(num)s days", 2))

    assert french == ("Enregistrer", "%(num)s jours")
    assert missing == ("Save", "%(num)s days")


@pytest.mark.usefixtures("french_catalogue")
def test_a_lazy_message_speaks_the_readers_language_when_shown() -> None:
    save, shorten = N_("Save"), N_("Shorten this to %(limit)s.", limit=300)

    with i18n.use_locale("fr"):
        assert (str(save), str(shorten)) == ("Enregistrer", "Ramener à 300.")

    assert (str(save), str(shorten)) == ("Save", "Shorten this to 300.")


@pytest.mark.usefixtures("french_catalogue")
def test_the_sentence_of_a_rule_is_translated_when_printed() -> None:
    with i18n.use_locale("fr"):
        said = i18n.say(Text("Shorten this to %(limit)s.", limit=9))

    assert (said, i18n.say("Save"), i18n.say(3)) == ("Ramener à 9.", "Save", 3)


@pytest.mark.parametrize("locale", [code for code in i18n.ENDONYMS if code != "en"])
def test_every_other_language_has_a_catalogue(locale: str) -> None:
    source = files("concord") / "locale" / locale / "LC_MESSAGES" / "messages.po"

    assert f"Language: {locale}" in source.read_text("utf-8")


def test_a_missing_catalogue_is_english() -> None:
    assert isinstance(i18n.catalogue("en"), catalogues.NullTranslations)


async def spoken(request: Request) -> Response:
    return PlainTextResponse(i18n.current_locale())


def client() -> httpx2.AsyncClient:
    app = Starlette(
        routes=[
            Route("/", spoken),
            Route("/language", choose_language, methods=["POST"]),
        ],
        middleware=[Middleware(LocaleMiddleware)],
    )
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://concord.test")


async def test_choosing_a_language_keeps_it() -> None:
    async with client() as browser:
        before = (await browser.get("/", headers={"accept-language": "es"})).text
        answer = await browser.post("/language", data={"lang": "ar", "next": "/requests?page=2"})
        after = (await browser.get("/", headers={"accept-language": "es"})).text

    assert (before, after) == ("es", "ar")
    assert (answer.status_code, answer.headers["location"]) == (303, "/requests?page=2")
    assert {"HttpOnly", "SameSite=lax", "Secure"} <= set(answer.headers["set-cookie"].split("; "))


async def test_a_language_nobody_offers_is_not_kept() -> None:
    async with client() as browser:
        answer = await browser.post("/language", data={"lang": "tlh", "next": "//elsewhere.test"})

    assert (answer.headers["location"], "set-cookie" in answer.headers) == ("/", False)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("/", True),
        ("/requests?state=open#list", True),
        ("", False),
        ("//elsewhere.test", False),
        ("/\\elsewhere.test", False),
        ("https://elsewhere.test", False),
        ("/\n/elsewhere.test", False),
    ],
)
def test_only_addresses_of_this_site_are_followed(address: str, local: bool) -> None:
    assert is_local(address) is local
