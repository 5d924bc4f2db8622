"""The check's browser reads and fills in forms as a browser without JavaScript does."""

import pytest

from concord.cli.demo.check.browser import Failed, Page

PAGE = """
<h1>Review</h1>
<form action="/things/1/review" method="post">
  <input type="hidden" name="version" value="3"><textarea name="text">old</textarea>
  <button name="decision" value="accept">Accept</button>
</form>
<form action="/things/1/review" method="post">
  <input type="hidden" name="version" value="3">
  <input type="checkbox" name="reasons" value="a">
  <input type="checkbox" name="reasons" value="b" checked>
  <button name="decision" value="return">Return</button>
</form>
<a href="/offers/OFR-1">One</a> <a href="/help">Help</a>
"""


@pytest.fixture
def page() -> Page:
    return Page("/things/1/review", 200, PAGE)


def test_form_is_found_by_its_button(page: Page) -> None:
    form = page.form("/review", button="return")

    assert (form.action, form.method) == ("/things/1/review", "POST")
    assert form.filled({"reasons": ["a", "b"]}) == [
        ("version", "3"),
        ("decision", "return"),
        ("reasons", "a"),
        ("reasons", "b"),
    ]


def test_what_is_not_typed_stays(page: Page) -> None:
    assert page.form("/review", button="accept").filled({}) == [
        ("version", "3"),
        ("text", "old"),
        ("decision", "accept"),
    ]


def test_unknown_fields_and_forms_fail(page: Page) -> None:
    with pytest.raises(Failed, match="no field colour"):
        page.form("/review").filled({"colour": "red"})
    with pytest.raises(Failed, match="no form to …/approval"):
        page.form("/approval")


def test_links_and_heading(page: Page) -> None:
    assert page.links(beginning="/offers/") == ["/offers/OFR-1"]
    assert page.forms_to("/things/") == ["/things/1/review"] * 2
    assert page.heading() == "Review"
