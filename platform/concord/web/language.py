"""The reader's language: from the cookie or the browser's wish, and the choice of another."""

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from concord.web.i18n import COOKIE, ENDONYMS, negotiate, use_locale

YEAR = 365 * 24 * 3600


class LocaleMiddleware:
    """Sets the language of the interface for the time of one request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        chosen = negotiate(
            cookie=connection.cookies.get(COOKIE),
            accept_language=connection.headers.get("accept-language", ""),
        )
        with use_locale(chosen):
            await self.app(scope, receive, send)


async def choose_language(request: Request) -> Response:
    """Answer `POST /language` (fields `lang` and `next`) by going back in the chosen language."""
    form = await request.form()
    chosen, back = str(form.get("lang", "")), str(form.get("next", ""))
    response = RedirectResponse(back if is_local(back) else "/", 303)
    if chosen in ENDONYMS:
        response.set_cookie(
            COOKIE,
            chosen,
            YEAR,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
    return response


def is_local(address: str) -> bool:
    """Whether an address stays on this site whatever a browser makes of it."""
    return (
        address.startswith("/")
        and not address.startswith("//")
        and "\\" not in address
        and address.isprintable()
    )
