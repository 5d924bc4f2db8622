"""Acts on behalf of States: the list, one act, recording, confirming and refusing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from concord.errors import Conflict, InvalidInput, NotAllowed, NotFound, Text
from concord.inputs import Reader
from concord.organizations import acts, forms, on_behalf, queries
from concord.organizations.files import ACCEPTED
from concord.organizations.models import ActOnBehalf
from concord.organizations.on_behalf import Command, Field, Subject
from concord.organizations.policy import may_confirm_act, may_list_acts
from concord.organizations.routes.reading import actor_of, state_codes, typed_text
from concord.reference.identifiers import normalized_public_id
from concord.web.flash import see_other
from concord.web.formats import state_name
from concord.web.forms import first, reader, upload
from concord.web.i18n import gettext as _
from concord.web.pagination import Page, csv_response, window
from concord.web.rendering import render
from concord.web.routing import command, page

BASE = "/acts-on-behalf"
ORDERS = {"recorded": "created_at", "state": "state_id", "note": "note_date"}
CSV_LIMIT = 20_000
CSV_HEADER = ("id", "state", "act", "subject", "note", "note_date", "status", "recorded_at")
STATUSES = {"waiting": "waiting", "confirmed": "confirmed", "refused": "refused"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be recorded: a registered act on a subject that the actor may see."""

    command: Command
    subject: Subject
    options: Mapping[str, Sequence[tuple[str, str]]]


async def list_acts(request: Request) -> Response:
    actor = actor_of(request)
    if not may_list_acts(actor):
        raise NotAllowed("Only UNODC's case workers and the States themselves see these acts.")
    query = request.query_params
    status = query.get("status", "")
    found = acts.listed(actor, status=status if status in STATUSES else "")
    part = window(query, sorts=list(ORDERS), default="-recorded")
    order = part.order(ORDERS)
    if query.get("format") == "csv":
        rows = await found.order_by(*order).limit(CSV_LIMIT)
        return csv_response("acts-on-behalf.csv", CSV_HEADER, [_csv_row(row) for row in rows])
    total = await found.count()
    rows = await found.order_by(*order).offset(part.offset).limit(part.size)
    return render(
        request,
        "organizations/acts.html",
        page=Page(rows, total, part),
        labels=_labels(),
        chosen=status,
    )


async def show_act(request: Request) -> Response:
    return await _act_page(request, await _asked_act(request))


async def confirm(request: Request) -> Response:
    act = await _asked_act(request)
    try:
        await on_behalf.confirm(act, actor=actor_of(request), now=_now(request))
    except (Conflict, InvalidInput) as refused:
        return await _act_page(
            request, await _asked_act(request), errors={"": refused.message}, status=409
        )
    return see_other(f"{BASE}/{act.public_id}", _("The act is confirmed and carried out."))


async def refuse(request: Request) -> Response:
    act = await _asked_act(request)
    on_behalf.check_may_decide(act, actor=actor_of(request))
    try:
        reason = forms.suspension(await reader(request)).reason
    except InvalidInput as refused:
        return await _act_page(request, act, errors=refused.fields, status=422)
    await on_behalf.refuse(act, reason=reason, actor=actor_of(request), now=_now(request))
    return see_other(f"{BASE}/{act.public_id}", _("The act is refused. Nothing was carried out."))


async def show_recording(request: Request) -> Response:
    query = request.query_params
    asked = await _asked(request, query.get("command", ""), query.get("subject", ""))
    return await _recording_page(request, asked)


async def record(request: Request) -> Response:
    read = await reader(request)
    asked = await _asked(request, first(read.raw, "command"), first(read.raw, "subject"))
    file = await upload(request, "file")
    try:
        state = read.choice("state", asked.subject.states, required=True)
        arguments = {each.name: _argument(read, each, asked) for each in asked.command.fields}
        today = _now(request).date()
        note = forms.note_verbale(read, today=today, has_file=file is not None)
        if file is None:
            raise InvalidInput({"file": Text("Attach the note verbale.")})
        recording = on_behalf.Recording(
            command=asked.command.name,
            subject=asked.subject,
            state=state,
            note=note,
            file=file,
            arguments=arguments,
        )
        act = await on_behalf.record(recording, actor=actor_of(request), now=_now(request))
    except InvalidInput as refused:
        return await _recording_page(request, asked, errors=refused.fields, status=422)
    return see_other(f"{BASE}/{act.public_id}", _("Recorded. A second person has to confirm it."))


