"""The provider begins the work that was agreed."""

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.deliveries import actions, forms
from concord.deliveries.standing import (
    Standing,
    answer_to,
    check_ever,
    check_now,
    of_match,
    standing_at,
    status,
    tell_of_hidden,
)
from concord.deliveries.stepping import StepPage
from concord.errors import Conflict, DomainError, InvalidInput
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import lazy as N_
from concord.web.rendering import render

START = StepPage(
    N_("Begin the work"),
    N_("From now on you report what is delivered. The State is told that the work has begun."),
    N_("Begin the work"),
    N_("The work has begun. Plan the first delivery."),
)


async def ask(request: WebRequest) -> Response:
    standing = await standing_at(request)
    check_ever(standing, "start")
    check_now(standing, "start")
    return _page(request, standing)


async def start(request: WebRequest) -> Response:
    standing = await standing_at(request)
    check_ever(standing, "start")
    typed = await reader(request)
    try:
        await actions.start(
            standing.match,
            version=forms.version(typed),
            actor=standing.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        await tell_of_hidden(request, standing, error)
        return _page(request, await standing_at(request), error)
    return see_other(standing.here, str(START.flash))


def _page(request: WebRequest, standing: Standing, error: DomainError | None = None) -> Response:
    return render(
        request,
        "deliveries/step.html",
        status=status(error),
        step=START,
        machine="match",
        allowed=standing.offers("start"),
        action=request.url.path,
        version=standing.match.version,
        typed={},
        reasons=[],
        lines=[],
        **answer_to(error),
        **of_match(standing),
    )
