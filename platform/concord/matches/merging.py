"""The page on which two requests are compared, asked to be merged, confirmed and merged."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound, Text
from concord.inputs import PICK
from concord.matches import actions, forms
from concord.reference.identifiers import normalized_public_id
from concord.requests import actions as request_actions
from concord.requests.merging import mergeable_with, partner_of
from concord.requests.models import Request
from concord.requests.policy import (
    coordinates,
    handles,
    may_ask_merge,
    may_merge,
    speaks_for,
)
from concord.requests.queries import request_for, view_of
from concord.requests.views import RequestView
from concord.web.flash import see_other
from concord.web.forms import fields, first, reader
from concord.web.i18n import gettext as _
from concord.web.problems import status_of
from concord.web.rendering import render

DENIED = "Your role does not allow this step, or it is not possible now."
LONGEST_ID = 20


async def show(request: WebRequest) -> Response:
    return await _page(request, await _request(request))


async def ask(request: WebRequest) -> Response:
    """A coordinator asks the States to confirm that one request ends and the other goes on."""
    found = await _request(request)
    actor: Actor = request.state.actor
    if not may_ask_merge(actor, found):
        raise NotAllowed(DENIED)
    typed = await reader(request)

    async def act() -> str:
        survivor = await _chosen(actor, typed.text("survivor", limit=LONGEST_ID))
        await request_actions.ask_merge(
            found, survivor, version=forms.version(typed), actor=actor, now=request.state.now
        )
        return _("The States are asked to confirm.")

    return await _carried_out(request, found, act)


async def _chosen(actor: Actor, public_id: str) -> Request:
    try:
        return await request_for(actor, public_id)
    except NotFound:
        raise InvalidInput({"survivor": Text(PICK)}) from None


async def confirm(request: WebRequest) -> Response:
    """The focal point of one requesting State confirms, or does not agree."""
    found = await _request(request)
    actor, now = request.state.actor, request.state.now
    if not may_merge(actor, found):
        raise NotAllowed(DENIED)
    typed = await reader(request)

    async def act() -> str:
        decision = typed.choice("decision", ["confirm", "decline"], required=True)
        note = forms.note(typed)
        version = forms.version(typed)
        typed.check()
        if decision == "decline":
            await request_actions.decline_merge(
                found, version=version, note=note, actor=actor, now=now
            )
            return _("Both requests go on.")
        merged = await actions.confirm_merge(found, version=version, actor=actor, now=now)
        return _("The requests are one now.") if merged else _("Your State's word is recorded.")

    return await _carried_out(request, found, act)


async def withdraw(request: WebRequest) -> Response:
    """The coordinator no longer asks for it."""
    found = await _request(request)
    actor: Actor = request.state.actor
    if not may_ask_merge(actor, found):
        raise NotAllowed(DENIED)
    typed = await reader(request)

    async def act() -> str:
        await request_actions.drop_merge(
            found,
            version=forms.version(typed),
            note=forms.note(typed),
            actor=actor,
            now=request.state.now,
        )
        return _("Both requests go on.")

    return await _carried_out(request, found, act)


async def _request(request: WebRequest) -> Request:
    return await request_for(request.state.actor, request.path_params["id"])


async def _carried_out(
    request: WebRequest, found: Request, act: Callable[[], Awaitable[str]]
) -> Response:
    try:
        said = await act()
    except (InvalidInput, Conflict) as error:
        fresh = await request_for(request.state.actor, found.public_id)
        return await _page(request, fresh, error)
    return see_other(f"/requests/{found.public_id}", said)


async def _page(request: WebRequest, found: Request, error: DomainError | None = None) -> Response:
    """What is asked and by whom it is confirmed; or the choice of the request that goes on."""
    actor: Actor = request.state.actor
    if not (speaks_for(actor, found) or handles(actor, found)):
        raise NotAllowed(DENIED)
    asked = found.merge_asked_into_id is not None
    if not asked and error is None and not may_ask_merge(actor, found):
        raise NotAllowed(DENIED)
    raw = await fields(request) if error else {}
    others = [] if asked or not coordinates(actor, found) else await mergeable_with(actor, found)
    other = await partner_of(actor, found) if asked else _other(request, raw, others)
    if asked and other is None:
        raise NotFound
    view = await view_of(actor, found)
    return render(
        request,
        "matches/merge.html",
        status=status_of(error) if error else 200,
        errors=error.fields if isinstance(error, InvalidInput) else {},
        problem=error.message if error and not isinstance(error, InvalidInput) else "",
        address=f"/requests/{found.public_id}/merge",
        left=view,
        right=await view_of(actor, other) if other else None,
        asked=asked,
        others=[(one.public_id, f"{one.public_id} · {one.title}") for one in others],
        words=_words(view, found) if asked else [],
        may_answer=asked and may_merge(actor, found) and not _has_spoken(actor, view, found),
        may_drop=asked and may_ask_merge(actor, found),
        note=first(raw, "note"),
    )


def _other(
    request: WebRequest, raw: dict[str, list[str]], others: Sequence[Request]
) -> Request | None:
    """The request that was named in the address or chosen in the form."""
    named = first(raw, "survivor") or request.query_params.get("survivor", "")[:LONGEST_ID]
    wanted = normalized_public_id(named)
    return next((one for one in others if one.public_id == wanted), None)


def _words(view: RequestView, found: Request) -> list[tuple[str, bool]]:
    """Each requesting State, and whether it has confirmed."""
    lead = (found.lead_state_id, found.lead_merge_confirmed_at is not None)
    return [lead, *((one.state, one.merge_confirmed_at is not None) for one in view.parties)]


def _has_spoken(actor: Actor, view: RequestView, found: Request) -> bool:
    return (actor.state, True) in _words(view, found)