async def _asked(request: Request, name: str, public_id: str) -> Asked:
    """NotFound for an act that is not recorded here, and for a subject that is not seen."""
    actor = actor_of(request)
    chosen = on_behalf.commands.get(name)
    if not actor.is_coordinator:
        raise NotAllowed(on_behalf.NOT_YOURS)
    if chosen is None or chosen.subject is None:
        raise NotFound
    subject = await chosen.subject(actor, normalized_public_id(public_id) or public_id)
    options = {
        each.name: await each.options() for each in chosen.fields if each.options is not None
    }
    return Asked(chosen, subject, options)


def _argument(read: Reader, asked_field: Field, asked: Asked) -> object:
    name, required = asked_field.name, asked_field.required
    codes = [code for code, _label in asked.options.get(name, ())]
    match asked_field.kind:
        case "text":
            return read.text(name, required=required)
        case "prose":
            return read.prose(name, required=required)
        case "yes":
            return read.boolean(name)
        case "choice":
            return read.choice(name, codes, required=required)
        case "choices":
            return list(read.choices(name, codes, required=required))


async def _recording_page(
    request: Request,
    asked: Asked,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    states = [code for code in await state_codes() if code in asked.subject.states]
    read = await reader(request) if request.method == "POST" else Reader({})
    return render(
        request,
        "organizations/record_act.html",
        status=status,
        errors=errors or {},
        asked=asked,
        states=[(code, state_name(code)) for code in states],
        typed=await typed_text(request),
        chosen={name: list(values) for name, values in read.raw.items()},
        accepted=ACCEPTED,
    )


async def _act_page(
    request: Request,
    act: ActOnBehalf,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    actor = actor_of(request)
    people = [act.recorded_by_id, act.confirmed_by_id, act.refused_by_id]
    return render(
        request,
        "organizations/act.html",
        status=status,
        errors=errors or {},
        typed=await typed_text(request),
        act=act,
        label=_labels().get(act.command, act.command),
        names=await queries.names_of(people),
        arguments=await _shown(act),
        files=await queries.attachments_of(actor, act.id),
        may_confirm=may_confirm_act(actor, act),
        recorder=actor.person_id == act.recorded_by_id,
    )


async def _asked_act(request: Request) -> ActOnBehalf:
    typed = request.path_params["act"]
    return await acts.act_for(actor_of(request), normalized_public_id(typed) or typed)


def _labels() -> dict[str, on_behalf.Label]:
    return {name: each.label for name, each in on_behalf.commands.items()}


async def _shown(act: ActOnBehalf) -> list[tuple[on_behalf.Label, object]]:
    """The recorded arguments under the labels of their fields, codes under theirs."""
    known = on_behalf.commands.get(act.command)
    fields = {each.name: each for each in known.fields} if known else {}
    shown: list[tuple[on_behalf.Label, object]] = []
    for name, value in sorted(act.arguments.items()):
        asked = fields.get(name)
        options = dict(await asked.options()) if asked and asked.options else {}
        shown.append((asked.label if asked else name, _said(value, options)))
    return shown


def _said(value: object, options: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return ", ".join(options.get(str(each), str(each)) for each in value)
    return options.get(value, value) if isinstance(value, str) else value


def _csv_row(row: ActOnBehalf) -> Sequence[object]:
    return (
        row.public_id,
        row.state_id,
        row.command,
        row.subject_public_id,
        row.note_reference,
        row.note_date.isoformat(),
        acts.status_of(row),
        row.created_at.isoformat(),
    )


def _now(request: Request) -> datetime:
    found: datetime = request.state.now
    return found


routes = [
    page(BASE, list_acts),
    page(f"{BASE}/new", show_recording),
    command(BASE, record),
    page(f"{BASE}/{{act}}", show_act),
    command(f"{BASE}/{{act}}/confirmation", confirm),
    command(f"{BASE}/{{act}}/refusal", refuse),
]
