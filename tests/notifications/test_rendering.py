"""What people read: every message in every language, in text and HTML."""

from datetime import date
from gettext import NullTranslations
from importlib.resources import files

import pytest
from jinja2 import UndefinedError
from lxml import html as lxml_html

from notifications.messages import MESSAGES, Audience, Party
from notifications.messages.accounts import ActivationInvited, FocalPointNominated, TasksHandedOver
from notifications.messages.matches import MatchConsentedToState, MatchDeclinedByState
from notifications.messages.requests import (
    ClarificationAnswered,
    NoObjectionBegun,
    RequestObjected,
    RequestRanked,
    RequestReturned,
)
from notifications.rendering import headline, path, plain_name, render
from tests.notifications.examples import LOCALES, NAMES, example, language

PUBLIC_URL = "https://concord.example.org"
BEGUN = NoObjectionBegun(request="REQ-7K3Q-9D", due=date(2026, 6, 3))
SHARED = {"_layout.html", "_layout.txt", "_parts.txt"}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", NAMES)
def test_every_message_is_rendered_in_every_language(name: str, locale: str) -> None:
    message = example(MESSAGES[name])
    reader = language(locale)

    mail = render(message, language=reader, name="Example Person", public_url=PUBLIC_URL + "/")

    page = lxml_html.document_fromstring(mail.html)
    assert mail.subject == headline(message, reader) == page.findtext(".//h1")
    assert PUBLIC_URL + path(message) in mail.text
    assert [a.get("href") for a in page.iter("a")] == [PUBLIC_URL + path(message)]
    assert (page.get("dir"), page.get("lang")) == (reader.direction, reader.tag)
    assert [sign for sign in "{}%" if sign in mail.text] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_headline_is_one_short_line(name: str) -> None:
    line = headline(example(MESSAGES[name]), language())

    assert line == " ".join(line.split())
    assert 10 < len(line) <= 90


def test_content_files_and_messages_are_the_same_set() -> None:
    kept = {file.name for file in files("templates").joinpath("email").iterdir()}

    assert kept == {f"{name}.txt" for name in NAMES} | SHARED


def test_a_letter_says_what_until_when_and_why() -> None:
    mail = render(BEGUN, language=language(), name="Example Person", public_url=PUBLIC_URL)

    assert mail.subject == "Request REQ-7K3Q-9D is about to be circulated"
    assert mail.text == (
        "To Example Person\n"
        "\n"
        "Read both texts exactly as they would be shown. If your State does not object by"
        " 3 June 2026, the request is circulated to verified providers.\n"
        "\n"
        "Silence never publishes: the public summary needs your own consent.\n"
        "\n"
        "Who must act: You\n"
        "Until: 3 June 2026\n"
        "\n"
        "Read both texts:\n"
        "https://concord.example.org/requests/REQ-7K3Q-9D\n"
        "\n"
        "-- \n"
        "You receive this because you are a focal point or alternate of a State that this"
        " concerns.\n"
        "This is an automatic message; replies are not read. Confidential text never leaves the"
        " platform: sign in to read it.\n"
    )


def test_a_follower_reads_for_whom_the_case_waits() -> None:
    message = MatchConsentedToState(
        match="MAT-8X9Y-0Z", request="REQ-7K3Q-9D", due=date(2026, 6, 3)
    )

    mail = render(message, language=language(), name="Example", public_url=PUBLIC_URL)

    assert "Who must act: The providers that were asked\nUntil: 3 June 2026\n" in mail.text


def test_a_notice_without_a_step_says_so() -> None:
    message = RequestObjected(request="REQ-7K3Q-9D")

    mail = render(message, language=language(), name="Example", public_url=PUBLIC_URL)

    assert "Who must act: Nobody; this is for your information\n\n" in mail.text


@pytest.mark.parametrize(
    ("locale", "line"),
    [
        ("fr", "Until: 3 juin 2026"),
        ("ru", "Until: 3 июня 2026\u202fг."),
        ("zh", "Until: 2026年6月3日"),
    ],
)
def test_dates_are_written_as_the_reader_does(locale: str, line: str) -> None:
    mail = render(BEGUN, language=language(locale), name="Example", public_url=PUBLIC_URL)

    assert line.replace("\u202f", " ") in mail.text.replace("\u202f", " ").replace("\xa0", " ")


