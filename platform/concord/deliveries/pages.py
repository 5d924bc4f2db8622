"""What the page of one delivery shows to its reader: values only, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from concord.actor import Actor
from concord.deliveries.dossier import DeliveryDossier, StepRow
from concord.deliveries.policy import offered
from concord.deliveries.values import CONFIRMED_BY
from concord.deliveries.views import (
    WAITS,
    eyebrow,
    is_silent,
    knows_state,
    line_view,
    people_of,
    totals_of,
)
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery
from concord.matches.views import Audience, audience_of
from concord.organizations.states import OrganizationKind
from concord.reference.code_lists import CodeLists
from concord.web import view
from concord.web.elements import Fact, Progress, Step, Text
from concord.web.formats import period, short_date
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_
from concord.web.labels import state_label

_S = DeliveryState
PATH = (_S.PLANNED, _S.RUNNING, _S.REPORTED, _S.CONFIRMED)
ENTERING = {
    _S.PLANNED: frozenset({"plan"}),
    _S.RUNNING: frozenset({"begin"}),
    _S.REPORTED: frozenset({"report"}),
    _S.CONFIRMED: frozenset({"confirm", "decide", "settle"}),
}
STEPS: dict[str, tuple[str, Text, str]] = {
    "begin": ("beginning", N_("Begin"), "primary"),
    "report": ("report", N_("Report"), "primary"),
    "confirm": ("confirmation", N_("Confirm"), "primary"),
    "acknowledge": ("acknowledgement", N_("Confirm it after all"), "primary"),
    "decide": ("decision", N_("Decide"), "primary"),
    "dispute": ("dispute", N_("Say what differs"), "secondary"),
    "change": ("plan", N_("Change the plan"), "secondary"),
    "cancel": ("cancellation", N_("Cancel this delivery"), "secondary"),
}
"""Verbs that have a page of their own: its address, its button, and in which kind."""
VERBS: dict[str, Text] = {
    "plan": N_("Planned"),
    "change": N_("Plan changed"),
    "begin": N_("Begun"),
    "report": N_("Reported"),
    "confirm": N_("Confirmed"),
    "dispute": N_("Disputed"),
    "decide": N_("Decided by UNODC"),
    "settle": N_("Settled when the match ended"),
    "acknowledge": N_("Confirmed by the State afterwards"),
    "cancel": N_("Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Event:
    label: Text
    who: Text
    at: datetime
    reason: str
    note: str


def context(dossier: DeliveryDossier, *, actor: Actor, lists: CodeLists) -> dict[str, Any]:
    """Everything delivery.html shows."""
    delivery = dossier.delivery
    of_provider = audience_of(actor) is Audience.PROVIDER
    people = people_of(dossier.attendance)
    return {
        "delivery": delivery,
        "here": f"/deliveries/{delivery.public_id}",
        "eyebrow": eyebrow(delivery, actor),
        "silent": is_silent(delivery.state, delivery.confirmed_by),
        "dispute": dispute(delivery, lists),
        "actions": actions(dossier, actor),
        "lines": [line_view(line, lists, of_provider=of_provider) for line in dossier.lines],
        "participants": people,
        "totals": totals_of(people),
        "outputs": delivery.outputs,
        "files": dossier.files,
        "may_attach": may_attach(dossier, actor),
        "milestones": dossier.milestones,
        "steps": timeline(dossier, actor),
        "history": history(dossier, actor, lists),
        "facts": facts(delivery, actor),
    }


def verbs_of(dossier: DeliveryDossier, actor: Actor) -> set[str]:
    """The steps that this reader may take now."""
    found = {verb for verb in STEPS if offered(verb, actor, dossier.sides, dossier.delivery.state)}
    delivery = dossier.delivery
    if not is_silent(delivery.state, delivery.confirmed_by):
        found.discard("acknowledge")
    if delivery.due_at is not None and delivery.due_at > view.now():
        found.discard("decide")  # the provider may still report again
    return found


def may_attach(dossier: DeliveryDossier, actor: Actor) -> bool:
    """Evidence is added by whoever reports, until the State has said its word."""
    state = dossier.delivery.state
    return state in {_S.RUNNING, _S.REPORTED, _S.DISPUTED} and any(
        offered(verb, actor, dossier.sides, shown)
        for verb, shown in (("report", _S.RUNNING), ("report", _S.DISPUTED))
    )


def actions(dossier: DeliveryDossier, actor: Actor) -> list[tuple[Text, str, str]]:
    verbs = verbs_of(dossier, actor)
    here = f"/deliveries/{dossier.delivery.public_id}"
    return [
        (label, f"{here}/{address}", kind)
        for verb, (address, label, kind) in STEPS.items()
        if verb in verbs
    ]


def dispute(delivery: Delivery, lists: CodeLists) -> tuple[str, str] | None:
    """Reason and words of a dispute that is open."""
    if delivery.state is not _S.DISPUTED:
        return None
    reason = lists.reasons.get(delivery.dispute_reason or "")
    return (_(reason.label) if reason else "", delivery.dispute_note)


def facts(delivery: Delivery, actor: Actor) -> list[Fact]:
    match = delivery.match
    found = [
        Fact(_("When"), period(delivery.starts_on, delivery.ends_on)),
        Fact(_("Place"), delivery.place),
    ]
    if delivery.confirmed_by:
        found.append(Fact(_("Confirmation"), CONFIRMED_BY[delivery.confirmed_by]))
    if delivery.reported_at:
        found.append(Fact(_("Reported"), short_date(delivery.reported_at)))
    return [Fact(_("Match"), match.public_id), *found]


def timeline(dossier: DeliveryDossier, actor: Actor) -> list[Step]:
    """What was done, for whom it waits, and what comes."""
    delivery = dossier.delivery
    state = delivery.state
    if state is _S.CANCELLED:
        last = dossier.steps[-1] if dossier.steps else None
        made = {row.target for row in dossier.steps}
        done = [_done(dossier, each, actor) for each in PATH if each.value in made]
        at = last.at if last else delivery.state_since
        who = who_of(last, delivery, actor) if last else ""
        return [*done, Step(state_label("delivery", state), Progress.STOPPED, who=who, at=at)]
    reached = PATH.index(_S.REPORTED if state is _S.DISPUTED else state)
    steps = [_done(dossier, each, actor) for each in PATH[: reached + 1]]
    if state is _S.DISPUTED:
        steps.append(_waiting(delivery, _S.DISPUTED))
    elif reached + 1 < len(PATH):
        steps.append(_waiting(delivery, PATH[reached + 1]))
    coming = PATH[reached + 1 :] if state is _S.DISPUTED else PATH[reached + 2 :]
    return steps + [Step(state_label("delivery", each), Progress.UPCOMING) for each in coming]


def _done(dossier: DeliveryDossier, state: DeliveryState, actor: Actor) -> Step:
    label = state_label("delivery", state)
    rows = [row for row in dossier.steps if row.verb in ENTERING[state]]
    if not rows:
        return Step(label, Progress.DONE)
    who = who_of(rows[-1], dossier.delivery, actor)
    return Step(label, Progress.DONE, who=who, at=rows[-1].at)


def _waiting(delivery: Delivery, state: DeliveryState) -> Step:
    return Step(
        state_label("delivery", state),
        Progress.WAITING,
        waiting_for=WAITS[delivery.state],
        since=delivery.state_since,
        until=delivery.due_at,
    )


def history(dossier: DeliveryDossier, actor: Actor, lists: CodeLists) -> list[Event]:
    """Every step, the newest first; both sides read what the other wrote in a dispute."""
    events = []
    for row in reversed(dossier.steps):
        reason = lists.reasons.get(row.reason or "")
        events.append(
            Event(
                VERBS.get(row.verb, row.verb),
                who_of(row, dossier.delivery, actor),
                row.at,
                _(reason.label) if reason else "",
                row.note,
            )
        )
    return events


def who_of(row: StepRow, delivery: Delivery, actor: Actor) -> Text:
    """A name to UNODC and to one's own colleagues, the organization to everyone else."""
    if row.person_id is None:
        return _("the clock")
    if actor.is_secretariat or row.organization_id == actor.organization_id:
        return ", ".join(filter(None, (row.person, row.organization)))
    if row.organization_kind == OrganizationKind.SECRETARIAT:
        return _("UNODC")
    of_state = row.organization_kind == OrganizationKind.STATE_AUTHORITY
    if of_state and not knows_state(actor, delivery.match):
        return _("the requesting State")
    return row.organization or ""


def line_fields(
    dossier: DeliveryDossier, lists: CodeLists, actor: Actor, *, reported: bool = True
) -> Sequence[dict[str, str]]:
    """A number field for each line, beginning with what is known so far."""
    of_provider = audience_of(actor) is Audience.PROVIDER
    found = []
    for line in dossier.lines:
        shown = line_view(line, lists, of_provider=of_provider)
        said = line.reported_quantity if reported else None
        found.append(
            {
                "name": f"line-{line.line_id}",
                "label": f"{shown.topic} · {shown.modality}",
                "unit": lists.units[line.line.item.unit_id].label
                if line.line.item.unit_id
                else "",
                "default": str(line.quantity if said is None else said),
                "hint": _("Planned: %(quantity)s") % {"quantity": shown.planned},
            }
        )
    return found
