"""The list of matches, and the page of one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request as WebRequest
from starlette.responses import Response
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.errors import DomainError, InvalidInput, NotFound
from concord.matches import on_paper, pages
from concord.matches.actions.covering import Repeats
from concord.matches.companions import companions_of
from concord.matches.models import Match
from concord.matches.policy import may_list
from concord.matches.queries import (
    dossier_of,
    listed,
    match_for,
    matching,
    visible_to,
    waiting_matches,
)
from concord.matches.sequel import sequel_of
from concord.matches.states import EXITS, MatchState
from concord.matches.views import ENDED, Audience, MatchRow, audience_of
from concord.reference.queries import code_lists
from concord.requests.actions import note_reading
from concord.web.elements import Column, Text
from concord.web.forms import fields
from concord.web.i18n import gettext as _
from concord.web.labels import state_label
from concord.web.pagination import Page, csv_response, window
from concord.web.problems import status_of
from concord.web.rendering import render

SORTS = {"since": "state_since", "due": "due_at", "state": "state", "proposed": "proposed_at"}
CSV_ROWS = 5000
UNCHANGED = frozenset({"csrf_token", "idempotency_key", "version"})


async def index(request: WebRequest) -> Response:
    """Matches that the actor sees, filtered and sorted by the address."""
    actor: Actor = request.state.actor
    if not may_list(actor):
        raise NotFound
    found = await _filtered(request, actor)
    asked = window(request.query_params, sorts=list(SORTS), default="-since")
    if request.query_params.get("format") == "csv":
        asked = replace(asked, number=1, size=CSV_ROWS)
    rows, total = await listed(
        actor, found, order=asked.order(_sorts(actor)), offset=asked.offset, limit=asked.size
    )
    if request.query_params.get("format") == "csv":
        return _csv(rows)
    return render(
        request,
        "matches/list.html",
        page=Page(rows, total, asked),
        columns=_columns(audience_of(actor)),
        states=_state_options(audience_of(actor)),
        known=audience_of(actor) is not Audience.TRAIL,
        errors={},
    )


def _sorts(actor: Actor) -> Mapping[str, str]:
    """The columns by which a list is sorted: both sides by the state that they are shown."""
    both_sides = audience_of(actor) in {Audience.STATE, Audience.PROVIDER}
    return SORTS | {"state": "shown_state"} if both_sides else SORTS


async def _filtered(request: WebRequest, actor: Actor) -> QuerySet[Match]:
    """Both sides filter exits by “ended” alone, as they are shown them."""
    wanted = {state for each in request.query_params.getlist("state") for state in each.split(",")}
    found = visible_to(actor)
    if states := _states(wanted, audience_of(actor)):
        found = found.filter(state__in=sorted(states))
    if request.query_params.get("waiting") == "me":
        found = found.filter(id__in=waiting_matches(actor))
    words = request.query_params.get("q", "").strip()[:100]
    return found.filter(matching(words, audience_of(actor))) if words else found


def _states(wanted: set[str], audience: Audience) -> set[MatchState]:
    both_sides = audience in {Audience.STATE, Audience.PROVIDER}
    open_to_all = set(MatchState) - (EXITS if both_sides else set())
    found = {state for state in open_to_all if state.value in wanted}
    return found | (EXITS if ENDED in wanted else set())


def _state_options(audience: Audience) -> list[tuple[str, Text]]:
    both_sides = audience in {Audience.STATE, Audience.PROVIDER}
    shown = [state for state in MatchState if not (both_sides and state in EXITS)]
    options: list[tuple[str, Text]] = [
        (state.value, state_label("match", state.value)) for state in shown
    ]
    return [*options, (ENDED, state_label("match", ENDED))]


def _columns(audience: Audience) -> Sequence[Column]:
    known = [Column(_("Requested by")), Column(_("Provider"))]
    return [
        Column(_("Match")),
        *(known if audience is not Audience.TRAIL else []),
        Column(_("Status"), sort="state"),
        Column(_("Waiting for")),
        Column(_("Since"), sort="since"),
        Column(_("Until"), sort="due"),
    ]


def _csv(rows: Sequence[MatchRow]) -> Response:
    header = [
        "match",
        "title",
        "requested_by",
        "provider",
        "state",
        "waiting_for",
        "since",
        "until",
    ]
    return csv_response(
        "matches.csv",
        header,
        (
            (
                row.public_id,
                row.title,
                row.state_name,
                row.provider,
                row.state,
                str(row.waiting_for),
                row.since.isoformat(),
                row.until.isoformat() if row.until else "",
            )
            for row in rows
        ),
    )


async def show(request: WebRequest) -> Response:
    match = await found(request)
    return await match_page(request, match)


async def found(request: WebRequest) -> Match:
    return await match_for(request.state.actor, request.path_params["id"])


async def match_page(
    request: WebRequest,
    match: Match,
    *,
    error: DomainError | None = None,
    template: str = "matches/match.html",
    **more: Any,
) -> Response:
    """The page as it is now; after an error with what was typed, and nothing lost."""
    shown = await page_context(request, match, error=error)
    status = status_of(error) if error else 200
    return render(request, template, status=status, **shown, **more)


async def page_context(
    request: WebRequest, match: Match, *, error: DomainError | None = None
) -> dict[str, Any]:
    typed = await fields(request) if error else {}
    actor, now = request.state.actor, request.state.now
    dossier = await dossier_of(match)
    sequel = await sequel_of(actor, dossier, now)
    shown = pages.context(
        replace(dossier, waits_on=sequel.waiting_for),
        actor=actor,
        lists=await code_lists(),
        now=now,
    )
    if shown["request_text"]:
        await note_reading(match.request, actor=actor, now=now)
    return shown | {
        "sequel": sequel,
        "companions": await companions_of(actor, match),
        "on_paper": on_paper.addresses(match, actor),
        "errors": error.fields if isinstance(error, InvalidInput) else {},
        "problem": error.message if error and not isinstance(error, InvalidInput) else "",
        "conflicting": error.seen if isinstance(error, Repeats) else "",
        "typed": _first(typed),
        "chosen": typed.get("data_shared", []) if error else list(match.data_shared),
    }


def _first(typed: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in typed.items() if name not in UNCHANGED and values}
