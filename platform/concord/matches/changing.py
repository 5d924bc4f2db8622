"""Changes of what is open: the pages of the areas, saved so that matches learn of them."""

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.errors import InvalidInput, NotAllowed, NotFound
from concord.matches import actions
from concord.offers import policy as offer_policy
from concord.offers.editing import edit
from concord.offers.queries import offer_for
from concord.organizations import actions as organizations
from concord.organizations import forms as organization_forms
from concord.organizations.policy import may_ever, may_reinstate, may_suspend
from concord.organizations.queries import lock, organization_for
from concord.requests.completeness import completeness
from concord.requests.item_pages import edit_item, remove_item
from concord.requests.models import Request
from concord.requests.pages import task_list_of
from concord.requests.policy import may_change_scope
from concord.requests.queries import request_for, values_of
from concord.requests.sections import edit_section
from concord.web.flash import see_other
from concord.web.forms import fields, first, reader
from concord.web.i18n import gettext as _
from concord.web.rendering import render

DENIED = "Your role does not allow this step, or it is not possible now."


async def _changeable(request: WebRequest) -> Request:
    found = await request_for(request.state.actor, request.path_params["id"])
    if not may_change_scope(request.state.actor, found):
        raise NotAllowed(DENIED)
    return found


def _base(found: Request) -> str:
    return f"/requests/{found.public_id}/change"


async def change_request(request: WebRequest) -> Response:
    """The pages of an open request, and what a change means for its matches."""
    found = await _changeable(request)
    return render(
        request,
        "matches/change_request.html",
        needed=found,
        tasks=task_list_of(await values_of(found), _base(found)),
        errors={},
    )


async def change_section(request: WebRequest) -> Response:
    found = await _changeable(request)
    return await edit_section(
        request,
        found,
        request.path_params["section"],
        base=_base(found),
        save=actions.change_request,
        then=_base(found),
    )


async def change_items(request: WebRequest) -> Response:
    found = await _changeable(request)
    values = await values_of(found)
    return render(
        request,
        "requests/items.html",
        base=_base(found),
        public_id=found.public_id,
        version=found.version,
        items=values.items,
        following=_base(found),
        measured=completeness(values),
        errors={},
    )


async def change_item(request: WebRequest) -> Response:
    """A further thing asked for, or one at its place."""
    found = await _changeable(request)
    position: int | None = request.path_params.get("position")
    return await edit_item(
        request, found, position, base=_base(found), save=actions.change_request
    )


async def remove_one(request: WebRequest) -> Response:
    found = await _changeable(request)
    position: int | None = request.path_params.get("position")
    if position is None:
        raise NotFound
    return await remove_item(
        request, found, position, base=_base(found), save=actions.change_request
    )


async def change_offer(request: WebRequest) -> Response:
    """The form of a published offer; a change of scope reaches its matches."""
    found = await offer_for(request.state.actor, request.path_params["id"])
    if not offer_policy.may_change_scope(request.state.actor, found):
        raise NotAllowed(DENIED)
    return await edit(request, found, save=actions.change_offer)


async def suspend_organization(request: WebRequest) -> Response:
    """Suspend a provider, and with it what it takes part in."""
    actor, now = request.state.actor, request.state.now
    seen = await organization_for(actor, request.path_params["id"])
    found = await lock(seen.id)
    if not may_suspend(actor, found):
        raise NotAllowed(DENIED)
    try:
        typed = organization_forms.suspension(await reader(request))
    except InvalidInput as refused:
        raw = await fields(request)
        return render(
            request,
            "organizations/suspend.html",
            status=422,
            organization=found,
            typed={"reason": first(raw, "reason")},
            errors=refused.fields,
        )
    await organizations.mark_suspended(found, reason=typed.reason, actor=actor, now=now)
    await actions.provider_suspended(found.id, actor=actor, now=now)
    return see_other(
        f"/organizations/{found.public_id}",
        _("The provider was suspended, and so was what it takes part in."),
    )


async def reinstate_organization(request: WebRequest) -> Response:
    """A provider is verified again, and what only its verification held goes on."""
    actor, now = request.state.actor, request.state.now
    found = await organization_for(actor, request.path_params["id"])
    if not may_ever("reinstate", actor):
        raise NotAllowed(DENIED)
    try:
        typed = organization_forms.suspension(await reader(request))
    except InvalidInput as refused:
        if not may_reinstate(actor, found):
            raise NotAllowed(DENIED) from None
        raw = await fields(request)
        return render(
            request,
            "organizations/reinstate.html",
            status=422,
            organization=found,
            typed={"reason": first(raw, "reason")},
            errors=refused.fields,
        )
    await organizations.reinstate(found, reason=typed.reason, actor=actor, now=now)
    resumed = await actions.provider_reinstated(found.id, actor=actor, now=now)
    said = _("The provider is verified again.")
    if resumed:
        said = _("The provider is verified again, and the matches that waited for it go on.")
    return see_other(f"/organizations/{found.public_id}", said)
