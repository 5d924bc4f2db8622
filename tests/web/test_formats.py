"""Dates, numbers and addresses as pages show them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from concord.web import formats, view
from concord.web.elements import Capacity
from concord.web.i18n import use_locale
from concord.web.labels import CONFIDENTIALITY, ROLES, STATES
from concord.web.view import View, use_view

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
ADDRESS = View(path="/requests", query="state=open&state=met&sort=title&page=3&q=", now=NOW)


@pytest.fixture(autouse=True)
def page() -> Iterator[None]:
    with use_view(ADDRESS):
        yield


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "9 Jan 2027"),
        ("fr", "9 janv. 2027"),
        ("es", "9 ene 2027"),
        ("ru", "9 янв. 2027\u202fг."),
        ("zh", "2027年1月9日"),
        ("ar", "9 يناير 2027"),
    ],
)
def test_a_day_in_every_language(locale: str, expected: str) -> None:
    with use_locale(locale):
        assert formats.short_date(date(2027, 1, 9)) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "A, B and C"),
        ("fr", "A, B et C"),
        ("es", "A, B y C"),
        ("ru", "A, B и C"),
        ("zh", "A、B和C"),
        ("ar", "A وB وC"),
    ],
)
def test_names_in_a_row_in_every_language(locale: str, expected: str) -> None:
    with use_locale(locale):
        assert formats.listed(iter("ABC")) == expected
        assert (formats.listed([]), formats.listed(["A"])) == ("", "A")


def test_a_moment_is_in_universal_time() -> None:
    assert formats.moment(datetime(2027, 1, 9, 23, 59, 30, tzinfo=UTC)) == "9 Jan 2027, 23:59 UTC"


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(hours=26), "1 day ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=-40), "in 1 month"),
        (timedelta(hours=-3, minutes=-30), "in 3 hours"),
    ],
)
def test_a_distance_in_words(passed: timedelta, expected: str) -> None:
    assert formats.distance(NOW - passed) == expected


def test_a_distance_of_days() -> None:
    assert [formats.distance(date(2027, 1, day)) for day in (10, 11, 13)] == [
        "1 day ago",
        "today",
        "in 2 days",
    ]


def test_a_relative_time_keeps_the_absolute_one() -> None:
    assert formats.relative(NOW - timedelta(days=3)) == (
        '<time datetime="2027-01-08T09:00:00+00:00" title="8 Jan 2027, 09:00 UTC">'
        "3 days ago</time>"
    )


def test_a_period_may_be_open() -> None:
    first, last = date(2027, 2, 1), date(2027, 5, 31)

    assert [formats.period(*pair) for pair in ((first, None), (None, last), (None, None))] == [
        "from 1 Feb 2027",
        "until 31 May 2027",
        "no dates given",
    ]


def test_names_of_languages_fall_back_to_the_tag() -> None:
    with use_locale("fr"):
        assert [formats.language_name(tag) for tag in ("en", "fr-CA", "x-none")] == [
            "anglais",
            "français canadien",
            "x-none",
        ]


def test_names_of_states_are_those_of_the_united_nations() -> None:
    with use_locale("fr"):
        names = [formats.state_name(code) for code in ("QMM", "FRA", "XXX")]

    assert names == ["État illustratif QM", "France", "XXX"]


def test_numbers_and_shares() -> None:
    with use_locale("es"):
        assert (formats.number(12345.5), formats.percent(0.42)) == ("12.345,5", "42\xa0%")


def test_a_changed_address_starts_at_the_first_page() -> None:
    assert view.address_with(state="closed") == "?sort=title&state=closed"
    assert view.address_with(page=4) == "?state=open&state=met&sort=title&page=4"
    assert view.address_with(state=None, sort=None) == "/requests"


def test_one_filter_is_taken_off() -> None:
    assert view.address_without("state", "open") == "?state=met&sort=title"


def test_sorting_twice_turns_the_order_round() -> None:
    assert view.sort_address("title") == "?state=open&state=met&sort=-title"
    assert view.sort_address("state") == "?state=open&state=met&sort=state"


@pytest.mark.parametrize(
    ("number", "pages", "expected"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (4, 50, [1, None, 3, 4, 5, None, 50]),
        (50, 50, [1, None, 49, 50]),
    ],
)
def test_pages_worth_a_link(number: int, pages: int, expected: list[int | None]) -> None:
    assert view.page_numbers(number, pages) == expected


def test_keys_of_forms_never_repeat() -> None:
    assert len({view.new_key() for _ in range(100)}) == 100


def test_holds_beyond_the_total_leave_nothing_free() -> None:
    capacity = Capacity(10, reserved=8, held=6)

    assert (capacity.free, capacity.scale) == (0, 14)


def test_every_state_and_role_has_a_name() -> None:
    tones = {tone for states in STATES.values() for _, tone in states.values()}
    labels = [*ROLES.values(), *(label for label, _ in CONFIDENTIALITY.values())]

    assert tones == {"neutral", "accent", "good", "warn", "bad"}
    assert all(str(label) for label in labels)
