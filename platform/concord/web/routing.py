"""Routes whose handler runs inside one transaction, as one actor."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from concord import jobs
from concord.database import visit
from concord.errors import NotFound, SignInRequired
from concord.web import flash, i18n
from concord.web.csrf import check_csrf, masked
from concord.web.forms import read_form
from concord.web.idempotency import once
from concord.web.visitor import Visitor

Handler = Callable[[Request], Awaitable[Response]]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def page(
    path: str,
    handler: Handler,
    *,
    name: str | None = None,
    methods: Sequence[str] = ("GET",),
    public: bool = False,
) -> Route:
    """A route to `handler`; nobody but a signed-in person reaches it unless it is `public`."""

    async def endpoint(request: Request) -> Response:
        return await answer(request, handler, public=public)

    endpoint.__name__ = handler.__name__
    return Route(path, endpoint, methods=list(methods), name=name or handler.__name__)


def command(
    path: str, handler: Handler, *, name: str | None = None, public: bool = False
) -> Route:
    """A POST route."""
    return page(path, handler, name=name, methods=("POST",), public=public)


def fallback(router: Router, cookie_name: str) -> ASGIApp:
    """What answers at an address that no route has: who is signed in stays so on that page."""

    async def answer_unknown(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in SAFE:
            request = Request(scope, receive, send)
            if cookie_name in request.cookies:
                await answer(request, _nothing_here, public=True)  # raises, as what follows does
        await router.not_found(scope, receive, send)

    return answer_unknown


async def _nothing_here(request: Request) -> Response:
    raise NotFound


async def answer(request: Request, handler: Handler, *, public: bool) -> Response:
    """Load who asks, check the form's origin, run the handler; commit, then ring, then answer.

    An exception undoes everything; a returned response, even a 422 page, is committed.
    """
    try:
        return await _carried_out(request, handler, public=public)
    finally:
        await request.close()  # files that were sent lie in temporary ones


async def _carried_out(request: Request, handler: Handler, *, public: bool) -> Response:
    _drop_nulls(request)
    state = request.app.state
    request.state.now = now = state.clock()
    request.state.flashes = flash.read(request)
    if request.method not in SAFE:
        await read_form(request)  # before the transaction: a slow line holds no connection
    with jobs.watched() as written:
        async with visit(commands=request.method not in SAFE):
            visitor: Visitor = await state.load_visitor(request, now)  # also sets `app.actor`
            _remember(request, visitor)
            if not public and not visitor.actor.is_signed_in:
                raise SignInRequired
            if request.method in SAFE:
                response = await handler(request)
            else:
                await check_csrf(request, visitor)
                response = await once(request, handler)
    if written:
        with suppress(Exception):  # best effort: the worker also looks by itself
            await state.doorbell.ring()
    flash.spend(request, response)
    return response


def _drop_nulls(request: Request) -> None:
    """PostgreSQL keeps no NUL: no id has one, and whoever searches is not looking for one."""
    if "\x00" in request.scope["path"]:
        raise NotFound
    query: bytes = request.scope["query_string"]
    request.scope["query_string"] = query.replace(b"%00", b"")


def _remember(request: Request, visitor: Visitor) -> None:
    request.state.actor = visitor.actor
    request.state.session_id = visitor.session_id
    request.state.csrf_token = masked(visitor.csrf_token)
    request.state.unread = visitor.unread
    request.state.waiting = 0
    if visitor.actor.is_signed_in:
        i18n.activate(visitor.actor.locale)
