"""The demo's people and the codes of their authenticators: only in a demo, so only on loopback."""

from starlette.requests import Request
from starlette.responses import Response

from concord.accounts.keys import derive
from concord.demo.authenticators import sign_ins
from concord.demo.cast import PASSWORD
from concord.errors import NotFound
from concord.web.rendering import render
from concord.web.routing import page


async def show(request: Request) -> Response:
    settings = request.app.state.settings
    if not settings.demo:
        raise NotFound
    found = await sign_ins(derive(settings.secret_key), now=request.state.now)
    return render(request, "demo/people.html", people=found, password=PASSWORD)


routes = [page("/demo/people", show, name="demo_people", public=True)]
