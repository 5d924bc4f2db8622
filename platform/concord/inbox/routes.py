"""The inbox: what one was told, newest first."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import NotFound
from concord.inbox import actions, queries
from concord.inbox.entries import entry
from concord.inbox.wording import language
from concord.web.elements import NavItem
from concord.web.flash import local_path, see_other
from concord.web.forms import fields, first
from concord.web.i18n import lazy as N_
from concord.web.pagination import Page, window
from concord.web.rendering import render
from concord.web.routing import command, page


async def show(request: Request) -> Response:
    actor: Actor = request.state.actor
    unread_only = request.query_params.get("filter") == "unread"
    asked = window(request.query_params, sorts=("told_at",), default="-told_at")
    found = queries.notices_of(actor)
    if unread_only:
        found = found.filter(read_at=None)
    total = await found.count()
    rows = await found.offset(asked.offset).limit(asked.size)
    wording = await language(actor.locale)
    listed = Page([entry(notice, wording) for notice in rows], total, asked)
    tabs = [
        NavItem(N_("All"), "/inbox", current=not unread_only),
        NavItem(N_("Unread"), "/inbox?filter=unread", unread_only, request.state.unread),
    ]
    return render(request, "inbox/show.html", page=listed, tabs=tabs)


async def read(request: Request) -> Response:
    """Mark one notice read, or all of them; somebody else's is unknown."""
    actor: Actor = request.state.actor
    typed = await fields(request)
    ids = [_identifier(first(typed, "notice"))] if first(typed, "notice") else []
    if not ids and not first(typed, "all"):
        raise NotFound
    if actor.person_id:
        await actions.mark_read(actor.person_id, *ids, now=request.state.now)
    back = local_path(first(typed, "next"), default="/inbox")
    return see_other(back)


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


routes = [
    page("/inbox", show, name="inbox"),
    command("/inbox/reading", read, name="inbox_read"),
]
