"""Every message of the sources stands in every catalogue, with the same placeholders."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from concord import inputs
from concord.database import REFUSALS
from concord.errors import NotFound
from concord.reference import tables
from concord.web.i18n import ENDONYMS

ROOT = Path(__file__).parents[2]
LOCALES = [code for code in ENDONYMS if code != "en"]
NAMED = re.compile(r"\{[^{}]*\}|</?[a-z][^<>]*>")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """What `make messages` finds."""
    found = tmp_path_factory.mktemp("messages") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    options = ["--mapping-file", "pyproject.toml", "--keywords", "Text", "-o", str(found), "."]
    subprocess.run([*command, *options], cwd=ROOT, check=True)  # noqa: S603 - our own words
    with found.open("rb") as file:
        yield read_po(file)


def catalogue(locale: str) -> Catalog:
    folder = ROOT / "platform" / "concord" / "locale" / locale / "LC_MESSAGES"
    with (folder / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def named(text: str) -> list[str]:
    return sorted(NAMED.findall(text))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_is_translated(locale: str, sources: Catalog) -> None:
    translated = {
        (message.context, message.id) for message in catalogue(locale) if all(forms(message))
    }
    wanted = {(message.context, message.id) for message in sources if message.id}
    assert len(wanted) > 2000
    assert sorted(map(str, wanted - translated)) == []  # `make messages`, and translate


def test_every_region_is_a_message(sources: Catalog) -> None:
    for state in tables.states(illustrative=True):
        assert sources.get(state.region)
        assert sources.get(state.subregion), state.subregion


def test_what_rules_say_is_a_message(sources: Catalog) -> None:
    for sentence in (*REFUSALS.values(), inputs.REQUIRED, inputs.TOO_LONG, NotFound().message):
        assert sources.get(str(sentence)), sentence


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_say_what_the_sources_say_now(locale: str, sources: Catalog) -> None:
    known = {(message.context, message.id) for message in sources}
    for message in catalogue(locale):
        assert (message.context, message.id) in known, f"no longer said: {message.id}"
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("locale", LOCALES)
def test_placeholders_and_plural_forms_are_kept(locale: str) -> None:
    found = catalogue(locale)
    for message in found:
        if not message.id:
            continue
        assert list(message.check(found)) == [], message.id
        original = message.id if isinstance(message.id, str) else message.id[1]
        assert [named(form) for form in forms(message)] == [named(original)] * len(forms(message))
