"""The rows that the database lets through are those that the queries show, for everybody."""

from uuid import UUID

import pytest

from concord.actor import Actor
from concord.database import visit
from tests.security.crowd import crowd
from tests.security.expected import all_rows, shown_to
from tests.security.rows import fill
from tests.security.scene import Scene

pytestmark = pytest.mark.usefixtures("database")


async def let_through(actor: Actor, tables: list[str]) -> dict[str, set[UUID]]:
    """Ids that a plain SELECT without any condition gives this actor."""
    found = {}
    async with visit(actor) as connection:
        for table in tables:
            rows = await connection.execute_query_dict(f'SELECT id FROM "{table}"')  # noqa: S608
            found[table] = {row["id"] for row in rows}
    return found


async def test_rows_let_through_are_those_that_are_shown() -> None:
    people = await crowd()
    await fill(Scene(people))
    rows = await all_rows()
    wrong = {}
    for name, actor in people.actors.items():
        shown = await shown_to(actor, rows)
        found = await let_through(actor, list(shown))
        for table, ids in shown.items():
            if found[table] != ids:
                wrong[name, table] = (len(found[table] - ids), len(ids - found[table]))
    assert wrong == {}
