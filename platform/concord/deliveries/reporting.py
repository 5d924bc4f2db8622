"""The provider's report: what was delivered, to whom, what remains, and the evidence for it."""

from typing import Any

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.deliveries import actions, forms, shown
from concord.deliveries.dossier import DeliveryDossier
from concord.deliveries.pages import line_fields, may_attach
from concord.deliveries.retyped import Typed, compared, rows_in
from concord.deliveries.standing import (
    NO_STEP,
    answer_to,
    status,
    typed_in,
)
from concord.errors import Conflict, DomainError, InvalidInput, NotAllowed, StaleVersion, Text
from concord.reference.languages import CONTENT_LANGUAGES
from concord.reference.queries import code_lists
from concord.web.choices import language_options
from concord.web.flash import see_other
from concord.web.forms import reader, upload
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _
from concord.web.rendering import render


async def report(request: WebRequest) -> Response:
    """What was delivered, to whom, and what remains of it."""
    dossier = await shown.dossier_at(request, "report")
    if request.method == "GET":
        shown.check_now(dossier, "report", request.state.actor)
        return await _report_page(request, dossier, _reported(dossier))
    typed = await reader(request)
    try:
        await actions.report(
            dossier.delivery,
            forms.report(typed, [line.line_id for line in dossier.lines]),
            version=forms.version(typed),
            actor=request.state.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        kept = await typed_in(request)
        return await _report_page(request, await shown.again(request), kept, error)
    said = _("The report is sent. The State is asked to confirm it.")
    return see_other(f"/deliveries/{dossier.delivery.public_id}", said)


def _reported(dossier: DeliveryDossier) -> dict[str, str]:
    """What the form begins with: the last report, or the plan."""
    delivery = dossier.delivery
    found = {
        "text": delivery.report,
        "language": delivery.language if delivery.report else current_locale(),
        "starts_on": delivery.starts_on.isoformat(),
        "ends_on": delivery.ends_on.isoformat(),
    }
    for line in dossier.lines:
        said = line.reported_quantity
        found[f"line-{line.line_id}"] = str(line.quantity if said is None else said)
    for number, row in enumerate(dossier.attendance):
        at = f"attendance-{number}-"
        counts = {"women": row.women, "men": row.men, "other": row.other}
        found |= {f"{at}institution": row.institution}
        found |= {f"{at}{name}": str(count) for name, count in counts.items()}
    for number, output in enumerate(delivery.outputs):
        found[f"output-{number}-title"] = output
    return found


async def _report_page(
    request: WebRequest,
    dossier: DeliveryDossier,
    typed: Typed,
    error: DomainError | None = None,
) -> Response:
    stale = isinstance(error, StaleVersion)
    more: dict[str, Any] = {
        "participants": range(rows_in(typed, "attendance-", "institution")),
        "outputs": range(rows_in(typed, "output-", "title")),
    }
    return render(
        request,
        "deliveries/report.html",
        status=status(error),
        heading=_("Report on this delivery"),
        action=request.url.path,
        typed=typed,
        compared=compared(typed, _reported(dossier)) if stale else (),
        lines=line_fields(dossier, await code_lists(), request.state.actor),
        languages=language_options(CONTENT_LANGUAGES),
        **more,
        **answer_to(None if stale else error),
        **shown.of_delivery(dossier),
    )


async def attach(request: WebRequest) -> Response:
    """A file beside the report; the plan's and the report's own words stay as they are."""
    dossier = await shown.dossier_at(request, "report")
    actor = request.state.actor
    if not may_attach(dossier, actor):
        raise NotAllowed(NO_STEP)
    sent = await upload(request, "file")
    try:
        if sent is None:
            raise InvalidInput({"file": Text("Choose a file.")})
        await actions.attach_evidence(dossier.delivery, sent, actor=actor, now=request.state.now)
    except (InvalidInput, Conflict) as error:
        return await shown.delivery_page(request, await shown.again(request), error)
    return see_other(f"/deliveries/{dossier.delivery.public_id}#evidence", _("The file is kept."))
