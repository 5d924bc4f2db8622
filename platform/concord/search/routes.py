"""The search page: everything one may see, and nothing else."""

from starlette.requests import Request
from starlette.responses import Response

from concord.actor import Actor
from concord.search.queries import LONGEST, found
from concord.web.rendering import render
from concord.web.routing import page


async def search(request: Request) -> Response:
    actor: Actor = request.state.actor
    text = request.query_params.get("q", "")
    hits = await found(actor, text)
    return render(request, "search/results.html", text=text[:LONGEST], hits=hits)


routes = [page("/search", search, public=True)]
