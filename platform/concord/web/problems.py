"""The only map from a domain error to an HTTP status; pages for people, RFC 9457 for programs."""

import traceback
from urllib.parse import quote

import asyncpg
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from tortoise.exceptions import (
    BaseORMException,
    DBConnectionError,
    IntegrityError,
    ValidationError,
)

from concord.database import refused_by
from concord.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotAllowed,
    NotFound,
    SignInRequired,
    Text,
    TooManyRequests,
    Unavailable,
)
from concord.web.headers import HEADERS
from concord.web.operations import route_of
from concord.web.rendering import render

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    SignInRequired: 401,
    InvalidInput: 422,
    Conflict: 409,
    TooManyRequests: 429,
    Unavailable: 503,
}
TITLES = {
    400: "The request could not be understood",
    401: "Sign in to continue",
    403: "You may not do this",
    404: "There is nothing at this address",
    405: "This address does not take that",
    409: "Someone was faster, or this has moved on",
    413: "This is too large",
    415: "This kind of content is not taken here",
    422: "There is a problem",
    429: "Too many attempts",
    500: "Something went wrong on our side",
    503: "Concord cannot be reached right now",
}
PAGES = frozenset(TITLES)
AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    DBConnectionError,
    OSError,
)
"""What a database says, or does not say, while it is being restarted or is full."""
_log = structlog.get_logger("concord.web")


def status_of(error: DomainError) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


async def domain_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101 - registered for this class alone
    if isinstance(error, SignInRequired) and request.method == "GET" and not wants_json(request):
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(wanted, safe='/')}", 303)
    headers = {"retry-after": str(error.retry_after)} if isinstance(error, TooManyRequests) else {}
    return problem(request, status_of(error), error.message, code=error.code, headers=headers)


async def http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    return problem(request, error.status_code, "", headers=dict(error.headers or {}))


async def refused_by_database(request: Request, error: Exception) -> Response:
    """A constraint said no after the code had said yes: the other command was first."""
    assert isinstance(error, IntegrityError)  # noqa: S101 - registered for this class alone
    message = refused_by(error)
    if message is None:
        _log.exception("integrity error", route=route_of(request.scope))
        return problem(request, 500, "")
    return problem(request, 409, Text(message), code="conflict")


async def unfit_value(request: Request, error: Exception) -> Response:
    """No column takes it: an address with an id that is too long names nothing."""
    _log.warning("unfit value", route=route_of(request.scope))  # the error quotes what was typed
    if request.method in {"GET", "HEAD"}:
        return problem(request, 404, NotFound().message, code=NotFound.code)
    return problem(request, 400, "")


async def database_problem(request: Request, error: Exception) -> Response:
    """503 while the database cannot be reached; anything else is ours to mend, so 500.

    The server's own words may quote what was typed: they are never logged.
    """
    cause = error.__cause__ or error
    route, kind = route_of(request.scope), type(cause).__name__
    if isinstance(cause, AWAY) or isinstance(error, AWAY):
        _log.warning("database away", route=route, error=kind)
        return problem(request, 503, "", headers={"retry-after": "5"}, code="unavailable")
    where = "".join(traceback.format_tb(error.__traceback__)[-6:])
    _log.error(
        "database error",
        route=route,
        error=kind,
        sqlstate=getattr(cause, "sqlstate", None),
        where=where,
    )
    return problem(request, 500, "")


async def crash(request: Request, error: Exception) -> Response:
    """Outside every middleware: adds the headers itself."""
    _log.error("crash", route=route_of(request.scope), exc_info=error)
    return problem(request, 500, "", headers=HEADERS | {"cache-control": "no-store"})


def wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept


def problem(
    request: Request,
    status: int,
    message: str,
    *,
    code: str = "",
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer that says what happened and what to do, as HTML or `application/problem+json`."""
    response: Response
    if wants_json(request):
        body = {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status}
        extra = {key: str(value) for key, value in (("detail", message), ("code", code)) if value}
        response = JSONResponse(body | extra, status, media_type="application/problem+json")
    else:
        known = status if status in PAGES else (500 if status >= 500 else 400)
        response = render(request, f"errors/{known}.html", status=status, message=message)
    response.headers.update(headers or {})
    return response


HANDLERS = {
    DomainError: domain_problem,
    HTTPException: http_problem,
    IntegrityError: refused_by_database,
    ValidationError: unfit_value,
    BaseORMException: database_problem,
    **{kind: database_problem for kind in AWAY},
    Exception: crash,
}
