"""Handlers of drafts: begun, written page by page, checked, submitted, confirmed."""

from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from concord.actor import Actor
from concord.errors import Conflict, InvalidInput, NotAllowed, NotFound
from concord.inputs import Reader
from concord.reference.languages import CONTENT_LANGUAGES
from concord.requests import actions
from concord.requests.checking import check_for_submission
from concord.requests.completeness import THRESHOLD, completeness
from concord.requests.forms import NOTE_LENGTH, Raw, parse_language, parse_version
from concord.requests.item_pages import edit_item, remove_item
from concord.requests.models import Request
from concord.requests.pages import is_editable, request_at, task_list_of
from concord.requests.policy import leads, may_confirm, may_draft, may_submit, writes
from concord.requests.queries import request_for, values_of, view_of
from concord.requests.sections import SECTIONS, edit_section
from concord.requests.values import DraftValues
from concord.requests.wording import FIELDS, GAP_SECTIONS, GAPS
from concord.web.choices import language_options
from concord.web.flash import see_other
from concord.web.forms import fields, reader
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _
from concord.web.rendering import render

NOT_YOURS = "You may not do this with this request."
STATES_ONLY = "Requests are written by authorities of States."


async def new(http: HttpRequest) -> Response:
    """A title and a language begin a draft; everything else follows page by page."""
    actor: Actor = http.state.actor
    if not may_draft(actor):
        raise NotAllowed(STATES_ONLY)
    if http.method == "GET":
        return _new_page(http, {"language": [current_locale()]})
    raw = await fields(http)
    typed = Reader(raw)
    try:
        values = DraftValues(
            title=typed.text("title", required=True), language=parse_language(typed, "language")
        )
        typed.check()
    except InvalidInput as refused:
        return _new_page(http, raw, refused, status=422)
    request = await actions.create_draft(values, actor=actor, now=http.state.now)
    return see_other(f"/requests/{request.public_id}/draft", _("Your draft is saved."))


def _new_page(
    http: HttpRequest, raw: Raw, refused: InvalidInput | None = None, *, status: int = 200
) -> Response:
    return render(
        http,
        "requests/new.html",
        status=status,
        raw=raw,
        labels=FIELDS,
        languages=language_options(CONTENT_LANGUAGES),
        errors=refused.fields if refused else {},
    )


async def _editable(http: HttpRequest) -> Request:
    """The request of this address, where this reader writes it; a moved one is no longer."""
    request = await request_at(http)
    if not writes(http.state.actor, request):
        raise NotAllowed(NOT_YOURS)
    return request


def _base(request: Request) -> str:
    return f"/requests/{request.public_id}/draft"


async def task_list(http: HttpRequest) -> Response:
    """The whole draft at a glance: what is filled in, what is missing, how complete it is."""
    request = await _editable(http)
    if not is_editable(request):
        return RedirectResponse(f"/requests/{request.public_id}", 303)
    view = await view_of(http.state.actor, request)
    values = await values_of(request)
    return render(
        http,
        "requests/draft.html",
        request_view=view,
        tasks=task_list_of(values, _base(request)),
        base=_base(request),
        measured=completeness(values),
        gaps=GAPS,
        gap_sections=GAP_SECTIONS,
        errors={},
    )


async def section(http: HttpRequest) -> Response:
    """One short page; the next one follows, and the task list after the last."""
    request = await _editable(http)
    name, base = http.path_params["section"], _base(request)
    if http.method == "GET" and not is_editable(request):
        return RedirectResponse(f"/requests/{request.public_id}", 303)
    return await edit_section(
        http, request, name, base=base, save=actions.edit, then=_next(base, name)
    )


def _next(base: str, name: str) -> str:
    """Things asked for come after what is needed; the last page leads back to the list."""
    order = ["need", "items", *(one for one in SECTIONS if one != "need")]
    place = order.index(name) if name in order else len(order)
    return f"{base}/{order[place + 1]}" if place + 1 < len(order) else base


