"""How much was delivered: confirmed by the State, or decided by UNODC after a dispute."""

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.deliveries import actions, forms, shown
from concord.deliveries.dossier import DeliveryDossier
from concord.deliveries.pages import line_fields
from concord.deliveries.standing import answer_to, status, typed_in
from concord.errors import Conflict, DomainError, InvalidInput
from concord.reference.queries import code_lists
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_
from concord.web.rendering import render

WORDS = {
    "confirm": (
        N_("Confirm this delivery"),
        N_("What you confirm counts towards your request. Correct a number if it differs."),
        N_("Confirm the delivery"),
    ),
    "decide": (
        N_("Decide on this dispute"),
        N_("State and provider could not agree. Say how much was delivered, or that it was not."),
        N_("Decide"),
    ),
}
VERB_OF = {"confirmation": "confirm", "decision": "decide"}


def _verb(request: WebRequest) -> str:
    return VERB_OF[request.url.path.rsplit("/", 1)[1]]


async def ask(request: WebRequest) -> Response:
    verb = _verb(request)
    dossier = await shown.dossier_at(request, verb)
    shown.check_now(dossier, verb, request.state.actor)
    return await _page(request, dossier)


async def confirm(request: WebRequest) -> Response:
    dossier = await shown.dossier_at(request, "confirm")
    typed = await reader(request)
    try:
        await actions.confirm(
            dossier.delivery,
            quantities=forms.quantities(typed, [line.line_id for line in dossier.lines]),
            version=forms.version(typed),
            actor=request.state.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        return await _page(request, await shown.again(request), error)
    said = _("Your State has confirmed the delivery.")
    return see_other(f"/deliveries/{dossier.delivery.public_id}", said)


async def decide(request: WebRequest) -> Response:
    dossier = await shown.dossier_at(request, "decide")
    typed = await reader(request)
    lines = [line.line_id for line in dossier.lines]
    try:
        took_place = forms.took_place(typed)
        quantities = forms.quantities(typed, lines) if took_place else None
        await actions.decide(
            dossier.delivery,
            quantities=quantities,
            note=forms.note(typed),
            version=forms.version(typed),
            actor=request.state.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        return await _page(request, await shown.again(request), error)
    said = _("The dispute is decided. Both sides are told.")
    return see_other(f"/deliveries/{dossier.delivery.public_id}", said)


async def _page(
    request: WebRequest, dossier: DeliveryDossier, error: DomainError | None = None
) -> Response:
    verb = _verb(request)
    title, lead, button = WORDS[verb]
    lists, actor = await code_lists(), request.state.actor
    return render(
        request,
        "deliveries/judgement.html",
        status=status(error),
        title=title,
        lead=lead,
        button=button,
        verb=verb,
        action=request.url.path,
        typed=await typed_in(request) if error else {},
        fields=line_fields(dossier, lists, actor),
        report=dossier.delivery.report,
        **answer_to(error),
        **shown.of_delivery(dossier),
    )
