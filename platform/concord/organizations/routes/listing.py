"""Lists: every organization one may see, and what waits for a due diligence officer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import Response

from concord.errors import NotAllowed
from concord.organizations import queries
from concord.organizations.labels import KINDS, kind_options, state_options
from concord.organizations.models import Organization
from concord.organizations.policy import may_create, may_list, may_list_acts, may_see_queue
from concord.organizations.routes.reading import actor_of
from concord.organizations.states import OrganizationKind, Verification
from concord.web.labels import state_label
from concord.web.pagination import Page, csv_response, window
from concord.web.rendering import render
from concord.web.routing import page

CSV_LIMIT = 20_000
CSV_HEADER = ("id", "name", "kind", "state", "verification", "verified_until", "website")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to."""

    search: str
    kind: str
    verification: str
    state: str


async def list_organizations(request: Request) -> Response:
    actor = actor_of(request)
    if not may_list(actor):
        raise NotAllowed("Choose a role first.")
    asked = _filter(request)
    found = queries.organizations(actor, **asdict(asked))
    part = window(request.query_params, sorts=list(queries.LIST_ORDERS), default="name")
    order = part.order(queries.LIST_ORDERS)
    if request.query_params.get("format") == "csv":
        rows = await found.order_by(*order).limit(CSV_LIMIT)
        return csv_response("organizations.csv", CSV_HEADER, [_csv_row(row) for row in rows])
    total = await found.count()
    rows = await found.order_by(*order).offset(part.offset).limit(part.size)
    return render(
        request,
        "organizations/list.html",
        page=Page(rows, total, part),
        filter=asked,
        chips=_chips(asked),
        kinds=KINDS,
        kind_options=kind_options(),
        states=await state_options(),
        verifications=[(each.value, state_label("verification", each)) for each in Verification],
        may_create=may_create(actor),
        may_see_queue=may_see_queue(actor),
        may_list_acts=may_list_acts(actor),
    )


async def list_screenings(request: Request) -> Response:
    actor = actor_of(request)
    if not may_see_queue(actor):
        raise NotAllowed("Only due diligence officers work through this list.")
    waiting = queries.awaiting_screening(now=request.state.now)
    part = window(request.query_params, sorts=("since", "name", "until"), default="since")
    order = part.order(
        {"since": "verification_since", "name": "name_key", "until": "verified_until"}
    )
    total = await waiting.count()
    rows = await waiting.order_by(*order).offset(part.offset).limit(part.size)
    return render(
        request,
        "organizations/screenings.html",
        page=Page(rows, total, part),
        recognizable=await queries.awaiting_recognition().order_by("created_at", "id").limit(50),
        kinds=KINDS,
    )


def _filter(request: Request) -> Filter:
    query = request.query_params
    kind, verification = query.get("kind", ""), query.get("verification", "")
    state = query.get("state", "")
    return Filter(
        search=query.get("q", "").replace("\x00", "").strip()[:100],
        kind=kind if kind in set(OrganizationKind) else "",
        verification=verification if verification in set(Verification) else "",
        state=state if len(state) == 3 and state.isascii() and state.isalpha() else "",
    )


def _chips(asked: Filter) -> Sequence[tuple[str, str, object]]:
    chips: list[tuple[str, str, object]] = []
    if asked.search:
        chips.append(("q", asked.search, asked.search))
    if asked.kind:
        chips.append(("kind", asked.kind, KINDS[asked.kind]))
    if asked.verification:
        label = state_label("verification", asked.verification)
        chips.append(("verification", asked.verification, label))
    return chips


def _csv_row(row: Organization) -> Sequence[object]:
    return (
        row.public_id,
        row.name,
        row.kind.value,
        row.state_id or "",
        row.verification.value,
        row.verified_until.date().isoformat() if row.verified_until else "",
        row.website,
    )


routes = [
    page("/organizations", list_organizations),
    page("/organizations/screenings", list_screenings),
]
