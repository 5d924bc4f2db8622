"""The first page, statistics, and the pages that explain."""

from starlette.requests import Request
from starlette.responses import Response

from concord.actor import Actor
from concord.home.queries import figures
from concord.home.tiles import tiles
from concord.inbox import queries as inbox
from concord.inbox.entries import entry
from concord.inbox.tasks import waiting_task
from concord.inbox.wording import language
from concord.offers.queries import visible_to as visible_offers
from concord.reference.queries import code_lists
from concord.web.pagination import csv_response
from concord.web.rendering import render
from concord.web.routing import page

MOST_TASKS = 40
FIRST_TASKS = 8
LATEST = 6


async def front(request: Request) -> Response:
    """What waits, what changed, and the numbers; for visitors, what this is."""
    actor: Actor = request.state.actor
    if not actor.is_signed_in:
        return await welcome(request)
    waiting = await inbox.waiting_for(actor).limit(MOST_TASKS + 1)
    notices = await inbox.notices_of(actor).limit(LATEST)
    wording = await language(actor.locale)
    return render(
        request,
        "home/front.html",
        tasks=[waiting_task(task) for task in waiting[:MOST_TASKS]],
        first=FIRST_TASKS,
        more_tasks=len(waiting) > MOST_TASKS,
        notices=[entry(notice, wording) for notice in notices],
        tiles=await tiles(actor),
    )


async def welcome(request: Request) -> Response:
    lists = await code_lists()
    groups = lists.topic_groups()
    found = await figures([group.code for group in groups])
    return render(
        request,
        "home/welcome.html",
        groups=[(group.label, row) for group, row in zip(groups, found, strict=True)],
        offers=await visible_offers(request.state.actor).count(),
    )


async def statistics(request: Request) -> Response:
    lists = await code_lists()
    groups = lists.topic_groups()
    found = await figures([group.code for group in groups])
    rows = [(group.label, row) for group, row in zip(groups, found, strict=True)]
    if request.query_params.get("format") == "csv":
        table = [(label, row.requests, row.offers) for label, row in rows]
        return csv_response("statistics.csv", ("topic_group", "requests", "offers"), table)
    total = sum(row.offers for _, row in rows) or 1
    return render(request, "home/statistics.html", rows=rows, total=total)


async def explain(request: Request) -> Response:
    """Help, contact and the other pages of words alone."""
    name = request.url.path.strip("/")
    return render(request, f"home/{name}.html", contact=request.app.state.settings.mail_from)


routes = [
    page("/", front, name="home", public=True),
    page("/statistics", statistics, public=True),
    *(
        page(f"/{name}", explain, name=name, public=True)
        for name in ("help", "contact", "about", "accessibility", "privacy")
    ),
]
