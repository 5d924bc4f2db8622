"""The list of deliveries, their calendar file, and the year as a grid."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from starlette.requests import Request as WebRequest
from starlette.responses import Response
from tortoise.queryset import QuerySet

from concord.actor import Actor, Role
from concord.deliveries import grid
from concord.deliveries.calendar_file import MEDIA_TYPE, Event, Standing, calendar_file
from concord.deliveries.dossier import during, listed, matching
from concord.deliveries.queries import visible_to, waiting_deliveries
from concord.deliveries.views import DeliveryRow, knows_state, row_of
from concord.errors import NotFound
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery
from concord.matches.policy import may_list
from concord.web.elements import Column, Text
from concord.web.formats import state_name
from concord.web.i18n import gettext as _
from concord.web.labels import state_label
from concord.web.pagination import Page, Window, csv_response, window
from concord.web.rendering import render

SORTS = {"starts": "starts_on", "ends": "ends_on", "state": "state", "due": "due_at"}
CSV_ROWS = 5000
MOST_EVENTS = 1000
STANDINGS = {
    DeliveryState.PLANNED: Standing.TENTATIVE,
    DeliveryState.CANCELLED: Standing.CANCELLED,
}
CSV_HEADER = (
    *("delivery", "title", "for", "provider", "starts_on", "ends_on", "state"),
    *("not_confirmed_by_state", "waiting_for", "until"),
)


async def index(request: WebRequest) -> Response:
    """Deliveries that the actor sees, filtered and sorted by the address."""
    actor = _reader(request)
    found = _filtered(request, actor)
    asked = window(request.query_params, sorts=list(SORTS), default="-starts")
    if request.query_params.get("format") == "csv":
        asked = replace(asked, number=1, size=CSV_ROWS)
    rows, total = await _rows(actor, found, asked)
    if request.query_params.get("format") == "csv":
        return csv_response("deliveries.csv", CSV_HEADER, map(_cells, rows))
    return render(
        request,
        "deliveries/list.html",
        page=Page(rows, total, asked),
        columns=_columns(),
        states=_state_options(),
        errors={},
    )


def _reader(request: WebRequest) -> Actor:
    """Whoever sees matches with their content: all but auditors."""
    actor: Actor = request.state.actor
    if not may_list(actor) or actor.role is Role.AUDITOR:
        raise NotFound
    return actor


async def _rows(
    actor: Actor, found: QuerySet[Delivery], asked: Window
) -> tuple[list[DeliveryRow], int]:
    rows, total = await listed(
        actor, found, order=asked.order(SORTS), offset=asked.offset, limit=asked.size
    )
    return [row_of(row, actor) for row in rows], total


def _filtered(request: WebRequest, actor: Actor) -> QuerySet[Delivery]:
    query = request.query_params
    wanted = {state for each in query.getlist("state") for state in each.split(",")}
    found = visible_to(actor)
    if states := [state for state in DeliveryState if state.value in wanted]:
        found = found.filter(state__in=states)
    if query.get("waiting") == "me":
        found = found.filter(id__in=waiting_deliveries(actor))
    words = query.get("q", "").strip()[:100]
    if words:
        found = found.filter(matching(words))
    return found.filter(during(_day(query.get("from", "")), _day(query.get("until", ""))))


def _day(typed: str) -> date | None:
    """A day of the address; what makes no sense is none."""
    try:
        return date.fromisoformat(typed[:10])
    except ValueError:
        return None


def _state_options() -> list[tuple[str, Text]]:
    return [(state.value, state_label("delivery", state.value)) for state in DeliveryState]


def _columns() -> Sequence[Column]:
    return [
        Column(_("Delivery")),
        Column(_("For")),
        Column(_("Provider")),
        Column(_("When"), sort="starts"),
        Column(_("Status"), sort="state"),
        Column(_("Waiting for")),
        Column(_("Until"), sort="due"),
    ]


def _cells(row: DeliveryRow) -> Sequence[object]:
    return (
        row.public_id,
        row.title,
        row.state_name,
        row.provider,
        row.starts_on.isoformat(),
        row.ends_on.isoformat(),
        row.state,
        "yes" if row.silent else "",
        str(row.waiting_for),
        row.until.isoformat() if row.until else "",
    )


async def feed(request: WebRequest) -> Response:
    """What one sees of the deliveries, for a calendar."""
    actor = _reader(request)
    rows, _total = await listed(
        actor, _filtered(request, actor), order=("-starts_on", "-id"), offset=0, limit=MOST_EVENTS
    )
    origin: str = request.app.state.settings.public_url
    events = [_event(row, actor, origin) for row in rows]
    headers = {"content-disposition": 'attachment; filename="deliveries.ics"'}
    text = calendar_file(_("Deliveries of assistance"), events)
    return Response(text, media_type=MEDIA_TYPE, headers=headers)


def _event(delivery: Delivery, actor: Actor, origin: str) -> Event:
    row = row_of(delivery, actor)
    names = " · ".join(filter(None, (row.title, row.state_name, row.provider)))
    return Event(
        uid=f"{row.public_id}@concord",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        summary=names,
        changed_at=delivery.state_since,
        sequence=delivery.version,
        standing=STANDINGS.get(delivery.state, Standing.CONFIRMED),
        place=delivery.place,
        address=f"{origin}{row.href}",
    )


def _of_state(delivery: Delivery, actor: Actor) -> str:
    match = delivery.match
    return state_name(match.request.lead_state_id) if knows_state(actor, match) else "–"


def _of_provider(delivery: Delivery, actor: Actor) -> str:
    return delivery.match.offer.organization.name


WAYS: Mapping[str, tuple[Text, Callable[[Delivery, Actor], str]]] = {
    "state": ("For", _of_state),
    "provider": ("Provider", _of_provider),
}


async def calendar(request: WebRequest) -> Response:
    """A year as tiles: rows of States or of providers, a column a month."""
    actor = _reader(request)
    query = request.query_params
    way = query.get("by", "") if query.get("by", "") in WAYS else _first_way(actor)
    year = _year(query.get("year", ""), request.state.now.year)
    found = visible_to(actor).exclude(state=DeliveryState.CANCELLED)
    inside = found.filter(during(date(year, 1, 1), date(year, 12, 31)))
    rows, _total = await listed(actor, inside, order=("starts_on", "id"), offset=0, limit=CSV_ROWS)
    label = WAYS[way][1]
    stretches = [
        grid.Stretch(label(row, actor), row.starts_on, row.ends_on, row.state) for row in rows
    ]
    return render(
        request,
        "deliveries/calendar.html",
        year=year,
        previous=year - 1,
        following=year + 1,
        way=way,
        ways=[(key, _(str(name))) for key, (name, _label) in WAYS.items()],
        heading=_(str(WAYS[way][0])),
        months=grid.month_names(),
        rows=grid.rows_of(stretches, year=year),
        errors={},
    )


def _first_way(actor: Actor) -> str:
    return "provider" if actor.is_state else "state"


def _year(typed: str, otherwise: int) -> int:
    is_year = typed.isascii() and typed.isdigit() and len(typed) == 4 and "1990" <= typed <= "2100"
    return int(typed) if is_year else otherwise
