"""A State's people: nominate, accredit on a note verbale, end."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from concord.accounts.models import Membership
from concord.actor import FOCAL_POINTS
from concord.errors import InvalidInput, NotAllowed
from concord.organizations import actions, forms, queries
from concord.organizations.files import ACCEPTED
from concord.organizations.models import Organization
from concord.organizations.policy import may_accredit, may_end_accreditation, nominable
from concord.organizations.routes.reading import (
    actor_of,
    address_of,
    asked_organization,
    typed_text,
)
from concord.reference.languages import UI_LANGUAGES
from concord.web.flash import see_other
from concord.web.forms import reader, upload
from concord.web.i18n import gettext as _
from concord.web.labels import role_name
from concord.web.rendering import render
from concord.web.routing import command, page

PEOPLE = "/organizations/{organization}/people"


async def show_nomination(request: Request) -> Response:
    return await _nomination_page(request, await asked_organization(request))


async def nominate(request: Request) -> Response:
    office = await asked_organization(request)
    actor = actor_of(request)
    try:
        nomination = forms.nomination(await reader(request), roles=nominable(actor, office))
        await actions.nominate(office, nomination, actor=actor, now=_now(request))
    except InvalidInput as refused:
        return await _nomination_page(request, office, errors=refused.fields, status=422)
    if nomination.role in FOCAL_POINTS:
        return see_other(
            address_of(office), _("The nomination is recorded. It awaits accreditation.")
        )
    return see_other(address_of(office), _("The person is invited."))


async def show_accreditation(request: Request) -> Response:
    return await _accreditation_page(request, *await _asked_membership(request))


async def accredit(request: Request) -> Response:
    office, membership = await _asked_membership(request)
    file = await upload(request, "file")
    try:
        note = forms.note_verbale(
            await reader(request), today=_now(request).date(), has_file=file is not None
        )
        if file is None:
            raise InvalidInput({"file": "Attach the note verbale."})
        await actions.accredit(membership, note, file, actor=actor_of(request), now=_now(request))
    except InvalidInput as refused:
        return await _accreditation_page(
            request, office, membership, errors=refused.fields, status=422
        )
    return see_other(address_of(office), _("The accreditation is recorded."))


async def show_ending(request: Request) -> Response:
    return await _ending_page(request, *await _asked_membership(request))


async def end(request: Request) -> Response:
    office, membership = await _asked_membership(request)
    try:
        reason = forms.end_reason(await reader(request))
    except InvalidInput as refused:
        return await _ending_page(request, office, membership, errors=refused.fields, status=422)
    await actions.end_accreditation(
        membership, reason=reason, actor=actor_of(request), now=_now(request)
    )
    return see_other(address_of(office), _("The role is ended."))


async def _asked_membership(request: Request) -> tuple[Organization, Membership]:
    office = await asked_organization(request)
    return office, await queries.membership_at(office, request.path_params["membership"])


async def _nomination_page(
    request: Request,
    office: Organization,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    roles = nominable(actor_of(request), office)
    if not roles:
        raise NotAllowed("Only the State's focal point or its coordinator nominates people here.")
    return render(
        request,
        "organizations/nominate.html",
        status=status,
        errors=errors or {},
        typed=await typed_text(request),
        office=office,
        roles=[(role.value, str(role_name(role))) for role in roles],
        languages=list(UI_LANGUAGES.items()),
    )


async def _accreditation_page(
    request: Request,
    office: Organization,
    membership: Membership,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    if not may_accredit(actor_of(request), membership, office.state_id or ""):
        raise NotAllowed("Only a coordinator who serves this State accredits its nominees.")
    return render(
        request,
        "organizations/accredit.html",
        status=status,
        errors=errors or {},
        typed=await typed_text(request),
        office=office,
        membership=membership,
        accepted=ACCEPTED,
    )


async def _ending_page(
    request: Request,
    office: Organization,
    membership: Membership,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    if not may_end_accreditation(actor_of(request), membership, office.state_id or ""):
        raise NotAllowed("Only a coordinator who serves this State ends a role of it.")
    return render(
        request,
        "organizations/end.html",
        status=status,
        errors=errors or {},
        typed=await typed_text(request),
        office=office,
        membership=membership,
    )


def _now(request: Request) -> datetime:
    found: datetime = request.state.now
    return found


routes = [
    page(f"{PEOPLE}/new", show_nomination),
    command(PEOPLE, nominate),
    page(f"{PEOPLE}/{{membership}}/accreditation", show_accreditation),
    command(f"{PEOPLE}/{{membership}}/accreditation", accredit),
    page(f"{PEOPLE}/{{membership}}/end", show_ending),
    command(f"{PEOPLE}/{{membership}}/end", end),
]
