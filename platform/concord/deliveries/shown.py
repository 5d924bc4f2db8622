"""The delivery of an address, its page, and the pages of its steps."""

from typing import Any

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.deliveries import on_paper, pages
from concord.deliveries.dossier import DeliveryDossier, dossier_of
from concord.deliveries.policy import may
from concord.deliveries.queries import delivery_for
from concord.deliveries.standing import NO_STEP, answer_to, status
from concord.errors import DomainError, NotAllowed
from concord.matches.actions.locking import DENIED
from concord.matches.models import Delivery
from concord.reference.queries import code_lists
from concord.web.i18n import gettext as _
from concord.web.rendering import render


async def found(request: WebRequest) -> Delivery:
    return await delivery_for(request.state.actor, request.path_params["id"])


async def dossier_at(request: WebRequest, verb: str) -> DeliveryDossier:
    """For whose step it is; anybody else is refused before anything typed is read."""
    dossier = await dossier_of(await found(request))
    if not may(verb, request.state.actor, dossier.sides):
        raise NotAllowed(DENIED)
    return dossier


def check_now(dossier: DeliveryDossier, verb: str, actor: Actor) -> None:
    if verb not in pages.verbs_of(dossier, actor):
        raise NotAllowed(NO_STEP)


async def again(request: WebRequest) -> DeliveryDossier:
    """As it is now: somebody was faster."""
    return await dossier_of(await found(request))


async def show(request: WebRequest) -> Response:
    return await delivery_page(request, await dossier_of(await found(request)))


async def delivery_page(
    request: WebRequest, dossier: DeliveryDossier, error: DomainError | None = None
) -> Response:
    shown = pages.context(dossier, actor=request.state.actor, lists=await code_lists())
    return render(
        request,
        "deliveries/delivery.html",
        status=status(error),
        on_paper=on_paper.addresses(dossier.delivery, request.state.actor),
        **answer_to(error),
        **shown,
    )


def of_delivery(dossier: DeliveryDossier) -> dict[str, Any]:
    """What every page about one delivery shows of it."""
    delivery = dossier.delivery
    back = f"/deliveries/{delivery.public_id}"
    match = delivery.match.public_id
    return {
        "delivery": delivery,
        "machine": "delivery",
        "shown_state": delivery.state.value,
        "version": delivery.version,
        "back": back,
        "crumbs": [
            (_("Matches"), "/matches"),
            (match, f"/matches/{match}"),
            (delivery.public_id, back),
        ],
    }
