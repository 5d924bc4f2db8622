"""Browsers of the people who have a part in a match."""

from collections.abc import Awaitable, Callable

import pytest

from concord.accounts.models import Membership
from concord.actor import Actor
from concord.matches.models import Match
from tests.conftest import Client, SignIn

Browse = Callable[[Actor], Awaitable[Client]]


@pytest.fixture
def browse(sign_in: SignIn) -> Browse:
    """`await browse(actor)` is a browser of that person."""

    async def browser(actor: Actor) -> Client:
        return await sign_in(await Membership.get(id=actor.membership_id))

    return browser


def form(match: Match, **typed: object) -> dict[str, object]:
    return {"version": str(match.version), "idempotency_key": "key", **typed}
