"""Due diligence pages: open, answer, decide; recognize, suspend, reinstate; documents."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from concord.errors import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion
from concord.organizations import actions, forms, queries
from concord.organizations.actions.screening import NOT_RECOGNIZED
from concord.organizations.actions.steps import NOT_OFFICER
from concord.organizations.labels import FINDINGS, SANCTIONS
from concord.organizations.models import Organization, Screening
from concord.organizations.policy import (
    may_add_document,
    may_decide,
    may_ever,
    may_open_screening,
    may_suspend,
    screens,
)
from concord.organizations.questions import QUESTIONS
from concord.organizations.routes.overview import overview
from concord.organizations.routes.reading import (
    Typed,
    actor_of,
    address_of,
    asked_organization,
    typed_text,
)
from concord.web.flash import see_other
from concord.web.forms import reader, upload
from concord.web.i18n import gettext as _
from concord.web.rendering import render
from concord.web.routing import command, page

BASE = "/organizations/{organization}"


async def open_screening(request: Request) -> Response:
    organization = await asked_organization(request)
    actor = actor_of(request)
    if not screens(actor, organization):
        raise NotAllowed(NOT_OFFICER)
    await actions.open_screening(organization, actor=actor, now=request.state.now)
    if actor.is_secretariat:
        return see_other(address_of(organization, "review"), _("The review is open."))
    return see_other(address_of(organization), _("Your application is on its way to UNODC."))


async def show_review(request: Request) -> Response:
    """The open review; an officer starts one from the organization's page."""
    organization = await asked_organization(request)
    if may_open_screening(actor_of(request), organization):
        present = await queries.present_screening(organization)
        if present is None or present.decided_at is not None:
            return see_other(address_of(organization))
    organization, screening = await _asked_review(request)
    return await _review_page(request, organization, screening, typed=_typed_of(screening))


async def save_review(request: Request) -> Response:
    organization, screening = await _asked_review(request)
    typed = await typed_text(request)
    try:
        read = await reader(request)
        await actions.save_screening(
            organization,
            forms.screening(read, today=_now(request).date()),
            version=forms.version(read),
            actor=actor_of(request),
            now=_now(request),
        )
    except InvalidInput as refused:
        return await _review_page(
            request, organization, screening, typed=typed, errors=refused.fields, status=422
        )
    except StaleVersion as stale:
        return await _review_page(
            request,
            organization,
            screening,
            typed=typed,
            errors={"": stale.message},
            status=409,
        )
    return see_other(address_of(organization, "review"), _("The answers are saved."))


async def decide(request: Request) -> Response:
    organization, screening = await _asked_review(request)
    try:
        decision = forms.decision(await reader(request))
        await actions.decide(organization, decision, actor=actor_of(request), now=_now(request))
    except (InvalidInput, Conflict) as refused:
        return await _review_page(
            request,
            organization,
            screening,
            typed=_typed_of(screening) | await typed_text(request),
            errors=_problems(refused),
            status=422 if isinstance(refused, InvalidInput) else 409,
        )
    return see_other(address_of(organization), _("The decision is recorded."))


async def recognize(request: Request) -> Response:
    organization = await asked_organization(request)
    if not may_ever("recognize", actor_of(request)):
        raise NotAllowed(NOT_RECOGNIZED)
    await actions.recognize(organization, actor=actor_of(request), now=_now(request))
    return see_other(address_of(organization), _("The organization is recognized."))


async def show_suspension(request: Request) -> Response:
    organization = await asked_organization(request)
    if not may_suspend(actor_of(request), organization):
        raise NotAllowed("Only a due diligence officer suspends a verified provider.")
    return render(
        request, "organizations/suspend.html", organization=organization, typed={}, errors={}
    )


async def add_document(request: Request) -> Response:
    organization = await asked_organization(request)
    if not may_add_document(actor_of(request), organization):
        raise NotAllowed("The provider and the due diligence officer add documents.")
    try:
        file = await upload(request, "file")
        if file is None:
            raise InvalidInput({"file": "Choose a file."})
        await actions.add_document(organization, file, actor=actor_of(request), now=_now(request))
    except InvalidInput as refused:
        context = await overview(organization, actor_of(request))
        return render(
            request, "organizations/show.html", status=422, errors=refused.fields, **context
        )
    return see_other(address_of(organization), _("The document is kept."))


async def _asked_review(request: Request) -> tuple[Organization, Screening]:
    """The open review of an organization, for an officer; NotFound where there is none."""
    organization = await asked_organization(request)
    if not may_decide(actor_of(request), organization):
        raise NotAllowed("Only a due diligence officer works on an open review.")
    screening = await queries.present_screening(organization)
    if screening is None or screening.decided_at is not None:
        raise NotFound
    return organization, screening


async def _review_page(
    request: Request,
    organization: Organization,
    screening: Screening,
    *,
    typed: Typed,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "organizations/review.html",
        status=status,
        errors=errors or {},
        organization=organization,
        screening=screening,
        stored=_typed_of(screening) if status == 409 else {},
        typed=typed,
        questions=QUESTIONS,
        documents=await queries.attachments_of(actor_of(request), organization.id),
        findings=[(code, str(label)) for code, label in FINDINGS.items()],
        sanctions=[(code, str(label)) for code, label in SANCTIONS.items()],
    )


def _problems(refused: InvalidInput | Conflict) -> dict[str, str]:
    return refused.fields if isinstance(refused, InvalidInput) else {"": refused.message}


def _typed_of(screening: Screening) -> Typed:
    checked = screening.sanctions_checked_at
    typed = {
        "sanctions_on": checked.date().isoformat() if checked else "",
        "sanctions_result": screening.sanctions_result or "",
        "sanctions_note": screening.sanctions_note,
    }
    for code, answer in screening.answers.items():
        typed[f"{code}_finding"] = answer.get("finding", "")
        typed[f"{code}_note"] = answer.get("note", "")
    return typed


def _now(request: Request) -> datetime:
    found: datetime = request.state.now
    return found


routes = [
    command(f"{BASE}/screening", open_screening),
    page(f"{BASE}/review", show_review),
    command(f"{BASE}/review", save_review),
    command(f"{BASE}/decision", decide),
    command(f"{BASE}/recognition", recognize),
    page(f"{BASE}/suspension", show_suspension),
    command(f"{BASE}/documents", add_document),
]
