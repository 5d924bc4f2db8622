"""One world, a browser for each visitor, and visits that leave no trace."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2
from starlette.applications import Starlette
from tortoise.transactions import in_transaction

from concord.accounts.limits import Limits
from tests.authorization import asking, table
from tests.authorization.world import World
from tests.conftest import Client
from tests.counting import counted_queries


class Undone(Exception):
    """Takes back whatever a visit has written."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The world, a browser for each visitor, and the ids of every case."""

    app: Starlette
    world: World
    browsers: Mapping[str, Client]
    addresses: asking.Addresses
    seen: dict[tuple[str, str], bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a visitor gets: its sign, the page, and how many queries it took."""

    sign: str
    page: str
    queries: int


async def ask(stage: Stage, visitor: str, method: str, address: str) -> Answer:
    """Ask, and undo what the answer wrote."""
    answers: list[httpx2.Response] = []
    stage.app.state.limits = Limits(None)
    try:
        with counted_queries() as queries:
            async with in_transaction():
                answers.append(await _answer(stage, visitor, method, address))
                raise Undone
    except Undone:
        pass
    return Answer(table.sign(answers[0]), answers[0].text, len(queries))


async def _answer(stage: Stage, visitor: str, method: str, address: str) -> httpx2.Response:
    """No form is filled, but a proposal names an offer."""
    names = {"offer": stage.addresses["offer"]["open"]}
    browser = stage.browsers[visitor]
    if method == "GET":
        return await browser.get(address, params=names if "?" not in address else None)
    return await browser.post(address, data=names)
