"""Handlers of one request's page: shown, asked about, answered, published, closed."""

from collections.abc import Callable, Mapping

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from concord.actor import Actor, Role
from concord.errors import Conflict, InvalidInput, NotAllowed, Text
from concord.inputs import Reader
from concord.reference.languages import CONTENT_LANGUAGES
from concord.requests import actions
from concord.requests.behalf import on_paper
from concord.requests.files import files_of
from concord.requests.forms import (
    Raw,
    parse_answer,
    parse_follow_up,
    parse_id,
    parse_question,
    parse_version,
)
from concord.requests.merging import partner_of
from concord.requests.models import Clarification, Request
from concord.requests.pages import may, publishes, request_at, timeline_of, waits_of
from concord.requests.policy import (
    asks,
    leads,
    may_answer,
    names_officers,
    speaks_for,
    writes,
)
from concord.requests.queries import (
    clarification_for,
    provider_names,
    public_view_of,
    secretariat_people,
    summary_for,
    view_of,
)
from concord.requests.values import Level
from concord.requests.wording import ANSWERS, FIELDS, GAP_SECTIONS, GAPS
from concord.web.choices import language_options
from concord.web.flash import see_other
from concord.web.forms import fields, reader, upload
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _
from concord.web.rendering import render

NOT_YOURS = "You may not do this with this request."
LONGEST_ID = 20


async def _asked(http: HttpRequest, may_ever: Callable[[Actor, Request], bool]) -> Request:
    """The request of this address, for those whose step it is, before anything typed is read."""
    request = await request_at(http)
    if not may_ever(http.state.actor, request):
        raise NotAllowed(NOT_YOURS)
    return request


async def show(http: HttpRequest) -> Response:
    """One request as far as this reader may see it; the State reads who else did."""
    request = await request_at(http)
    return await _page(http, request, {"language": [current_locale()]})


