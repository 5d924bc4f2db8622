"""Loading the code lists: whole, repeatable, and never over what a person edited."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from tortoise.context import TortoiseContext
from tortoise.models import Model

from concord.database import config
from concord.reference import tables
from concord.reference.loading import load_reference
from concord.reference.models import Beneficiary, Modality, Reason, State, Topic, Unit
from concord.reference.queries import forget

TABLES: tuple[type[Model], ...] = (State, Topic, Modality, Beneficiary, Unit, Reason)
EVERY_ROW = 197 + 14 + 73 + 13 + 20 + 8 + 31
YESTERDAY = datetime(2027, 1, 10, tzinfo=UTC)


@pytest_asyncio.fixture
async def loaded(fresh_database_url: str) -> AsyncIterator[None]:
    """A database of this test alone, code lists with the illustrative States loaded."""
    async with TortoiseContext() as context:
        await context.init(config=config(fresh_database_url))
        yield
    forget()


async def rows() -> int:
    return sum([await table.all().count() for table in TABLES])


@pytest.mark.usefixtures("loaded")
async def test_second_load_changes_nothing() -> None:
    before = await rows()

    assert await load_reference(illustrative=True) == 0
    assert (before, await rows()) == (EVERY_ROW, EVERY_ROW)


@pytest.mark.usefixtures("loaded")
async def test_load_into_empty_tables_writes_every_row() -> None:
    for table in TABLES:
        await table.all().delete()

    assert await load_reference(illustrative=True) == EVERY_ROW


@pytest.mark.usefixtures("loaded")
async def test_two_loads_at_once_leave_one_of_each() -> None:
    for table in TABLES:
        await table.all().delete()

    await asyncio.gather(load_reference(illustrative=True), load_reference(illustrative=True))

    assert await rows() == EVERY_ROW


@pytest.mark.usefixtures("loaded")
async def test_illustrative_states_come_only_where_asked_for() -> None:
    await State.all().delete()

    await load_reference(illustrative=False)

    assert await State.all().count() == 197
    assert await State.filter(status="illustrative").count() == 0


@pytest.mark.usefixtures("loaded")
async def test_what_was_edited_stays() -> None:
    await Modality.filter(code="equipment").update(
        label="Equipment", cooling_days=30, active=False, edited_at=YESTERDAY
    )

    assert await load_reference(illustrative=True) == 0

    equipment = await Modality.get(code="equipment")
    assert (equipment.label, equipment.cooling_days, equipment.active) == ("Equipment", 30, False)


@pytest.mark.usefixtures("loaded")
async def test_what_nobody_edited_follows_the_shipped_list() -> None:
    await Modality.filter(code="equipment").update(label="Old words", cooling_days=1)
    await State.filter(code="QMM").update(region="Old region")

    assert await load_reference(illustrative=True) == 2

    shipped = {entry.code: entry for entry in tables.modalities()}["equipment"]
    equipment = await Modality.get(code="equipment")
    assert (equipment.label, equipment.cooling_days) == (shipped.label, shipped.cooling_days)
    assert (await State.get(code="QMM")).region == "Africa"
