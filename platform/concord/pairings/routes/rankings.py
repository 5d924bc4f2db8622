"""Runs over all requests: how far they are, and one more."""

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import NotAllowed, NotFound
from concord.pairings import reranking
from concord.pairings.policy import may_rank_everything, may_see_models
from concord.web.flash import see_other
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_
from concord.web.rendering import render
from concord.web.routing import command, page

PATH = "/matcher/rankings"
SHOWN = 20
REASONS = {
    "order": N_("Another order came into force"),
    "equity": N_("The weight of the least served changed"),
    "command": N_("Somebody asked for it"),
    "version": N_("A new version of the matcher"),
    "night": N_("Offers or requests changed since the run before"),
}


def _reader(request: WebRequest) -> Actor:
    """Unknown to everyone outside UNODC."""
    actor: Actor = request.state.actor
    if not may_see_models(actor):
        raise NotFound
    return actor


async def show(request: WebRequest) -> Response:
    actor = _reader(request)
    return render(
        request,
        "pairings/rankings.html",
        runs=await reranking.latest_runs(SHOWN),
        reasons=REASONS,
        may_start=may_rank_everything(actor),
    )


async def start(request: WebRequest) -> Response:
    actor = _reader(request)
    if not may_rank_everything(actor):
        raise NotAllowed("You may not do this with the matcher.")
    await reranking.start("command", by=actor.person_id, now=request.state.now)
    return see_other(PATH, _("Everything is being ranked again."))


routes = [
    page(PATH, show, name="rankings"),
    command(PATH, start, name="rank_everything"),
]
