"""Every route × every visitor × every case gives what the table of expectations says."""

import re

import pytest

from tests.authorization import asking, table
from tests.authorization.stage import Answer, Stage, ask
from tests.authorization.visitors import VISITORS

EXPECTED = table.read()
NO_CASE = "-"
ANEW = r"[0-9a-f]{16}\.[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""Of forms, anew in every answer, and their idempotency keys."""


async def signs_of(stage: Stage, route: str) -> dict[str, str]:
    """What every visitor gets in every case of a route."""
    method, path = route.split(" ")
    kind = asking.kind_of(path)
    if kind is None:
        address = asking.filled(path, "", asking.parts_of(stage.world, "", NO_CASE))
        answers = [await ask(stage, visitor, method, address) for visitor in VISITORS]
        return {NO_CASE: "".join(answer.sign for answer in answers)}
    unused = asking.unused(kind)
    found = {}
    for case, subject in stage.addresses[kind.name].items():
        parts = asking.parts_of(stage.world, kind.name, case)
        signs = []
        for visitor in VISITORS:
            answer = await ask(stage, visitor, method, asking.filled(path, subject, parts))
            if answer.sign == "." and not await _sees(stage, visitor, kind.home + subject):
                nowhere = asking.filled(path, unused, parts)
                _same(answer, await ask(stage, visitor, method, nowhere), subject, unused)
            signs.append(answer.sign)
        found[case] = "".join(signs)
    return found


async def _sees(stage: Stage, visitor: str, address: str) -> bool:
    """Whether a visitor may open the subject's own page."""
    if (visitor, address) not in stage.seen:
        answer = await ask(stage, visitor, "GET", address)
        stage.seen[visitor, address] = answer.sign != "."
    return stage.seen[visitor, address]


def _same(unseen: Answer, none: Answer, *ids: str) -> None:
    """What one may not see differs from nothing neither by its page nor by its cost."""
    assert (unseen.sign, unseen.queries) == (none.sign, none.queries)
    assert _neutral(unseen.page, *ids) == _neutral(none.page, *ids)


def _neutral(page: str, *ids: str) -> str:
    """A page without what differs between any two answers: the id asked for, form tokens."""
    for one in ids:
        page = page.replace(one, "")
    return re.sub(ANEW, "", page)


@pytest.mark.parametrize("route", asking.asked_routes())
async def test_everyone_gets_what_the_table_says(stage: Stage, route: str) -> None:
    assert route in EXPECTED, f"write down in {table.PATH.name} who may ask for {route}"
    found = await signs_of(stage, route)
    assert found == EXPECTED[route], table.written({route: found})


def test_the_table_names_no_route_that_is_gone() -> None:
    assert sorted(set(EXPECTED) - set(asking.asked_routes())) == []
