"""The coordinator's workbench: the queue, the case, and its ranked candidates."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.duplicates.queries import unanswered
from concord.errors import NotFound
from concord.inputs import clean
from concord.pairings import queries
from concord.pairings.actions import note_shown
from concord.pairings.comparing import comparison_rows
from concord.pairings.duplicate_views import FlagView, flag_views
from concord.pairings.policy import READERS, may_see_pairings, may_use_workbench
from concord.pairings.views import (
    Candidate,
    MissingOffer,
    PairingView,
    RankingView,
    pairing_view,
)
from concord.reference.code_lists import CodeLists
from concord.reference.identifiers import normalized_public_id
from concord.reference.queries import code_lists
from concord.requests.actions import note_reading
from concord.requests.models import Request
from concord.requests.queries import request_for, view_of
from concord.requests.states import MATCHABLE
from concord.requests.values import SharedPart
from concord.requests.views import RequestView
from concord.web.elements import Comparison, QueueRow
from concord.web.formats import state_name
from concord.web.rendering import render
from concord.web.routing import page

LONGEST = 100
PARTS = tuple(part.value for part in SharedPart)


@dataclass(frozen=True, slots=True)
class Compared:
    """One candidate side by side with the request."""

    pairing: PairingView
    rows: list[Comparison]


@dataclass(frozen=True, slots=True)
class Case:
    """The request that is open in the middle, and what stands right of it."""

    view: RequestView
    ranking: RankingView | None
    pairings: list[PairingView]
    warnings: list[FlagView]
    compared: Compared | None
    missing: MissingOffer | None
    asked_for: str
    matchable: bool


async def workbench(request: WebRequest) -> Response:
    """The queue with the first or the chosen request open."""
    actor: Actor = request.state.actor
    if not may_use_workbench(actor):
        raise NotFound
    queued = await _queue(request, actor)
    chosen = request.query_params.get("request", "")
    opened = await _opened(actor, queued, chosen) if chosen else next(iter(queued), None)
    return await _page(request, queued, opened)


async def pairings(request: WebRequest) -> Response:
    """One request's candidates, with the same queue beside it; unknown to everyone outside."""
    actor: Actor = request.state.actor
    if actor.role not in READERS:
        raise NotFound
    queued = await _queue(request, actor)
    opened = await _opened(actor, queued, request.path_params["id"])
    if not may_see_pairings(actor, opened):
        raise NotFound
    return await _page(request, queued, opened)


async def _opened(actor: Actor, queued: list[Request], public_id: str) -> Request:
    """The chosen request: from the queue, which holds what the actor sees, or by itself."""
    wanted = normalized_public_id(public_id)
    found = next((one for one in queued if one.public_id == wanted), None)
    return found or await request_for(actor, public_id)


async def _queue(request: WebRequest, actor: Actor) -> list[Request]:
    found = queries.queue(actor)
    if state := request.query_params.get("state", ""):
        found = found.filter(state=state) if state in queries.QUEUE else found.filter(id=None)
    if words := clean(request.query_params.get("q", ""))[:LONGEST]:
        found = found.filter(title__icontains=words)
    return await found.limit(queries.MOST_QUEUED)


async def _page(request: WebRequest, queued: list[Request], opened: Request | None) -> Response:
    """The whole page, or to htmx the three panes alone."""
    rows = [_row(one, opened, request) for one in queued]
    case = await _case(request, opened) if opened else None
    swapped = request.headers.get("hx-request") == "true"
    template = "pairings/_panes.html" if swapped else "pairings/workbench.html"
    return render(request, template, queue=rows, case=case, shared_parts=PARTS)


async def _case(request: WebRequest, opened: Request) -> Case:
    actor: Actor = request.state.actor
    today = request.state.now.date()
    view = await view_of(actor, opened)
    await note_reading(opened, actor=actor, now=request.state.now)
    lists = await code_lists()
    matchable = opened.state in MATCHABLE
    limit = queries.MOST_SHOWN if request.query_params.get("more") else queries.SHOWN
    found = await queries.candidates_of(opened, limit=limit) if matchable else []
    ranking = await queries.ranking_of(actor, opened) if matchable else None
    curve = ranking.curve if ranking else None
    shown = [pairing_view(one, view, lists, today=today, curve=curve) for one in found]
    if ranking and len(shown) > ranking.seen:
        await note_shown(opened, length=len(shown), actor=actor, now=request.state.now)
    asked_for = request.query_params.get("offer", "")[:40]
    return Case(
        view=view,
        ranking=ranking,
        pairings=shown,
        warnings=await flag_views(actor, await unanswered(opened.id)),
        compared=_compared(request, view, list(zip(found, shown, strict=True)), lists),
        missing=await queries.why_missing(actor, opened, asked_for, today=today)
        if asked_for
        else None,
        asked_for=asked_for,
        matchable=matchable,
    )


def _compared(
    request: WebRequest,
    view: RequestView,
    listed: list[tuple[Candidate, PairingView]],
    lists: CodeLists,
) -> Compared | None:
    wanted = normalized_public_id(request.query_params.get("compare", ""))
    for candidate, shown in listed:
        if shown.public_id == wanted:
            rows = comparison_rows(view, candidate.offer, candidate.slots, lists)
            return Compared(shown, rows)
    return None


def _row(one: Request, opened: Request | None, request: WebRequest) -> QueueRow:
    return QueueRow(
        href=f"/workbench?{_kept(request)}request={one.public_id}",
        public_id=one.public_id,
        title=one.title,
        machine="request",
        state=one.state.value,
        details=(state_name(one.lead_state_id),),
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
