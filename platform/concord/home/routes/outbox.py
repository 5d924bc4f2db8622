"""What could not be delivered, for admins: see why, and send it again."""

from starlette.requests import Request
from starlette.responses import Response

from concord import audit
from concord.actor import Actor, Role
from concord.errors import NotFound
from concord.jobs import Outbox, send_again
from concord.web.flash import see_other
from concord.web.i18n import gettext as _
from concord.web.pagination import Page, window
from concord.web.rendering import render
from concord.web.routing import command, page


def _admin(request: Request) -> Actor:
    actor: Actor = request.state.actor
    if actor.role is not Role.ADMIN:
        raise NotFound
    return actor


async def show(request: Request) -> Response:
    _admin(request)
    asked = window(request.query_params, sorts=("dead_at",), default="-dead_at")
    found = Outbox.filter(dead_at__isnull=False, done_at=None).order_by("-dead_at", "-id")
    total = await found.count()
    rows = await found.offset(asked.offset).limit(asked.size)
    waiting = await Outbox.filter(dead_at=None, done_at=None).count()
    return render(request, "home/outbox.html", page=Page(rows, total, asked), queued=waiting)


async def repeat(request: Request) -> Response:
    """Try one dead row again, from the first attempt on."""
    actor = _admin(request)
    identifier = request.path_params["id"]
    if not await send_again(identifier, now=request.state.now):
        raise NotFound
    if actor.person_id:
        await audit.record(
            "outbox.repeated",
            actor=actor,
            subject_kind="outbox",
            subject_id=actor.person_id,
            now=request.state.now,
            row=identifier,
        )
    return see_other("/admin/outbox", _("It is being sent again."))


routes = [
    page("/admin/outbox", show, name="outbox"),
    command("/admin/outbox/{id:int}/repetition", repeat, name="outbox_repeat"),
]
