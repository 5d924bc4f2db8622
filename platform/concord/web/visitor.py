"""Who is at the other end of a request, as the session says."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request

from concord.actor import PUBLIC, Actor


@dataclass(frozen=True, slots=True)
class Visitor:
    """The actor, their session, its CSRF token, and how many notices are unread."""

    actor: Actor = PUBLIC
    session_id: UUID | None = None
    csrf_token: str = ""
    unread: int = 0


LoadVisitor = Callable[[Request, datetime], Awaitable[Visitor]]
