"""Pages of external activities, and of imported names that wait for a person."""

from collections.abc import Iterator, Sequence

from starlette.requests import Request
from starlette.responses import Response

from concord.activities.actions import answer_name
from concord.activities.listing import (
    DEFAULT_ORDER,
    ORDERS,
    Filter,
    imported_names,
    listed,
    publisher_options,
)
from concord.activities.models import ExternalActivity, ImportedName
from concord.activities.policy import may_list, may_name_states, may_see_provenance
from concord.activities.queries import activity_for, name_for, waiting_names
from concord.activities.values import NameAnswer
from concord.activities.wording import MARKS, ROLES, STATUSES
from concord.actor import Actor
from concord.errors import InvalidInput, NotFound, StaleVersion
from concord.inputs import Reader, clean
from concord.organizations.queries import names_of
from concord.reference.code_lists import CodeLists
from concord.reference.queries import code_lists
from concord.web.choices import group_options, state_options
from concord.web.elements import NavItem
from concord.web.flash import see_other
from concord.web.forms import fields, first, reader
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_
from concord.web.pagination import Page, csv_response, window
from concord.web.rendering import render
from concord.web.routing import command, page

CSV_LIMIT = 20_000
WORDS_LENGTH = 200
CSV_HEADER = (
    *("publisher", "identifier", "title", "language", "provider", "status", "states", "topics"),
    *("starts_on", "ends_on", "amount", "currency", "url", "stated_at"),
)


def _reader(request: Request) -> Actor:
    actor: Actor = request.state.actor
    if not may_list(actor):
        raise NotFound
    return actor


async def list_activities(request: Request) -> Response:
    actor, lists = _reader(request), await code_lists()
    asked = _filter(request, lists)
    part = window(request.query_params, sorts=list(ORDERS), default=DEFAULT_ORDER)
    found = listed(actor, asked, lists).order_by(*part.order(ORDERS))
    if request.query_params.get("format") == "csv":
        return csv_response("activities.csv", CSV_HEADER, _csv_rows(await found.limit(CSV_LIMIT)))
    rows = await found.offset(part.offset).limit(part.size)
    return render(
        request,
        "activities/list.html",
        page=Page(rows, await found.count(), part),
        default_sort=DEFAULT_ORDER,
        filtered=asked.is_set,
        states=[] if actor.is_state else state_options(lists),
        topics=group_options(lists),
        publishers=await publisher_options(actor),
        statuses=STATUSES,
        waiting=await waiting_names() if may_name_states(actor) else 0,
    )


def _filter(request: Request, lists: CodeLists) -> Filter:
    """What the address asks for; what makes no sense asks for nothing."""
    query = request.query_params
    dates = Reader({name: [query.get(name, "")] for name in ("since", "until")})
    state, topic = query.get("state", ""), query.get("topic", "")
    return Filter(
        words=clean(query.get("q", ""))[:WORDS_LENGTH].replace("\x00", ""),
        state=state if state in lists.states else "",
        topic=topic if topic in lists.topics else "",
        publisher=query.get("publisher", "")[:WORDS_LENGTH].replace("\x00", ""),
        since=dates.date("since") if not dates.errors else None,
        until=dates.date("until") if not dates.errors else None,
    )


def _csv_rows(rows: Sequence[ExternalActivity]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (
            *(row.publisher, row.identifier, row.title, row.language, row.provider, row.status),
            *(";".join(row.states), ";".join(row.topics), row.starts_on, row.ends_on),
            *(row.amount, row.currency, row.url, row.stated_at and row.stated_at.isoformat()),
        )


async def show_activity(request: Request) -> Response:
    actor = _reader(request)
    activity = await activity_for(actor, request.path_params["id"])
    run = activity.imported if may_see_provenance(actor) else None
    importer = run.imported_by_id if run else None
    return render(
        request,
        "activities/show.html",
        activity=activity,
        run=run,
        importer=(await names_of([importer])).get(importer) if importer else None,
        statuses=STATUSES,
        roles=ROLES,
        marks=[MARKS[mark] for mark in activity.marks if mark in MARKS],
        linked=activity.url.startswith(("https://", "http://")),
    )


def _namer(request: Request) -> Actor:
    actor: Actor = request.state.actor
    if not may_name_states(actor):
        raise NotFound
    return actor


async def list_names(request: Request) -> Response:
    _namer(request)
    answered = request.query_params.get("view") == "answered"
    part = window(request.query_params, sorts=["name"], default="name")
    found = imported_names(answered=answered)
    rows = await found.offset(part.offset).limit(part.size)
    tabs = [
        NavItem(N_("Waiting"), "/activities/names", not answered),
        NavItem(N_("Answered"), "/activities/names?view=answered", answered),
    ]
    return render(
        request,
        "activities/names.html",
        page=Page(rows, await found.count(), part),
        tabs=tabs,
        answered=answered,
    )


async def show_name(request: Request) -> Response:
    _namer(request)
    return await _name_page(request, await name_for(request.path_params["id"]))


async def answer(request: Request) -> Response:
    """Which State, or none; given again, what was imported follows."""
    actor = _namer(request)
    name = await name_for(request.path_params["id"])
    typed = await reader(request)
    try:
        found = typed.choice("answer", [one.value for one in NameAnswer], required=True)
        state = typed.text("state", limit=3)
        version = typed.integer("version", required=True) or 0
        typed.check()
        count = await answer_name(
            name,
            NameAnswer(found),
            state=state,
            version=version,
            actor=actor,
            now=request.state.now,
        )
    except InvalidInput as refused:
        return await _name_page(request, name, errors=refused.fields, status=422)
    except StaleVersion as stale:
        fresh = await name_for(request.path_params["id"])
        return await _name_page(request, fresh, errors={"": stale.message}, status=409)
    said = _("Your answer is kept. It concerns %(count)s activities.") % {"count": count}
    return see_other("/activities/names", said)


async def _name_page(
    request: Request,
    name: ImportedName,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    raw = await fields(request) if request.method == "POST" else {}
    concerned = listed(request.state.actor, Filter(), await code_lists()).filter(
        names__contains=[name.key]
    )
    return render(
        request,
        "activities/name.html",
        status=status,
        name=name,
        activities=await concerned.order_by("title", "id").limit(20),
        states=state_options(await code_lists()),
        answer=first(raw, "answer") or name.answer or "",
        state=first(raw, "state") or name.state_id or "",
        stored=status == 409,
        errors=errors or {},
    )


routes = [
    page("/activities", list_activities, name="activities"),
    page("/activities/names", list_names, name="imported_names"),
    page("/activities/names/{id}", show_name, name="imported_name"),
    command("/activities/names/{id}/answer", answer, name="imported_name_answer"),
    page("/activities/{id}", show_activity, name="activity"),
]
