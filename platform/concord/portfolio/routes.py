"""The portfolio: ask for one, read it, solve it again, and propose rows of it."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import InvalidInput, NotFound, Text
from concord.inputs import Reader
from concord.portfolio import actions
from concord.portfolio.forms import draft_of, parse_draft
from concord.portfolio.models import PortfolioRun
from concord.portfolio.policy import may_make_portfolios
from concord.portfolio.queries import is_given_up, is_stale, latest_run, run_for
from concord.portfolio.states import RunState
from concord.portfolio.values import MOST_PROPOSED, Draft, Proposed
from concord.portfolio.views import comparison, left_open, quantities, row_views
from concord.web.flash import see_other
from concord.web.forms import fields, first, reader
from concord.web.i18n import gettext as _
from concord.web.i18n import ngettext
from concord.web.pagination import Page, Window, csv_response, window
from concord.web.rendering import render
from concord.web.routing import command, page

PATH = "/portfolio"
LEFT_SHOWN = 50
ALL = slice(None)
Raw = Mapping[str, list[str]]


def _coordinator(request: WebRequest) -> Actor:
    """Unknown to everyone else."""
    actor: Actor = request.state.actor
    if not may_make_portfolios(actor):
        raise NotFound
    return actor


async def latest(request: WebRequest) -> Response:
    actor = _coordinator(request)
    return await _page(request, await latest_run(actor))


async def show(request: WebRequest) -> Response:
    actor = _coordinator(request)
    run = await run_for(actor, request.path_params["id"])
    if request.query_params.get("format") == "csv":
        return await _csv(actor, run)
    return await _page(request, run)


async def solve(request: WebRequest) -> Response:
    """A new run, from the terms and from what was said of the rows of the one on the page."""
    actor = _coordinator(request)
    raw = await fields(request)
    base = await run_for(actor, first(raw, "run")) if first(raw, "run") else None
    try:
        draft = parse_draft(Reader(raw), base)
    except InvalidInput as refused:
        return await _page(request, base, raw, errors=refused.fields, status=422)
    run = await actions.ask(draft, actor=actor, now=request.state.now)
    return see_other(f"{PATH}/{run.id}")


async def propose(request: WebRequest) -> Response:
    """Propose the chosen rows; each says afterwards what became of it."""
    actor = _coordinator(request)
    run = await run_for(actor, request.path_params["id"])
    typed = await reader(request)
    chosen = frozenset(typed.raw.get("propose", ()))
    rationale = typed.prose("rationale", limit=4000)
    if not chosen:
        typed.refuse("", Text("Choose the rows to propose first."))
    if len(chosen) > MOST_PROPOSED:
        typed.refuse("", Text("Propose %(most)s rows or fewer at once.", most=MOST_PROPOSED))
    if not typed.boolean("no_conflict"):
        typed.refuse("no_conflict", Text("Declare that you have no conflict of interest."))
    if typed.errors:
        raw = {name: list(values) for name, values in typed.raw.items()}
        return await _page(request, run, raw, errors=typed.errors, status=422)
    result = await actions.propose_rows(
        run,
        chosen,
        rationale=rationale,
        no_conflict=True,
        actor=actor,
        now=request.state.now,
    )
    return _after(request, run, result, refused=len(chosen - result.already) - result.made)


def _after(request: WebRequest, run: PortfolioRun, result: Proposed, *, refused: int) -> Response:
    """Back to the rows, saying what this post did and nothing that was done before."""
    made, already = result.made, len(result.already)
    said = [
        (made, ngettext("%(num)s row is proposed", "%(num)s rows are proposed", made)),
        (
            already,
            ngettext(
                "%(num)s row is proposed already", "%(num)s rows are proposed already", already
            ),
        ),
        (
            refused,
            ngettext(
                "%(num)s row could not be proposed: it says why",
                "%(num)s rows could not be proposed: each says why",
                refused,
            ),
        ),
    ]
    messages = [words % {"num": num} for num, words in said if num]
    kind = "warning" if refused else "success" if made else "notice"
    address = f"{PATH}/{run.id}?{request.url.query}#rows".replace("?#", "#")
    return see_other(address, *messages, kind=kind)


async def _page(
    request: WebRequest,
    run: PortfolioRun | None,
    raw: Raw | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    actor: Actor = request.state.actor
    solved = run if run and run.state is RunState.SOLVED else None
    waiting = run is not None and solved is None
    given_up = waiting and run is not None and await is_given_up(run)
    place = _window(request, len(solved.rows) if solved else 0)
    part = slice(place.offset, place.offset + place.size)
    rows = await row_views(actor, solved, part) if solved else []
    return render(
        request,
        "portfolio/show.html",
        status=status,
        at=_address(run, place.number) if raw is not None else "",
        run=run,
        waiting=waiting and not given_up,
        given_up=given_up,
        solved=solved,
        draft=draft_of(run) if run else Draft(),
        raw=raw or {},
        rows=Page(rows, len(solved.rows) if solved else 0, place),
        compared=comparison(solved) if solved else [],
        left=await left_open(actor, solved, slice(LEFT_SHOWN)) if solved else [],
        left_count=len(solved.unmet) if solved else 0,
        stale=solved is not None and await is_stale(actor, solved),
        errors=errors or {},
    )


def _window(request: WebRequest, total: int) -> Window:
    """The last page where a later one is asked for."""
    found = window(request.query_params, sorts=("score",), default="-score")
    return replace(found, number=min(found.number, Page((), total, found).pages))


def _address(run: PortfolioRun | None, number: int) -> str:
    """Where the page that a form gave back can be asked for."""
    path = f"{PATH}/{run.id}" if run else PATH
    return f"{path}?page={number}" if number > 1 else path


async def _csv(actor: Actor, run: PortfolioRun) -> Response:
    header = [
        *(_("Request"), _("Title"), _("State"), _("Offer"), _("Title"), _("Provider")),
        *(_("Score"), _("Rank"), _("Quantity"), _("Why"), _("Match")),
    ]
    rows = await row_views(actor, run, ALL)
    given = await quantities(rows)
    return csv_response(
        "portfolio.csv",
        header,
        (
            [
                *(row.request, row.title, row.state),
                *(row.offer, row.offer_title, row.organization),
                *(f"{row.score:.3f}", row.rank, given[row.pair]),
                *("; ".join(row.reasons), row.match),
            ]
            for row in rows
        ),
    )


routes = [
    page(PATH, latest, name="portfolio"),
    command(PATH, solve, name="solve_portfolio"),
    page(f"{PATH}/{{id}}", show, name="portfolio_run"),
    command(f"{PATH}/{{id}}/proposals", propose, name="propose_portfolio"),
]
