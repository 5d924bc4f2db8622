"""One-time messages that survive the redirect after a command, in a short-lived cookie."""

import base64
import binascii
import json

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

COOKIE = "flash"
KINDS = frozenset({"success", "notice", "warning", "error"})


def read(request: Request) -> list[tuple[str, str]]:
    """The messages that came with this request; a broken cookie is no message."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(request.cookies.get(COOKIE, "")))
        return [(kind, text) for kind, text in raw if kind in KINDS and isinstance(text, str)][:5]
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return []


def spend(request: Request, response: Response) -> None:
    """Forget messages once a page has shown them."""
    if COOKIE in request.cookies and response.status_code == 200 and request.method == "GET":
        response.delete_cookie(COOKIE)


def see_other(address: str, *messages: str, kind: str = "success") -> RedirectResponse:
    """303 to `address`, where the (already translated) messages are shown once."""
    response = RedirectResponse(address, 303)
    if messages:
        raw = json.dumps([(kind, str(text)) for text in messages]).encode()
        response.set_cookie(
            COOKIE,
            base64.urlsafe_b64encode(raw).decode(),
            max_age=60,
            httponly=True,
            samesite="lax",
        )
    return response


def local_path(address: str, *, default: str = "/") -> str:
    """`address` when it is a path on this site, else `default`: nobody is sent elsewhere."""
    is_local = address.startswith("/") and address[1:2] not in {"/", "\\"}
    return address if is_local and address.isprintable() else default
