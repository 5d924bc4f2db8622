"""The matcher's models: what was learned, what it is worth, which one ranks; and its weights."""

from collections.abc import Callable, Mapping

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import Conflict, InvalidInput, NotAllowed, NotFound
from concord.inputs import Reader
from concord.pairings import learning
from concord.pairings.forms import parse_equity, parse_model
from concord.pairings.model_views import models_page
from concord.pairings.policy import may_choose_model, may_see_models, may_set_equity, may_train
from concord.web.flash import see_other
from concord.web.forms import fields, first
from concord.web.i18n import gettext as _
from concord.web.rendering import render
from concord.web.routing import command, page

PATH = "/matcher/models"
Raw = Mapping[str, list[str]]


def _reader(request: WebRequest) -> Actor:
    """Unknown to everyone outside UNODC."""
    actor: Actor = request.state.actor
    if not may_see_models(actor):
        raise NotFound
    return actor


def _allowed(request: WebRequest, may: Callable[[Actor], bool]) -> Actor:
    actor = _reader(request)
    if not may(actor):
        raise NotAllowed(learning.NOT_YOURS)
    return actor


async def show(request: WebRequest) -> Response:
    _reader(request)
    return await _page(request)


async def _page(
    request: WebRequest,
    raw: Raw | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    actor: Actor = request.state.actor
    shown = await models_page()
    return render(
        request,
        "pairings/models.html",
        status=status,
        shown=shown,
        equity=first(raw, "equity") if raw else round(100 * shown.in_force.equity),
        may_train=may_train(actor),
        may_choose=may_choose_model(actor),
        may_set=may_set_equity(actor),
        errors=errors or {},
    )


async def train(request: WebRequest) -> Response:
    actor = _allowed(request, may_train)
    asked = await learning.ask_for_training(actor=actor, now=request.state.now)
    said = _("The matcher learns now: reload the page in a minute.")
    return see_other(PATH, said if asked else _("It is learning already."))


async def choose(request: WebRequest) -> Response:
    """A former model, or none: the untrained order."""
    actor = _allowed(request, may_choose_model)
    raw = await fields(request)
    try:
        number = parse_model(Reader(raw))
        await learning.choose_model(number, actor=actor, now=request.state.now)
    except InvalidInput as refused:
        return await _page(request, raw, errors=refused.fields, status=422)
    except Conflict as refused:
        return await _page(request, errors={"": refused.message}, status=409)
    return see_other(PATH, _("Everything is being ranked again."))


async def equity(request: WebRequest) -> Response:
    actor = _allowed(request, may_set_equity)
    raw = await fields(request)
    try:
        weight = parse_equity(Reader(raw))
    except InvalidInput as refused:
        return await _page(request, raw, errors=refused.fields, status=422)
    await learning.set_equity(weight, actor=actor, now=request.state.now)
    return see_other(PATH, _("Everything is being ranked again."))


routes = [
    page(PATH, show, name="matcher_models"),
    command(f"{PATH}/training", train, name="train_matcher"),
    command(f"{PATH}/choice", choose, name="choose_matcher_model"),
    command(f"{PATH}/equity", equity, name="set_equity_weight"),
]
