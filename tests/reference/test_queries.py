"""Code lists in memory: the whole of them, read once, read again when told."""

from collections.abc import Iterator
from types import MappingProxyType

import pytest
from tortoise.transactions import in_transaction

from concord.reference import tables
from concord.reference.models import Unit
from concord.reference.queries import FRESH_SECONDS, code_lists, forget
from concord.reference.values import UnitEntry


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.mark.usefixtures("database")
async def test_snapshot_equals_the_shipped_lists() -> None:
    lists = await code_lists()

    assert list(lists.states.values()) == sorted(
        tables.states(illustrative=True), key=lambda state: state.code
    )
    assert list(lists.topics.values()) == tables.topics()
    assert list(lists.modalities.values()) == tables.modalities()
    assert list(lists.beneficiaries.values()) == tables.beneficiaries()
    assert set(lists.units.values()) == set(tables.units())
    assert set(lists.reasons.values()) == set(tables.reasons())


@pytest.mark.usefixtures("database")
async def test_snapshot_is_kept_until_it_is_stale_or_forgotten() -> None:
    first = await code_lists(clock=lambda: 100.0)

    assert await code_lists(clock=lambda: 100.0 + FRESH_SECONDS - 1) is first
    second = await code_lists(clock=lambda: 100.0 + FRESH_SECONDS)
    assert second is not first

    forget()
    assert await code_lists(clock=lambda: 100.0 + FRESH_SECONDS) is not second


@pytest.mark.usefixtures("database")
async def test_inactive_entry_is_kept_and_marked() -> None:
    async with in_transaction() as transaction:
        await Unit.filter(code="licences").update(active=False)
        lists = await code_lists()
        await transaction.rollback()

    assert lists.units["licences"] == UnitEntry("licences", "licences", active=False)


@pytest.mark.usefixtures("database")
async def test_snapshot_cannot_be_changed() -> None:
    lists = await code_lists()

    assert isinstance(lists.states, MappingProxyType)
    assert isinstance(lists.topics["POL"].articles, MappingProxyType)
    assert isinstance(lists.states["QMM"].names, MappingProxyType)
