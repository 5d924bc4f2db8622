"""Registration, entry by an administrator, the page of one organization, and its profile."""

from starlette.requests import Request
from starlette.responses import Response

from concord.accounts.limits import RESET_ADDRESS, Use, network_of
from concord.errors import InvalidInput, NotAllowed, StaleVersion
from concord.organizations import actions, forms, queries
from concord.organizations.labels import KINDS, kind_options, state_options
from concord.organizations.models import Organization
from concord.organizations.policy import may_create, may_edit_profile
from concord.organizations.routes.overview import overview
from concord.organizations.routes.reading import (
    Typed,
    actor_of,
    address_of,
    asked_organization,
    state_codes,
    typed_text,
)
from concord.organizations.states import OrganizationKind
from concord.organizations.values import Registration
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _
from concord.web.rendering import render
from concord.web.routing import command, page

NEW = "/organizations/new"
REGISTER = "/organizations/register"
NOT_YOURS_TO_ENTER = "An administrator enters organizations here."


async def show_registration(request: Request) -> Response:
    return await _registration_page(request)


async def register(request: Request) -> Response:
    """Answers the same whether or not the address or the organization was known."""
    actor = actor_of(request)
    try:
        values = forms.registration(
            await reader(request), states=await state_codes(), signed_in=actor.is_signed_in
        )
    except InvalidInput as refused:
        return await _registration_page(request, errors=refused.fields, status=422)
    await request.app.state.limits.spend(Use(RESET_ADDRESS, f"register:{_network(request)}"))
    await actions.register(await _complete(request, values), now=request.state.now, actor=actor)
    return see_other(f"{REGISTER}/done")


async def show_registered(request: Request) -> Response:
    return render(request, "organizations/registered.html")


async def show_new(request: Request) -> Response:
    if not may_create(actor_of(request)):
        raise NotAllowed("Only an administrator enters organizations.")
    return await _new_page(request)


async def create(request: Request) -> Response:
    if not may_create(actor_of(request)):
        raise NotAllowed(NOT_YOURS_TO_ENTER)
    try:
        values = forms.new_organization(await reader(request), states=await state_codes())
    except InvalidInput as refused:
        return await _new_page(request, errors=refused.fields, status=422)
    made = await actions.create(values, actor=actor_of(request), now=request.state.now)
    return see_other(address_of(made), _("The organization is entered."))


async def show_organization(request: Request) -> Response:
    organization = await asked_organization(request)
    return render(
        request, "organizations/show.html", **await overview(organization, actor_of(request))
    )


async def _editable(request: Request) -> Organization:
    organization = await asked_organization(request)
    if not may_edit_profile(actor_of(request), organization):
        raise NotAllowed("Only the organization's administrator changes its profile.")
    return organization


async def show_profile(request: Request) -> Response:
    organization = await _editable(request)
    return await _profile_page(request, organization, typed=_profile_of(organization))


async def edit_profile(request: Request) -> Response:
    organization = await _editable(request)
    typed = await typed_text(request)
    try:
        read = await reader(request)
        values = forms.profile(read, kind=organization.kind, states=await state_codes())
        await actions.edit_profile(
            organization,
            values,
            version=forms.version(read),
            actor=actor_of(request),
            now=request.state.now,
        )
    except InvalidInput as refused:
        return await _profile_page(
            request, organization, typed=typed, errors=refused.fields, status=422
        )
    except StaleVersion as stale:
        fresh = await queries.organization_for(actor_of(request), organization.public_id)
        return await _profile_page(
            request, fresh, typed=typed, errors={"": stale.message}, status=409
        )
    return see_other(address_of(organization), _("The profile is saved."))


async def _complete(request: Request, values: Registration) -> Registration:
    """The signed-in person is the administrator; a stranger's language is the page's."""
    actor = actor_of(request)
    if not actor.is_signed_in:
        return Registration(
            organization=values.organization,
            person_name=values.person_name,
            email=values.email,
            locale=current_locale(),
        )
    return Registration(
        organization=values.organization,
        person_name=actor.name,
        email=await queries.email_of(actor),
        locale=actor.locale,
    )


async def _registration_page(
    request: Request, *, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    kinds = [kind for kind in OrganizationKind if kind in forms.OWN_REGISTRATION]
    return render(
        request,
        "organizations/register.html",
        status=status,
        errors=errors or {},
        typed=await typed_text(request),
        kind_options=kind_options(kinds),
        states=await state_options(),
    )


async def _new_page(
    request: Request, *, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    return render(
        request,
        "organizations/new.html",
        status=status,
        errors=errors or {},
        typed=await typed_text(request),
        kind_options=kind_options(),
        states=await state_options(),
    )


async def _profile_page(
    request: Request,
    organization: Organization,
    *,
    typed: Typed,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "organizations/profile.html",
        status=status,
        errors=errors or {},
        organization=organization,
        stored=_profile_of(organization) if status == 409 else {},
        typed=typed,
        kinds=KINDS,
        states=await state_options(),
    )


def _profile_of(organization: Organization) -> Typed:
    return {
        "name": organization.name,
        "state": organization.state_id or "",
        "website": organization.website,
        "description": organization.description,
    }


def _network(request: Request) -> str:
    return network_of(request.client.host if request.client else "")


routes = [
    page(REGISTER, show_registration, public=True),
    command(REGISTER, register, public=True),
    page(f"{REGISTER}/done", show_registered, public=True),
    page(NEW, show_new),
    command(NEW, create),
    page("/organizations/{organization}", show_organization),
    page("/organizations/{organization}/profile", show_profile),
    command("/organizations/{organization}/profile", edit_profile),
]