async def _page(
    http: HttpRequest,
    request: Request,
    raw: Raw,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    actor: Actor = http.state.actor
    view = await view_of(actor, request)
    allowed = may(actor, request, view, http.state.now)
    template = "trail" if view.level is Level.TRAIL else "show"
    return render(
        http,
        f"requests/{template}.html",
        status=status,
        request_view=view,
        timeline=timeline_of(view),
        waits=waits_of(view),
        may=allowed,
        raw=raw,
        published=publishes(actor, view),
        languages=language_options(CONTENT_LANGUAGES),
        providers=await _providers(allowed, view.level),
        officers=await _officers(request, allowed),
        on_paper=on_paper(actor, request),
        partner=await partner_of(actor, request) if view.level is Level.FULL else None,
        files=await files_of(actor, view),
        labels=FIELDS,
        gaps=GAPS,
        gap_sections=GAP_SECTIONS,
        follow_up_answers=list(ANSWERS.items())[:3],
        answers=ANSWERS,
        errors=errors or {},
    )


async def _providers(allowed: dict[str, bool], level: Level) -> list[tuple[str, str]]:
    if not allowed["name_provider"] or level is not Level.FULL:
        return []
    return [(str(key), name) for key, name in (await provider_names()).items()]


async def _officers(request: Request, allowed: dict[str, bool]) -> list[tuple[str, str]]:
    if not allowed["assign"]:
        return []
    named = await secretariat_people(Role.COORDINATOR, request.lead_state_id)
    return [(str(key), name) for key, name in named.items()]


async def clarification(http: HttpRequest) -> Response:
    request = await _asked(http, asks)
    raw = await fields(http)
    try:
        question, language = parse_question(Reader(raw))
    except InvalidInput as refused:
        return await _page(http, request, raw, errors=refused.fields, status=422)
    try:
        await actions.ask_clarification(
            request,
            question=question,
            language=language,
            actor=http.state.actor,
            now=http.state.now,
        )
    except Conflict as refused:
        return await _page(http, request, raw, errors={"": refused.message}, status=409)
    return see_other(f"/requests/{request.public_id}#questions", _("Your question is asked."))


async def answer(http: HttpRequest) -> Response:
    """The page of one question; an answer is sent once and shared if the State says so."""
    request = await request_at(http)
    asked = await clarification_for(request, http.path_params["clarification"])
    if not may_answer(http.state.actor, request):
        raise NotAllowed(NOT_YOURS)
    if http.method == "GET":
        return _answer_page(http, request, asked, {"language": [request.language]})
    raw = await fields(http)
    try:
        text, language, shared = parse_answer(Reader(raw))
        await actions.answer_clarification(
            request,
            asked,
            answer=text,
            language=language,
            shared=shared,
            actor=http.state.actor,
            now=http.state.now,
        )
    except InvalidInput as refused:
        return _answer_page(http, request, asked, raw, errors=refused.fields, status=422)
    except Conflict as refused:
        errors = {"": refused.message}
        return _answer_page(http, request, asked, raw, errors=errors, status=409)
    return see_other(f"/requests/{request.public_id}#questions", _("Your answer is sent."))


def _answer_page(
    http: HttpRequest,
    request: Request,
    question: Clarification,
    raw: Raw,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    return render(
        http,
        "requests/answer.html",
        status=status,
        public_id=request.public_id,
        question=question,
        raw=raw,
        languages=language_options(CONTENT_LANGUAGES),
        errors=errors or {},
    )


async def publication(http: HttpRequest) -> Response:
    request = await _asked(http, speaks_for)
    typed = await reader(http)
    agreed = typed.boolean("publish")
    await actions.set_publication(
        request,
        agreed=agreed,
        version=parse_version(typed),
        actor=http.state.actor,
        now=http.state.now,
    )
    said = _("You agree to publish the summary.") if agreed else _("The summary is not published.")
    return see_other(f"/requests/{request.public_id}", said)


async def closure(http: HttpRequest) -> Response:
    request = await _asked(http, leads)
    typed = await reader(http)
    await actions.close(
        request, version=parse_version(typed), actor=http.state.actor, now=http.state.now
    )
    return see_other(f"/requests/{request.public_id}", _("The request is closed."))


async def follow_up(http: HttpRequest) -> Response:
    request = await _asked(http, leads)
    raw = await fields(http)
    typed = Reader(raw)
    try:
        said, note = parse_follow_up(typed)
    except InvalidInput as refused:
        return await _page(http, request, raw, errors=refused.fields, status=422)
    await actions.follow_up(
        request,
        answer=said,
        note=note,
        version=parse_version(typed),
        actor=http.state.actor,
        now=http.state.now,
    )
    return see_other(f"/requests/{request.public_id}", _("Thank you: your answer is kept."))


async def taking_up(http: HttpRequest) -> Response:
    """A new draft with everything that the old request said."""
    request = await request_at(http)
    if not leads(http.state.actor, request):
        raise NotAllowed(NOT_YOURS)
    draft = await actions.take_up(request, actor=http.state.actor, now=http.state.now)
    return see_other(f"/requests/{draft.public_id}/draft", _("Your draft is saved."))


async def attachment(http: HttpRequest) -> Response:
    request = await _asked(http, writes)
    sent = await upload(http, "file")
    try:
        if sent is None:
            raise InvalidInput({"file": Text("Choose a file.")})
        await actions.attach(request, sent, actor=http.state.actor, now=http.state.now)
    except InvalidInput as refused:
        return await _page(http, request, {}, errors=refused.fields, status=422)
    return see_other(f"/requests/{request.public_id}", _("The file is kept."))


async def assignment(http: HttpRequest) -> Response:
    request = await _asked(http, names_officers)
    typed = await reader(http)
    await actions.assign(
        request,
        person_id=parse_id(typed, "person"),
        role=Role.COORDINATOR,
        version=parse_version(typed),
        actor=http.state.actor,
        now=http.state.now,
    )
    return see_other(f"/requests/{request.public_id}", _("Saved."))


async def naming(http: HttpRequest) -> Response:
    request = await _asked(http, leads)
    typed = await reader(http)
    await actions.name_provider(
        request,
        organization_id=parse_id(typed, "organization"),
        version=parse_version(typed),
        actor=http.state.actor,
        now=http.state.now,
    )
    said = _("This provider now sees the request in full.")
    return see_other(f"/requests/{request.public_id}", said)


async def show_summary(http: HttpRequest) -> Response:
    """A published summary, for everyone; the same 404 for all others."""
    found: str = http.path_params["public_id"]
    view = await public_view_of(await summary_for(found[:LONGEST_ID]))
    return render(http, "requests/summary.html", request_view=view, errors={})
