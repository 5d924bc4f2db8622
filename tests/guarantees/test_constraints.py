"""Each thing that the database enforces refuses its case, and without it the case goes through."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from tests.guarantees.catalogue import enforced
from tests.guarantees.scenarios import EFFECTS, SCENARIOS, Scenario
from tests.guarantees.story import Story, told

CASES = [
    pytest.param(name, refused or name, scenario, id=refused or name)
    for name, cases in SCENARIOS.items()
    for refused, scenario in cases.items()
]


class _Undone(Exception):
    pass


@pytest_asyncio.fixture(scope="module")
async def story(_connected: str) -> AsyncIterator[Story]:
    """Told once: every case is undone."""
    yield await told()
    await get_connection("default").execute_script(_connected)


async def refused_by(statements: str) -> str | None:
    """Which name refused it, to the owner of the database too; None where it went through."""
    try:
        async with in_transaction() as connection:
            await connection.execute_script(f"SET LOCAL ROLE NONE; {statements}")
            raise _Undone
    except _Undone:
        return None
    except IntegrityError as error:
        return str(getattr(error.args[0], "constraint_name", None))


@pytest.mark.parametrize(("name", "refusal", "scenario"), CASES)
async def test_it_refuses(story: Story, name: str, refusal: str, scenario: Scenario) -> None:
    assert await refused_by(scenario(story)) == refusal


@pytest.mark.parametrize(("name", "refusal", "scenario"), CASES)
async def test_nothing_else_does(
    story: Story, name: str, refusal: str, scenario: Scenario
) -> None:
    """Whoever drops it, with all else in place, makes the test above fail."""
    dropped = (await enforced())[name]

    assert await refused_by(f"{dropped}; {scenario(story)}") is None


async def test_nothing_is_enforced_without_a_case(story: Story) -> None:
    assert set(await enforced()) - EFFECTS == set(SCENARIOS)