def test_codes_are_shown_by_their_labels() -> None:
    returned = RequestReturned(request="REQ-7K3Q-9D", reasons=("incomplete", "unclear_outcome"))
    nominated = FocalPointNominated(organization="ORG-2B3C-4D", state="QMA", role="focal_point")

    mail = render(returned, language=language(), name="Example", public_url=PUBLIC_URL)

    labels = "Details are missing and The expected outcome is not clear."
    assert f"after these points: {labels}" in mail.text
    assert headline(nominated, language()) == "A focal point of Quarmont awaits accreditation"


def test_a_code_without_a_label_is_shown_as_it_is() -> None:
    declined = MatchDeclinedByState(
        match="MAT-8X9Y-0Z", request="REQ-7K3Q-9D", reason="cancelled.newer"
    )

    mail = render(declined, language=language(), name="Example", public_url=PUBLIC_URL)

    assert "cancelled.newer" in mail.text


@pytest.mark.parametrize(
    ("tasks", "line"),
    [(1, "1 task was handed over to you"), (2, "2 tasks were handed over to you")],
)
def test_numbers_take_their_plural(tasks: int, line: str) -> None:
    assert headline(TasksHandedOver(tasks=tasks), language()) == line


@pytest.mark.parametrize(
    ("message", "address"),
    [
        (BEGUN, "/requests/REQ-7K3Q-9D"),
        (RequestRanked(request="REQ-7K3Q-9D", pairings=3), "/requests/REQ-7K3Q-9D/pairings"),
        (ClarificationAnswered(subject="OFR-5T6V-7W"), "/offers/OFR-5T6V-7W"),
        (ClarificationAnswered(subject="MAT-8X9Y-0Z"), "/matches/MAT-8X9Y-0Z"),
        (ActivationInvited(token="t" * 20, due=date(2026, 6, 3)), "/activate/" + "t" * 20),
    ],
)
def test_path(message: NoObjectionBegun, address: str) -> None:
    assert path(message) == address


def test_a_hostile_name_stays_text() -> None:
    name = '"><script>alert(1)</script>\u202egpj.exe\r\n\r\nYour account: https://evil.example'

    mail = render(BEGUN, language=language(), name=name, public_url=PUBLIC_URL)

    greeting = mail.text.splitlines()[0]
    assert greeting == ('To "><script>alert(1)</script>gpj.exe Your account: https://evil.example')
    assert "<script" not in mail.html
    page = lxml_html.document_fromstring(mail.html)
    assert greeting in ["".join(map(str, paragraph.itertext())) for paragraph in page.iter("p")]
    assert [a.get("href") for a in page.iter("a")] == [PUBLIC_URL + path(BEGUN)]


def test_a_hostile_label_stays_text() -> None:
    reader = language()
    labels = {"incomplete": "<img src=x onerror=alert(1)> {{ 7 * 7 }} %(x)s"}
    hostile = type(reader)(locale="en", translations=NullTranslations(), reasons=labels)
    returned = RequestReturned(request="REQ-7K3Q-9D", reasons=("incomplete",))

    mail = render(returned, language=hostile, name="Example", public_url=PUBLIC_URL)

    assert "<img" not in mail.html
    assert labels["incomplete"] in mail.text


def test_a_long_name_is_cut() -> None:
    assert plain_name("a" * 500) == "a" * 120


def test_a_name_keeps_its_script() -> None:
    assert plain_name("  Zoë\tÉxample مثال 示例 ") == "Zoë Éxample مثال 示例"


class Misspelt(NullTranslations):
    def gettext(self, message: str) -> str:
        return message.replace("%(request)s", "%(requets)s")


class Upper(NullTranslations):
    def gettext(self, message: str) -> str:
        return "«" + message + "»"


def test_an_unknown_name_in_a_translation_is_an_error() -> None:
    with pytest.raises((KeyError, UndefinedError)):
        headline(BEGUN, language("fr", Misspelt()))


def test_words_come_from_the_readers_catalogue() -> None:
    assert headline(BEGUN, language("fr", Upper())) == (
        "«Request REQ-7K3Q-9D is about to be circulated»"
    )


def test_layouts_explain_every_audience_and_party() -> None:
    parts = files("templates").joinpath("email", "_parts.txt").read_text(encoding="utf-8")
    wanted = [f"why_{audience}" for audience in Audience] + [f"who_{party}" for party in Party]

    assert [block for block in wanted if f"block {block} " not in parts] == []


def test_html_needs_nothing_from_elsewhere() -> None:
    mail = render(BEGUN, language=language("ar"), name="Example", public_url=PUBLIC_URL)

    for forbidden in ("<style", "<script", "<img", "<link", "url(", "left", "right"):
        assert forbidden not in mail.html
    assert 'style="' in mail.html
    assert len(mail.html) < 8_000
