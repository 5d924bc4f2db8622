"""Why a request has no match yet, and what would make it matchable."""

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import NotFound
from concord.pairings.models import Outlook
from concord.pairings.outlook_views import hopes
from concord.pairings.policy import may_see_outlook, may_see_pairings
from concord.reference.queries import code_lists
from concord.requests.policy import may_change_scope
from concord.requests.queries import request_for, view_of
from concord.requests.states import MATCHABLE
from concord.requests.wording import GAPS
from concord.web.rendering import render
from concord.web.routing import page


async def outlook(request: WebRequest) -> Response:
    """For the State and for UNODC the same counts: no exclusion moves them."""
    actor: Actor = request.state.actor
    needed = await request_for(actor, request.path_params["id"])
    if not may_see_outlook(actor, needed):
        raise NotFound
    view = await view_of(actor, needed)
    found = await Outlook.get_or_none(request_id=needed.id)
    taken = [(item.reserved or 0) + (item.delivered or 0) for item in view.items]
    open_items = [
        item for item, count in zip(view.items, taken, strict=True) if count < (item.quantity or 1)
    ]
    return render(
        request,
        "pairings/outlook.html",
        view=view,
        found=found,
        hopes=hopes(found, await code_lists()) if found else [],
        open_items=open_items,
        covered=bool(view.items) and not open_items,
        matchable=needed.state in MATCHABLE,
        may_change=may_change_scope(actor, needed),
        compares=may_see_pairings(actor, needed),
        gaps=GAPS,
    )


routes = [page("/requests/{id}/outlook", outlook, name="request_outlook")]
