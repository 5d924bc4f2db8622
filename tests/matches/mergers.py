"""The steps of a merger, as its people take them."""

from datetime import timedelta

from concord.actor import Actor
from concord.matches import actions
from concord.requests import actions as request_actions
from concord.requests.models import Request
from tests.conftest import NOW
from tests.factories.matches import Cast

LATER = NOW + timedelta(hours=1)


async def again(request: Request) -> Request:
    return await Request.get(id=request.id)


async def ask(one: Request, other: Request, actor: Actor) -> Request:
    version = (await again(one)).version
    return await request_actions.ask_merge(one, other, version=version, actor=actor, now=NOW)


async def confirm(request: Request, actor: Actor) -> bool:
    return await actions.confirm_merge(request, actor=actor, now=LATER)


async def merge(players: Cast, one: Request, other: Request) -> None:
    await ask(one, other, players.coordinator)
    assert await confirm(one, players.focal_point)
