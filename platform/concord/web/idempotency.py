"""Repeating a command with the same key changes nothing and answers the same."""

import hashlib
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from tortoise.exceptions import IntegrityError

from concord.database import visit
from concord.errors import Conflict
from concord.web.forms import fields, files
from concord.web.models import IdempotencyKey

UNCOUNTED = frozenset({"csrf_token", "idempotency_key"})


async def once(request: Request, handler: Callable[[Request], Awaitable[Response]]) -> Response:
    """Run the handler, or replay the redirect that it answered the first time.

    A second click waits on the unique key until the first one has committed. Only commands that
    ended in a redirect are kept: a page with errors may be sent again.
    """
    typed = await fields(request)
    key = request.headers.get("idempotency-key") or "".join(typed.get("idempotency_key", [])[:1])
    person = request.state.actor.person_id
    if not key or person is None:
        return await handler(request)
    if not key.isprintable():
        raise HTTPException(400)
    fingerprint = _fingerprint(request, typed, await files(request))
    try:
        async with visit():
            kept = await IdempotencyKey.create(
                person_id=person, key=key[:80], fingerprint=fingerprint
            )
    except IntegrityError:
        return await _replay(person, key[:80], fingerprint)
    response = await handler(request)
    if response.status_code == 303:
        kept.status = response.status_code
        kept.location = response.headers["location"]
        kept.cookies = _flashes(response.headers.getlist("set-cookie"))
        await kept.save(update_fields=["status", "location", "cookies"])
    else:
        await kept.delete()
    return response


async def _replay(person: object, key: str, fingerprint: str) -> Response:
    kept = await IdempotencyKey.get(person_id=person, key=key)
    if kept.fingerprint != fingerprint or kept.location is None:
        raise Conflict(
            "This form was sent before with other content. Reload the page and send it again."
        )
    response = RedirectResponse(kept.location, kept.status or 303)
    for cookie in kept.cookies:
        response.headers.append("set-cookie", cookie)
    return response


def _flashes(cookies: list[str]) -> list[str]:
    """The messages alone: a session's new token is never stored."""
    return [cookie for cookie in cookies if cookie.startswith("flash=")]


def _fingerprint(
    request: Request, typed: dict[str, list[str]], sent: list[tuple[str, str, str]]
) -> str:
    counted = sorted((name, values) for name, values in typed.items() if name not in UNCOUNTED)
    content = (request.method, request.url.path, counted, *sent)
    return hashlib.sha256(repr(content).encode()).hexdigest()
