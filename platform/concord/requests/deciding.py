"""Handlers of decisions: UNODC's review and referral, the State's word on both texts."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import Conflict, InvalidInput, NotAllowed
from concord.inputs import Reader
from concord.reference.languages import CONTENT_LANGUAGES
from concord.reference.queries import code_lists
from concord.requests import actions
from concord.requests.comparing import differences
from concord.requests.completeness import THRESHOLD
from concord.requests.forms import (
    Raw,
    known_tags,
    parse_decision,
    parse_no_objection,
    parse_reasons,
    parse_referral,
    parse_texts,
    parse_version,
)
from concord.requests.models import Request
from concord.requests.pages import request_at
from concord.requests.policy import (
    coordinates,
    may_agree,
    may_decide_referral,
    may_give_publication,
    may_object,
    may_review,
    speaks_for,
)
from concord.requests.queries import request_for, view_of
from concord.requests.states import CIRCULATED_CLASSES, Confidentiality
from concord.requests.wording import GAPS
from concord.web.choices import code_options, language_options
from concord.web.flash import see_other
from concord.web.forms import fields
from concord.web.i18n import gettext as _
from concord.web.rendering import render

NOT_YOURS = "You may not do this with this request."


async def review_page(http: HttpRequest) -> Response:
    request = await request_at(http)
    if not may_review(http.state.actor, request):
        raise NotAllowed(NOT_YOURS)
    raw = {
        "circulation_text": [request.circulation_text],
        "public_summary": [request.public_summary],
        "texts_language": [_language_of_texts(request)],
    }
    return await _review(http, request, raw)


def _language_of_texts(request: Request) -> str:
    return request.texts_language if request.circulation_text else request.language


async def _review(
    http: HttpRequest,
    request: Request,
    raw: Raw,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    lists = await code_lists()
    return render(
        http,
        "requests/review.html",
        status=status,
        request_view=await view_of(http.state.actor, request),
        raw=raw,
        stored=_stored(request, raw) if status == 409 else (),
        may_review=may_review(http.state.actor, request),
        circulates=request.confidentiality in CIRCULATED_CLASSES,
        publishes=request.confidentiality is Confidentiality.PUBLIC,
        languages=language_options(CONTENT_LANGUAGES, keep=known_tags(raw, "texts_language")),
        return_reasons=code_options(lists.reasons_for("request_returned")),
        referral_reasons=code_options(lists.reasons_for("request_referred")),
        gaps=GAPS,
        threshold=THRESHOLD,
        errors=errors or {},
    )


def _stored(request: Request, raw: Raw) -> Sequence[object]:
    """The texts that somebody else has saved meanwhile, beside those typed."""
    kept = {
        "circulation_text": [request.circulation_text],
        "public_summary": [request.public_summary],
    }
    return differences(list(kept), raw, kept)


async def review(http: HttpRequest) -> Response:
    """Accept it, with the texts that the State will see; or return it; or propose a referral."""
    request = await request_at(http)
    actor: Actor = http.state.actor
    if http.method == "GET" or not coordinates(actor, request):
        return await review_page(http)
    raw = await fields(http)
    try:
        said = await _decide(http, request, Reader(raw))
    except InvalidInput as refused:
        return await _review(http, request, raw, errors=refused.fields, status=422)
    except Conflict as refused:
        stored = await request_for(actor, request.public_id)
        return await _review(http, stored, raw, errors={"": refused.message}, status=409)
    return see_other(f"/requests/{request.public_id}", said)


async def _decide(http: HttpRequest, request: Request, typed: Reader) -> str:
    """Carry out what was decided; returns what to say about it."""
    decision = typed.choice("decision", ["accept", "return", "refer"], required=True)
    typed.check()
    version, actor, now = parse_version(typed), http.state.actor, http.state.now
    lists = await code_lists()
    if decision == "return":
        codes = [one.code for one in lists.reasons_for("request_returned")]
        reasons, note = parse_reasons(typed, codes)
        await actions.return_(
            request, reasons=reasons, note=note, version=version, actor=actor, now=now
        )
        return _("The request is returned to the State.")
    if decision == "refer":
        codes = [one.code for one in lists.reasons_for("request_referred")]
        reason, body, note = parse_referral(typed, codes)
        await actions.ask_referral(
            request, reason=reason, body=body, note=note, version=version, actor=actor, now=now
        )
        return _("An approver decides on the referral.")
    texts = parse_texts(typed)
    await actions.review(request, texts=texts, version=version, actor=actor, now=now)
    return _("The request is accepted.")


async def referral(http: HttpRequest) -> Response:
    """An approver agrees, and names the competent body, or sends it back to review."""
    request = await request_at(http)
    actor: Actor = http.state.actor
    if not may_decide_referral(actor, request):
        raise NotAllowed(NOT_YOURS)
    raw = await fields(http) if http.method == "POST" else {"body": [request.referral_body or ""]}
    if http.method == "GET":
        return await _referral(http, request, raw)
    typed = Reader(raw)
    try:
        agreed, body, note = parse_decision(typed)
        await actions.decide_referral(
            request,
            agreed=agreed,
            body=body,
            note=note,
            version=parse_version(typed),
            actor=actor,
            now=http.state.now,
        )
    except InvalidInput as refused:
        return await _referral(http, request, raw, errors=refused.fields, status=422)
    except Conflict as refused:
        stored = await request_for(actor, request.public_id)
        return await _referral(http, stored, raw, errors={"": refused.message}, status=409)
    said = _("The request is referred.") if agreed else _("The request is back in review.")
    return see_other(f"/requests/{request.public_id}", said)


async def _referral(
    http: HttpRequest,
    request: Request,
    raw: Raw,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    return render(
        http,
        "requests/referral.html",
        status=status,
        request_view=await view_of(http.state.actor, request),
        raw=raw,
        errors=errors or {},
    )


async def no_objection(http: HttpRequest) -> Response:
    """Both exact texts before the State, which agrees or objects."""
    request = await request_at(http)
    actor: Actor = http.state.actor
    if not (speaks_for(actor, request) if http.method == "POST" else may_object(actor, request)):
        raise NotAllowed(NOT_YOURS)
    if http.method == "GET":
        return await _no_objection(http, request, {})
    raw = await fields(http)
    typed = Reader(raw)
    try:
        decision, publish, note = parse_no_objection(typed)
        version = parse_version(typed)
        said = await _speak(http, request, decision, publish=publish, note=note, version=version)
    except InvalidInput as refused:
        return await _no_objection(http, request, raw, errors=refused.fields, status=422)
    except Conflict as refused:
        stored = await request_for(actor, request.public_id)
        return await _no_objection(http, stored, raw, errors={"": refused.message}, status=409)
    return see_other(f"/requests/{request.public_id}", said)


async def _speak(
    http: HttpRequest, request: Request, decision: str, *, publish: bool, note: str, version: int
) -> str:
    actor, now = http.state.actor, http.state.now
    if decision == "object":
        await actions.object_to_circulation(
            request, version=version, note=note, actor=actor, now=now
        )
        return _("The request is restricted: it circulates to nobody.")
    await actions.agree_to_circulation(
        request, publish=publish, version=version, actor=actor, now=now
    )
    return _("Your State's word is recorded.")


async def _no_objection(
    http: HttpRequest,
    request: Request,
    raw: Raw,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    actor = http.state.actor
    return render(
        http,
        "requests/no_objection.html",
        status=status,
        request_view=await view_of(actor, request),
        raw=raw,
        may_agree=may_agree(actor, request),
        may_object=may_object(actor, request),
        may_publish=may_give_publication(actor, request),
        errors=errors or {},
    )
