"""The coordinator's workbench: the queue, the case, and its ranked candidates."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.queries import unanswered
from concord.errors import NotAllowed, NotFound
from concord.pairings import queries
from concord.pairings.duplicate_views import FlagView, flag_views
from concord.pairings.policy import may_see_pairings, may_use_workbench
from concord.pairings.views import MissingOffer, PairingView, RankingView
from concord.requests.models import Request
from concord.requests.queries import request_for, view_of
from concord.requests.states import MATCHABLE
from concord.requests.values import SharedPart
from concord.requests.views import RequestView
from concord.web.elements import QueueRow
from concord.web.rendering import render
from concord.web.routing import page

PARTS = tuple(part.value for part in SharedPart)
NOT_YOURS = "Coordinators work on pairings here."


@dataclass(frozen=True, slots=True)
class Case:
    """The request that is open in the middle, and what stands right of it."""

    view: RequestView
    ranking: RankingView | None
    pairings: list[PairingView]
    warnings: list[FlagView]
    missing: MissingOffer | None
    asked_for: str
    matchable: bool


async def workbench(request: WebRequest) -> Response:
    """The queue with the first or the chosen request open."""
    actor: Actor = request.state.actor
    if not may_use_workbench(actor):
        raise NotFound
    chosen = request.query_params.get("request", "")
    queued = await _queue(request, actor)
    opened = await request_for(actor, chosen) if chosen else (queued[0] if queued else None)
    return await _page(request, queued, opened)


async def pairings(request: WebRequest) -> Response:
    """One request's candidates, with the same queue beside it."""
    actor: Actor = request.state.actor
    opened = await request_for(actor, request.path_params["id"])
    if not may_see_pairings(actor, opened):
        raise NotAllowed(NOT_YOURS)
    return await _page(request, await _queue(request, actor), opened)


async def _queue(request: WebRequest, actor: Actor) -> list[Request]:
    found = queries.queue(actor)
    if state := request.query_params.get("state", ""):
        found = found.filter(state=state) if state in queries.QUEUE else found.filter(id=None)
    if words := request.query_params.get("q", ""):
        found = found.filter(title__icontains=words[:100])
    return await found.limit(queries.MOST_QUEUED)


async def _page(request: WebRequest, queued: list[Request], opened: Request | None) -> Response:
    actor: Actor = request.state.actor
    rows = [_row(one, opened, request) for one in queued]
    case = await _case(actor, opened, request.query_params.get("offer", "")) if opened else None
    return render(request, "pairings/workbench.html", queue=rows, case=case, shared_parts=PARTS)


async def _case(actor: Actor, opened: Request, asked_for: str) -> Case:
    flags: list[DuplicateFlag] = await unanswered(opened.id)
    return Case(
        view=await view_of(actor, opened),
        ranking=await queries.ranking_of(opened),
        pairings=await queries.pairings_of(opened),
        warnings=await flag_views(actor, flags),
        missing=await queries.why_missing(actor, opened, asked_for) if asked_for else None,
        asked_for=asked_for,
        matchable=opened.state in MATCHABLE,
    )


def _row(one: Request, opened: Request | None, request: WebRequest) -> QueueRow:
    return QueueRow(
        href=f"/workbench?{_kept(request)}request={one.public_id}",
        public_id=one.public_id,
        title=one.title,
        machine="request",
        state=one.state.value,
        details=(one.lead_state_id,),
        since=one.state_since,
        until=one.due_at,
        urgent=one.urgent,
        confidentiality=one.confidentiality.value,
        selected=opened is not None and one.id == opened.id,
        lang=one.language,
    )


def _kept(request: WebRequest) -> str:
    """The filters stay in the address when another case is opened."""
    kept = [(name, request.query_params.get(name, "")) for name in ("q", "state")]
    return "".join(f"{name}={quote(value)}&" for name, value in kept if value)


routes = [
    page("/workbench", workbench, name="workbench"),
    page("/requests/{id}/pairings", pairings, name="pairings"),
]
