"""Refuses forged commands: where they come from, and the session's token."""

import hmac
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request

from concord.errors import NotAllowed
from concord.web.visitor import Visitor

FORGED = (
    "This form was not sent from a page of this site, or your session has changed."
    " Go back, reload the page and send it again."
)


async def check_csrf(request: Request, visitor: Visitor) -> None:
    """Raise `NotAllowed` for an unsafe request from elsewhere, or without the session's token."""
    if not _same_origin(request):
        raise NotAllowed(FORGED)
    if visitor.actor.is_signed_in and not _is_of(visitor.csrf_token, await _token(request)):
        raise NotAllowed(FORGED)


def masked(token: str) -> str:
    """The session's token as a page carries it: another text each time, so that the length of
    compressed pages tells nothing of it (BREACH, Gluck, Harris and Prado 2013)."""
    salt = secrets.token_hex(8)
    return f"{salt}.{_proof(token, salt)}" if token else ""


def _is_of(token: str, sent: str) -> bool:
    salt, _, proof = sent.partition(".")
    return _is_same(sent, token) or _is_same(proof, _proof(token, salt))


def _is_same(sent: str, right: str) -> bool:
    return hmac.compare_digest(sent.encode(), right.encode())


def _proof(token: str, salt: str) -> str:
    return hmac.new(token.encode(), salt.encode(), "sha256").hexdigest()


def _same_origin(request: Request) -> bool:
    """Browsers say where a form comes from; a client that says nothing is not a browser."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return site is not None
    return urlsplit(origin).netloc == request.headers.get("host")


async def _token(request: Request) -> str:
    if header := request.headers.get("x-csrf-token"):
        return header
    form = await request.form()
    found = form.get("csrf_token")
    return found if isinstance(found, str) else ""
