"""Duplicates that wait for an answer, side by side."""

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor, Role
from concord.duplicates import actions
from concord.duplicates.queries import flag_for, open_flags
from concord.duplicates.values import Answer, FlagKind
from concord.errors import NotFound
from concord.inbox.actions import close_tasks
from concord.pairings.duplicate_views import FlagView, flag_views
from concord.requests.states import MERGEABLE
from concord.web.elements import NavItem
from concord.web.flash import local_path, see_other
from concord.web.forms import fields, first, reader
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_
from concord.web.rendering import render
from concord.web.routing import command, page

MOST = 50


def _coordinator(request: WebRequest) -> Actor:
    actor: Actor = request.state.actor
    if actor.role is not Role.COORDINATOR:
        raise NotFound
    return actor


async def show(request: WebRequest) -> Response:
    actor = _coordinator(request)
    kind = FlagKind.OFFERS if request.query_params.get("kind") == "offers" else FlagKind.REQUESTS
    flags = await flag_views(actor, await open_flags(kind).limit(MOST))
    kinds = [
        NavItem(N_("Requests"), "/duplicates", kind is FlagKind.REQUESTS),
        NavItem(N_("Offers"), "/duplicates?kind=offers", kind is FlagKind.OFFERS),
    ]
    return render(request, "duplicates/list.html", flags=flags, kinds=kinds)


async def answer(request: WebRequest) -> Response:
    """Same or different; the flag must be one whose two records the actor sees."""
    actor = _coordinator(request)
    flag = await flag_for(request.path_params["id"])
    views: list[FlagView] = await flag_views(actor, [flag])
    if not views:
        raise NotFound
    typed = await reader(request)
    found = typed.choice("answer", [one.value for one in Answer], required=True)
    note = typed.prose("note", limit=2000)
    typed.check()
    now = request.state.now
    await actions.answer(flag, Answer(found), note=note, actor=actor, now=now)
    await close_tasks(flag.id, now=now)
    if found == Answer.SAME and (merger := _merger(views[0])):
        return see_other(merger, _("Your answer is kept. Ask the State to merge them."))
    back = local_path(first(await fields(request), "next"), default="/duplicates")
    return see_other(back, _("Your answer is kept."))


def _merger(view: FlagView) -> str:
    """Where two requests that are the same are merged, the later into the earlier one."""
    sides = sorted((view.left.row, view.right.row), key=lambda row: str(row.since or ""))
    if view.kind != FlagKind.REQUESTS or any(row.state not in MERGEABLE for row in sides):
        return ""
    earlier, later = sides
    return f"{later.href}/merge?survivor={earlier.public_id}"


routes = [
    page("/duplicates", show, name="duplicates"),
    command("/duplicates/{id}/answer", answer, name="duplicate_answer"),
]
