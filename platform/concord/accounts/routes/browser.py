"""What every page of accounts needs of a request: keys, cookie, address, limits."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from concord.accounts.actions import SessionTokens
from concord.accounts.keys import Keys, derive
from concord.accounts.limits import Limits, Use, network_of
from concord.accounts.sessions import visitor_of
from concord.web import i18n
from concord.web.forms import read_form
from concord.web.routing import Handler, answer

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""What a browser calls itself by, the more telling sign first."""

Prepare = Callable[[Request], Awaitable[None]]
Uses = Callable[[Request, FormData], Sequence[Use]]


def throttled(
    path: str,
    handler: Handler,
    *,
    uses: Uses,
    prepare: Prepare | None = None,
    public: bool = False,
) -> Route:
    """A command whose attempts are counted, and costly checks made, before its transaction."""

    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        request.state.now = request.app.state.clock()
        await limits_of(request).spend(*uses(request, form))
        if prepare is not None:
            await prepare(request)
        return await answer(request, handler, public=public)

    endpoint.__name__ = handler.__name__
    return Route(path, endpoint, methods=["POST"], name=handler.__name__)


def keys_of(request: Request) -> Keys:
    return derive(request.app.state.settings.secret_key)


def limits_of(request: Request) -> Limits:
    found: Limits = request.app.state.limits
    return found


def address_of(request: Request) -> str:
    """The network that a request comes from, as far as the server trusts what it was told."""
    return network_of(request.client.host if request.client else "")


def device_of(request: Request) -> str:
    """Browser and system, as a person knows their own devices: `Firefox, Windows`."""
    told = request.headers.get("user-agent", "")
    named = (
        next((name for sign, name in signs if sign in told), "") for signs in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, named))


def session_key(request: Request, form: FormData) -> str:
    return request.cookies.get(request.app.state.settings.cookie_name, "")


async def give_session(request: Request, response: Response, tokens: SessionTokens) -> None:
    """Set the session's cookie; a `__Host-` one wherever the public address is https."""
    settings = request.app.state.settings
    response.set_cookie(
        settings.cookie_name,
        tokens.cookie,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


async def recognize(request: Request, tokens: SessionTokens) -> None:
    """Let the rest of this request be the new session's, so that its page has working forms."""
    visitor = await visitor_of(tokens.cookie, request.state.now)
    request.state.actor = visitor.actor
    request.state.session_id = visitor.session_id
    request.state.csrf_token = visitor.csrf_token
    i18n.activate(visitor.actor.locale)


def take_session(request: Request, response: Response) -> None:
    settings = request.app.state.settings
    response.delete_cookie(
        settings.cookie_name,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
