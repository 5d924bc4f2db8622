"""Steps of a delivery that ask for little: begin, dispute, cancel, confirm afterwards."""

from dataclasses import dataclass

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.deliveries import actions, forms, shown
from concord.deliveries.dossier import DeliveryDossier
from concord.deliveries.pages import STEPS
from concord.deliveries.standing import answer_to, status, typed_in
from concord.deliveries.views import line_view
from concord.errors import Conflict, DomainError, InvalidInput
from concord.inputs import Reader
from concord.matches.views import Audience, audience_of
from concord.reference.queries import code_lists
from concord.web.elements import Text
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import LazyMessage
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_
from concord.web.rendering import render

DISPUTED = "delivery_disputed"
"""The context of the reference list from which a dispute takes its reason."""


@dataclass(frozen=True, slots=True)
class StepPage:
    """What a step asks, and what its button says; without `note` it asks for no words."""

    title: LazyMessage
    lead: LazyMessage
    button: LazyMessage
    flash: LazyMessage
    kind: str = "primary"
    note: Text = ""
    hint: Text = ""
    note_required: bool = False


STEP_PAGES = {
    "begin": StepPage(
        N_("Begin this delivery"),
        N_("On its first day it begins by itself; it may begin earlier."),
        N_("It has begun"),
        N_("The delivery is under way."),
    ),
    "acknowledge": StepPage(
        N_("Confirm it after all"),
        N_("It counts already; from now on it counts among what your State has confirmed."),
        N_("Confirm it"),
        N_("Your State has confirmed the delivery."),
    ),
    "dispute": StepPage(
        N_("Say what differs"),
        N_("The provider reads this and reports again. If you cannot agree, UNODC decides."),
        N_("Send"),
        N_("The provider is asked to report again."),
        note=N_("What differs, in your words"),
        hint=N_("Read by the provider and UNODC. Name no participants."),
    ),
    "cancel": StepPage(
        N_("Cancel this delivery"),
        N_("It will not take place. What it was planned for can be planned again."),
        N_("Cancel the delivery"),
        N_("The delivery is cancelled."),
        kind="danger",
        note=N_("Why"),
        hint=N_("Read by both sides and UNODC."),
    ),
}
VERB_OF = {STEPS[verb][0]: verb for verb in STEP_PAGES}


async def ask(request: WebRequest) -> Response:
    verb = _verb(request)
    dossier = await shown.dossier_at(request, verb)
    shown.check_now(dossier, verb, request.state.actor)
    return await _page(request, dossier)


def _verb(request: WebRequest) -> str:
    return VERB_OF[request.url.path.rsplit("/", 1)[1]]


async def take(request: WebRequest) -> Response:
    verb = _verb(request)
    dossier = await shown.dossier_at(request, verb)
    typed = await reader(request)
    try:
        await _take(request, verb, dossier, typed)
    except (InvalidInput, Conflict) as error:
        return await _page(request, await shown.again(request), error)
    here = f"/deliveries/{dossier.delivery.public_id}"
    return see_other(here, str(STEP_PAGES[verb].flash))


async def _take(request: WebRequest, verb: str, dossier: DeliveryDossier, typed: Reader) -> None:
    delivery, actor, now = dossier.delivery, request.state.actor, request.state.now
    version = forms.version(typed)
    if verb == "begin":
        await actions.begin(delivery, actor=actor, now=now, version=version)
    elif verb == "acknowledge":
        await actions.acknowledge(delivery, actor=actor, now=now, version=version)
    elif verb == "cancel":
        note = forms.note(typed)
        await actions.cancel_delivery(delivery, note=note, actor=actor, now=now, version=version)
    else:
        reasons = (await code_lists()).reasons_for(DISPUTED)
        said = forms.dispute(typed, [entry.code for entry in reasons])
        await actions.dispute(
            delivery,
            reason=said.reason,
            note=said.note,
            actor=actor,
            now=now,
            version=version,
        )


async def _page(
    request: WebRequest, dossier: DeliveryDossier, error: DomainError | None = None
) -> Response:
    verb, lists = _verb(request), await code_lists()
    of_provider = audience_of(request.state.actor) is Audience.PROVIDER
    reasons = lists.reasons_for(DISPUTED) if verb == "dispute" else []
    try:
        shown.check_now(dossier, verb, request.state.actor)
        allowed = True
    except DomainError:
        allowed = False
    return render(
        request,
        "deliveries/step.html",
        status=status(error),
        step=STEP_PAGES[verb],
        allowed=allowed,
        action=request.url.path,
        typed=await typed_in(request) if error else {},
        reasons=[(entry.code, _(entry.label)) for entry in reasons],
        lines=[line_view(line, lists, of_provider=of_provider) for line in dossier.lines],
        **answer_to(error),
        **shown.of_delivery(dossier),
    )
