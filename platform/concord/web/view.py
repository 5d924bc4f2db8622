"""What every part of a page may ask about the request it answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from urllib.parse import parse_qsl, urlencode


@dataclass(frozen=True, slots=True)
class View:
    """One rendering: its page's address, the moment, and the session's form token.

    `elsewhere`: a form was sent to another address, where the page cannot be asked for.
    """

    path: str = "/"
    query: str = ""
    elsewhere: bool = False
    csrf_token: str = ""
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)


_NOWHERE = View()
_view: ContextVar[View] = ContextVar("view", default=_NOWHERE)


@contextmanager
def use_view(view: View) -> Iterator[None]:
    token = _view.set(view)
    try:
        yield
    finally:
        _view.reset(token)


def now() -> datetime:
    return _view.get().now


def csrf_token() -> str:
    return _view.get().csrf_token


def new_key() -> str:
    """An idempotency key for one form as shown: repeating the form repeats the key."""
    return token_urlsafe(16)


def current_address() -> str:
    view = _view.get()
    return f"{view.path}?{view.query}" if view.query else view.path


def query_values(*omitted: str) -> list[tuple[str, str]]:
    """The pairs of the query, without the names given and without empty values."""
    pairs = parse_qsl(_view.get().query)
    return [(name, value) for name, value in pairs if name not in omitted]


def query_value(name: str) -> str:
    return next((value for key, value in query_values() if key == name), "")


def address_with(**changes: str | int | None) -> str:
    """This address with some query values replaced, or removed where None; `page` restarts."""
    omitted = {*changes, "page"}
    kept = query_values(*omitted)
    added = [(name, str(value)) for name, value in changes.items() if value is not None]
    return _address(kept + added)


def address_without(name: str, value: str) -> str:
    """This address with one pair of its query removed: how a filter is taken off."""
    kept = [pair for pair in query_values("page") if pair != (name, value)]
    return _address(kept)


def _address(pairs: list[tuple[str, str]]) -> str:
    view = _view.get()
    if not pairs:
        return view.path
    return f"{view.path if view.elsewhere else ''}?{urlencode(pairs)}"


def sort_address(key: str) -> str:
    """The address that sorts by `key`, or turns the order round when it already does."""
    return address_with(sort=f"-{key}" if query_value("sort") == key else key)


def page_numbers(number: int, pages: int) -> list[int | None]:
    """The pages worth a link: both ends and the neighbours; None where some are left out."""
    shown = sorted({1, pages, *range(max(number - 1, 1), min(number + 1, pages) + 1)})
    found: list[int | None] = []
    for page in shown:
        if found and page - (found[-1] or 0) > 1:
            found.append(None)
        found.append(page)
    return found
