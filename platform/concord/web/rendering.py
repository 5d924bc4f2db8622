"""Pages: one Jinja2 environment, and `render` to answer a request with a template."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Match

from concord.web import code_names, elements, formats, i18n, labels, view
from concord.web.elements import NavItem
from concord.web.static import static_url

Navigation = Callable[[Request], Sequence[NavItem]]


def render(
    request: Request, template: str, *, status: int = 200, at: str = "", **context: Any
) -> HTMLResponse:
    """Answer with a page; whatever `request.state` lacks, as after a crash, shows as nobody's.

    `at` is where a page that answers a form can be asked for; else the nearest page above it.
    """
    page = _chrome(request) | context
    with view.use_view(_view(request, at)):
        content = environment().get_template(template).render(page)
    return HTMLResponse(content, status, {"content-language": i18n.current_locale()})


def _view(request: Request, at: str) -> view.View:
    path, _, query = at.partition("?") if at else _address(request)
    return view.View(
        path=path,
        query=query,
        elsewhere=path != request.url.path,
        csrf_token=getattr(request.state, "csrf_token", ""),
        now=getattr(request.state, "now", None) or datetime.now(UTC),
    )


def _address(request: Request) -> tuple[str, str, str]:
    """Of the page to go back to: many addresses only take what is sent."""
    path = request.url.path
    if request.method not in {"GET", "HEAD"}:
        while path != "/" and not _is_page(request, path):
            path = path.rpartition("/")[0] or "/"
    return path, "?", request.url.query


def _is_page(request: Request, path: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


def _chrome(request: Request) -> dict[str, Any]:
    """What base.html shows around every page."""
    locale = i18n.current_locale()
    state = request.state
    navigation: Navigation = getattr(request.app.state, "navigation", _no_navigation)
    return {
        "actor": getattr(state, "actor", None),
        "demo": getattr(getattr(request.app.state, "settings", None), "demo", False),
        "direction": i18n.direction(locale),
        "flashes": getattr(state, "flashes", ()),
        "language_tag": i18n.language_tag(locale),
        "locale": locale,
        "navigation": navigation(request),
        "unread": getattr(state, "unread", 0),
        "waiting": getattr(state, "waiting", 0),
    }


def _no_navigation(request: Request) -> Sequence[NavItem]:
    return ()


@lru_cache(maxsize=1)
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("templates", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        finalize=i18n.say,
        extensions=["jinja2.ext.i18n"],
    )
    made.filters.update(_FILTERS)
    made.globals.update(_GLOBALS)
    install: Callable[..., None] = getattr(made, "install_gettext_callables")  # noqa: B009
    install(i18n.gettext, i18n.ngettext, True, i18n.pgettext, i18n.npgettext)
    return made


def still(template: str, macro: str, *arguments: str) -> Markup:
    """What a macro makes of these arguments, drawn once for each language and then kept."""
    return _drawn(template, macro, i18n.current_locale(), *arguments)


@lru_cache(maxsize=2048)
def _drawn(template: str, macro: str, locale: str, *arguments: str) -> Markup:
    module = environment().get_template(f"components/{template}.html").module
    drawn: Markup = getattr(module, macro)(*arguments)
    return drawn


_FILTERS: dict[str, Callable[..., Any]] = {
    "beneficiary_name": code_names.beneficiary_name,
    "date": formats.short_date,
    "datetime": formats.moment,
    "days_until": formats.days_until,
    "distance": formats.distance,
    "language_name": formats.language_name,
    "listed": formats.listed,
    "modality_name": code_names.modality_name,
    "number": formats.number,
    "percent": formats.percent,
    "reason_name": code_names.reason_name,
    "relative": formats.relative,
    "role_name": labels.role_name,
    "state_name": formats.state_name,
    "topic_name": code_names.topic_name,
    "unit_name": code_names.unit_name,
}
_GLOBALS: dict[str, Any] = {
    "address_with": view.address_with,
    "address_without": view.address_without,
    "capacity": elements.Capacity,
    "column": elements.Column,
    "comparison_row": elements.Comparison,
    "confidentiality_classes": labels.CONFIDENTIALITY,
    "contribution": elements.Contribution,
    "csrf_token": view.csrf_token,
    "current_address": view.current_address,
    "disclaimer": labels.DISCLAIMER,
    "endonyms": i18n.ENDONYMS,
    "fact": elements.Fact,
    "language_tag_of": i18n.language_tag,
    "new_key": view.new_key,
    "page_numbers": view.page_numbers,
    "period": formats.period,
    "query_value": view.query_value,
    "query_values": view.query_values,
    "sort_address": view.sort_address,
    "state_label": labels.state_label,
    "state_tone": labels.state_tone,
    "static": static_url,
    "still": still,
    "task": elements.Task,
    "tile": elements.Tile,
}
