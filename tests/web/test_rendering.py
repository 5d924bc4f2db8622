"""Pages: every component in every layout and language, safe whatever they are given."""

from collections import Counter
from types import SimpleNamespace

import lxml.html
import pytest
from jinja2 import UndefinedError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from concord.errors import Text
from concord.web import problems
from concord.web.i18n import ENDONYMS, use_locale
from concord.web.rendering import environment, render
from tests.web.gallery import SESSION_MARK, gallery_context, gallery_request

GALLERY = "components/gallery.html"
LAYOUTS = ("app", "form", "workbench", "public", "error")
HOSTILE = '"><script>alert(1)</script>'


def gallery(layout: str, **replaced: object) -> str:
    context = gallery_context(layout)
    context["sample"] |= replaced
    request = gallery_request(signed_in=layout != "public")
    return bytes(render(request, GALLERY, **context).body).decode()


def tree(page: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(page)


def texts(page: str, path: str) -> list[str]:
    return [" ".join(element.text_content().split()) for element in tree(page).iterfind(path)]


@pytest.mark.parametrize("locale", ENDONYMS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_component_renders_in_every_layout_and_language(layout: str, locale: str) -> None:
    with use_locale(locale):
        root = tree(gallery(layout))

    assert root.get("dir") == ("rtl" if locale == "ar" else "ltr")
    assert root.get("lang") == ("zh-Hans" if locale == "zh" else locale)
    assert root.body.get("class") == f"layout-{layout}"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_labels_hints_and_errors_point_at_what_they_describe(layout: str) -> None:
    root = tree(gallery(layout))
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    pointed = {
        target
        for element in root.iter()
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls")
        for target in (element.get(name) or "").split()
    }

    assert [name for name, times in ids.items() if times > 1] == []
    assert pointed - set(ids) == set()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_form_that_writes_carries_the_sessions_token(layout: str) -> None:
    forms = [form for form in tree(gallery(layout)).iter("form") if form.get("method") == "post"]
    tokens = {form.xpath("string(.//input[@name='csrf_token']/@value)") for form in forms}

    assert tokens == {SESSION_MARK}


@pytest.mark.parametrize("layout", ["app", "form", "workbench"])
def test_what_is_given_is_shown_as_text(layout: str) -> None:
    page = gallery(layout, title=HOSTILE, text=HOSTILE, text_lang=HOSTILE, form_title=HOSTILE)
    scripts = [script.get("src") or "" for script in tree(page).iter("script")]

    assert HOSTILE not in page
    assert all(source.startswith("/static/") for source in scripts)


def test_every_page_compiles() -> None:
    pages = environment().list_templates(
        filter_func=lambda name: name.endswith(".html") and not name.startswith("email/")
    )

    assert {environment().get_template(name).name for name in pages} == set(pages)


def test_a_saved_draft_sends_its_new_version_back() -> None:
    source = '{% from "components/form.html" import saved_version %}{{ saved_version(4) }}'
    field = lxml.html.fragment_fromstring(environment().from_string(source).render().strip())

    assert (field.get("name"), field.get("value"), field.get("hx-swap-oob")) == (
        "version",
        "4",
        "true",
    )
    assert tree(gallery("form")).xpath(f"//form//input[@id='{field.get('id')}']/@value") == ["3"]


def test_a_page_with_errors_says_so_in_its_title() -> None:
    assert texts(gallery("form"), ".//title") == ["Error: Components · Concord"]


def test_a_page_without_errors_has_a_plain_title() -> None:
    assert texts(gallery("app"), ".//title") == ["Components · Concord"]


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'sample' is undefined"):
        render(gallery_request(), GALLERY, layout="error", errors={})


def test_the_answer_has_its_status_and_language() -> None:
    with use_locale("fr"):
        answer = render(gallery_request(), "errors/409.html", status=409, message="")

    assert (answer.status_code, answer.headers["content-language"]) == (409, "fr")


@pytest.mark.parametrize("status", sorted(problems.PAGES))
def test_every_problem_says_what_happened_and_what_to_do(status: int) -> None:
    message = Text("It is now “%(state)s”.", state=HOSTILE)
    answer = render(gallery_request(), f"errors/{status}.html", status=status, message=message)
    page = bytes(answer.body).decode()
    said = texts(page, ".//p[@class='lead']")

    assert texts(page, ".//h1") == [problems.TITLES[status]]
    assert said[-1].endswith(".")
    assert (str(message) in said) is (status != 404)
    assert HOSTILE not in page


def test_a_problem_shows_even_when_nothing_was_prepared() -> None:
    scope = {"type": "http", "path": "/", "query_string": b"", "headers": [], "app": Starlette()}
    request = Request(scope | {"server": ("concord.test", 80), "scheme": "http", "method": "GET"})
    page = bytes(render(request, "errors/500.html", status=500, message="").body).decode()

    assert texts(page, ".//h1") == ["Something went wrong on our side"]


def test_one_may_switch_between_ones_seats() -> None:
    root = tree(gallery("app"))
    seats = root.xpath("(//form[@action='/account/seat'])[1]//button[@aria-current]/@value")

    assert seats == ["00000000-0000-0000-0000-000000000001"]


def test_nobody_signed_in_is_offered_to_sign_in() -> None:
    page = gallery("public")

    assert 'href="/sign-in"' in page
    assert 'action="/sign-out"' not in page


def test_the_demonstration_says_that_it_is_one() -> None:
    request = gallery_request()
    request.app.state.settings = SimpleNamespace(demo=False)
    real = bytes(render(request, "errors/404.html", status=404, message="").body).decode()

    assert "This is a demonstration" in gallery("app")
    assert "This is a demonstration" not in real


def test_a_bar_and_its_table_tell_the_same() -> None:
    page = gallery("app")
    table = tree(page).xpath("//details[@class='twin']//td/text()")

    assert "Capacity: 40 of 120 free" in page
    assert table == ["40", "25", "35", "20", "120"]


def test_an_unlimited_slot_has_no_bar() -> None:
    source = (
        '{% from "components/chart.html" import capacity_bar %}'
        '{{ capacity_bar(capacity(none, delivered=7), "Course") }}'
    )
    page = environment().from_string(source).render()

    assert ("Unlimited" in page, "7 delivered" in page, "<svg" in page) == (True, True, False)


def test_pages_of_a_list_keep_its_filter_and_order() -> None:
    links = tree(gallery("app")).xpath("//nav[@class='pagination']//a/@href")

    assert links[0] == "?sort=-title&state=open&page=3"
    assert tree(gallery("app")).xpath("//th[@aria-sort]/@aria-sort") == ["descending"]


def test_what_was_typed_keeps_its_own_direction_among_facts() -> None:
    listed = environment().from_string(
        '{% from "components/summary.html" import summary_list %}'
        "{{ summary_list([fact('typed', typed, note=typed), fact('3', 3), fact('no', _('No'))]) }}"
    )
    with use_locale("ar"):
        root = lxml.html.fromstring(listed.render(typed="Courts <wait>."))
    assert [element.text for element in root.iterfind(".//dd/bdi")] == ["Courts <wait>."] * 2


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/requests/REQ-1/pairings", "/requests/REQ-1/pairings"),
        ("/matcher/models/equity", "/matcher/models"),
        ("/matches/MAT-1/steps/undo", "/matches/MAT-1"),
        ("/sessions/end", "/"),
    ],
)
def test_a_page_that_answers_a_form_leads_to_a_page(path: str, page: str) -> None:
    request = gallery_request()
    request.scope.update(method="POST", path=path, query_string=b"page=2")
    request.app.routes.extend(
        Route(each, lambda _: Response(), methods=["GET"])
        for each in ("/requests/{id}/pairings", "/matcher/models", "/matches/{id}")
    )
    answer = bytes(render(request, GALLERY, **gallery_context("app")).body).decode()
    assert tree(answer).xpath("string(//input[@name='next']/@value)") == f"{page}?page=2"


def test_a_page_may_say_where_it_can_be_asked_for() -> None:
    request = gallery_request()
    request.scope.update(method="POST", path="/portfolio")
    sample = gallery_context("app")
    answer = bytes(render(request, GALLERY, at="/portfolio/1?page=2", **sample).body).decode()
    assert 'name="next" value="/portfolio/1?page=2"' in answer
    assert 'href="/portfolio/1?page=3"' in answer