async def items(http: HttpRequest) -> Response:
    request = await _editable(http)
    if not is_editable(request):
        return RedirectResponse(f"/requests/{request.public_id}", 303)
    values = await values_of(request)
    return render(
        http,
        "requests/items.html",
        base=_base(request),
        public_id=request.public_id,
        version=request.version,
        items=values.items,
        following=_next(_base(request), "items"),
        measured=completeness(values),
        errors={},
    )


async def item(http: HttpRequest) -> Response:
    """A new thing asked for, or one at its place."""
    request = await _editable(http)
    return await edit_item(http, request, _position(http), base=_base(request), save=actions.edit)


async def removal(http: HttpRequest) -> Response:
    request = await _editable(http)
    position = _position(http)
    if position is None:
        raise NotFound
    return await remove_item(http, request, position, base=_base(request), save=actions.edit)


def _position(http: HttpRequest) -> int | None:
    found: int | None = http.path_params.get("position")
    return found


async def check(http: HttpRequest) -> Response:
    """All answers on one page, and what is missing, before submitting."""
    request = await _editable(http)
    if not is_editable(request):
        return RedirectResponse(f"/requests/{request.public_id}", 303)
    return await _check_page(http, request)


async def _check_page(
    http: HttpRequest,
    request: Request,
    *,
    errors: dict[str, str] | None = None,
    override_reason: str = "",
    status: int = 200,
) -> Response:
    view, values = await view_of(http.state.actor, request), await values_of(request)
    return render(
        http,
        "requests/check.html",
        status=status,
        request_view=view,
        base=_base(request),
        measured=completeness(values),
        threshold=THRESHOLD,
        gaps=GAPS,
        gap_sections=GAP_SECTIONS,
        faults=errors if errors else _missing(values),
        override_reason=override_reason or request.override_reason,
        may_submit=may_submit(http.state.actor, request),
        labels=FIELDS,
        errors=errors or {},
    )


def _missing(values: DraftValues) -> dict[str, str]:
    """What no reason for submitting replaces."""
    try:
        check_for_submission(values)
    except InvalidInput as refused:
        return refused.fields
    return {}


async def submission(http: HttpRequest) -> Response:
    request = await request_at(http)
    actor: Actor = http.state.actor
    if not leads(actor, request):
        raise NotAllowed(NOT_YOURS)
    typed = await reader(http)
    try:
        reason = typed.prose("override_reason", limit=NOTE_LENGTH)
        version = parse_version(typed)
        typed.check()
        await actions.submit(
            request, version=version, override_reason=reason, actor=actor, now=http.state.now
        )
    except InvalidInput as refused:
        return await _check_page(
            http, request, errors=refused.fields, override_reason=reason, status=422
        )
    except Conflict as refused:
        stored = await request_for(actor, request.public_id)
        if not is_editable(stored):
            raise
        return await _check_page(
            http, stored, errors={"": refused.message}, override_reason=reason, status=409
        )
    return see_other(f"/requests/{request.public_id}", _("The request is submitted."))


async def confirmation(http: HttpRequest) -> Response:
    """A co-requesting State confirms the text as it stands, or does not take part."""
    request = await request_at(http)
    actor: Actor = http.state.actor
    if not may_confirm(actor, request):
        raise NotAllowed(NOT_YOURS)
    typed = await reader(http)
    decision = typed.choice("decision", ["confirm", "decline"], required=True)
    note, version = typed.prose("note", limit=NOTE_LENGTH), parse_version(typed)
    typed.check()
    if decision == "confirm":
        await actions.confirm_party(request, version=version, actor=actor, now=http.state.now)
        return see_other(f"/requests/{request.public_id}", _("Your State's word is recorded."))
    await actions.decline_party(
        request, version=version, note=note, actor=actor, now=http.state.now
    )
    return see_other("/requests", _("Your State no longer takes part in this request."))
