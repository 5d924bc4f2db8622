"""The provider plans a delivery, and changes the plan while nothing is reported."""

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.deliveries import actions, forms, shown
from concord.deliveries.dossier import DeliveryDossier, left_to_plan
from concord.deliveries.pages import line_fields
from concord.deliveries.policy import may, may_plan
from concord.deliveries.retyped import Typed, compared, rows_in
from concord.deliveries.standing import (
    NO_STEP,
    Standing,
    answer_to,
    of_match,
    standing_at,
    status,
    tell_of_hidden,
    typed_in,
)
from concord.errors import Conflict, DomainError, InvalidInput, NotAllowed, StaleVersion
from concord.matches.actions.locking import DENIED
from concord.matches.models import MatchLine
from concord.matches.queries import lines_of
from concord.matches.views import Audience, audience_of, line_view
from concord.reference.queries import code_lists
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import gettext as _
from concord.web.rendering import render


async def new(request: WebRequest) -> Response:
    """The form of a new delivery: what is left of each line is proposed."""
    standing = await standing_at(request)
    _check_may(standing)
    if not may_plan(standing.actor, standing.sides):
        raise NotAllowed(NO_STEP)
    match = standing.match
    typed = {
        "starts_on": match.starts_on.isoformat(),
        "ends_on": match.ends_on.isoformat(),
    }
    if terms := standing.life.terms:
        typed |= {
            "starts_on": (terms.starts_on or match.starts_on).isoformat(),
            "ends_on": (terms.ends_on or match.ends_on).isoformat(),
        }
    return await _new_page(request, standing, typed)


def _check_may(standing: Standing) -> None:
    """Refuse whose step it never is, before anything typed is read."""
    if not may("plan", standing.actor, standing.sides):
        raise NotAllowed(DENIED)


async def create(request: WebRequest) -> Response:
    standing = await standing_at(request)
    _check_may(standing)
    lines = await lines_of(standing.match)
    typed = await reader(request)
    try:
        delivery = await actions.plan(
            standing.match,
            forms.plan(typed, [line.id for line in lines]),
            version=forms.version(typed),
            actor=standing.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        await tell_of_hidden(request, standing, error)
        fresh = await standing_at(request)
        return await _new_page(request, fresh, await typed_in(request), error)
    return see_other(f"/deliveries/{delivery.public_id}", _("The delivery is planned."))


async def _new_page(
    request: WebRequest, standing: Standing, typed: Typed, error: DomainError | None = None
) -> Response:
    return render(
        request,
        "deliveries/plan.html",
        status=status(error),
        heading=_("Plan a delivery"),
        action=f"{standing.here}/deliveries",
        version=standing.match.version,
        typed=typed,
        compared=(),
        lines=await _open_lines(request, standing),
        milestones=range(rows_in(typed, "milestone-", "title")),
        changing=False,
        **answer_to(error),
        **of_match(standing),
    )


async def _open_lines(request: WebRequest, standing: Standing) -> list[dict[str, str]]:
    """A number field for each line, beginning with what is left of it."""
    lists, left = await code_lists(), await left_to_plan(standing.match.id)
    of_provider = audience_of(request.state.actor) is Audience.PROVIDER
    found = []
    for line in await lines_of(standing.match):
        view = line_view(line, lists)
        open_quantity = left.get(line.id, 0)
        found.append(
            {
                "name": f"line-{line.id}",
                "label": f"{view.offered_topic if of_provider else view.topic} · {view.modality}",
                "unit": view.item_unit,
                "default": str(open_quantity),
                "hint": _agreed_and_left(line, open_quantity, view.item_unit),
            }
        )
    return found


def _agreed_and_left(line: MatchLine, left: int, unit: str) -> str:
    return _("%(left)s of %(agreed)s %(unit)s are not planned yet") % {
        "left": left,
        "agreed": line.item_quantity,
        "unit": unit,
    }


async def change(request: WebRequest) -> Response:
    """The plan again, with what was done of its milestones."""
    dossier = await shown.dossier_at(request, "change")
    if request.method == "GET":
        shown.check_now(dossier, "change", request.state.actor)
        return await _plan_page(request, dossier, _planned(dossier))
    typed = await reader(request)
    try:
        await actions.change(
            dossier.delivery,
            forms.plan(typed, [line.line_id for line in dossier.lines]),
            version=forms.version(typed),
            actor=request.state.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        kept = await typed_in(request)
        return await _plan_page(request, await shown.again(request), kept, error)
    return see_other(f"/deliveries/{dossier.delivery.public_id}", _("The plan is changed."))


def _planned(dossier: DeliveryDossier) -> dict[str, str]:
    delivery = dossier.delivery
    found = {
        "title": delivery.title,
        "place": delivery.place,
        "starts_on": delivery.starts_on.isoformat(),
        "ends_on": delivery.ends_on.isoformat(),
    }
    for line in dossier.lines:
        found[f"line-{line.line_id}"] = str(line.quantity)
    for number, one in enumerate(dossier.milestones):
        found[f"milestone-{number}-title"] = one.title
        found[f"milestone-{number}-due_on"] = one.due_on.isoformat()
        found[f"milestone-{number}-done_on"] = one.done_on.isoformat() if one.done_on else ""
    return found


async def _plan_page(
    request: WebRequest,
    dossier: DeliveryDossier,
    typed: Typed,
    error: DomainError | None = None,
) -> Response:
    stale = isinstance(error, StaleVersion)
    return render(
        request,
        "deliveries/plan.html",
        status=status(error),
        heading=_("Change the plan"),
        action=request.url.path,
        typed=typed,
        compared=compared(typed, _planned(dossier)) if stale else (),
        lines=line_fields(dossier, await code_lists(), request.state.actor, reported=False),
        milestones=range(rows_in(typed, "milestone-", "title")),
        changing=True,
        **answer_to(None if stale else error),
        **shown.of_delivery(dossier),
    )
