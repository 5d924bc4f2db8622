"""Confidential words are met by those for whom they were written, and by nobody else."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from tests.authorization import canaries
from tests.authorization.stage import Stage
from tests.authorization.visitors import VISITORS

PATH = Path(__file__).with_name("readers.txt")


def expected() -> Mapping[str, frozenset[str]]:
    """The table of readers: field and case → the visitors who may meet its words."""
    found = {}
    for line in PATH.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            field, _, readers = line.partition(" ")
            found[field] = frozenset(readers.split())
    return found


EXPECTED = expected()


@pytest_asyncio.fixture(scope="module")
async def planted(stage: Stage) -> AsyncIterator[Stage]:
    await canaries.plant(stage.world)
    yield stage


@pytest.mark.parametrize("visitor", VISITORS)
async def test_a_visitor_meets_only_what_is_meant_for_it(planted: Stage, visitor: str) -> None:
    pages = await canaries.crawl(planted, visitor)
    met = {
        field: address
        for address, page in pages.items()
        for field in canaries.CANARY.findall(page)
    }
    meant = {field for field, readers in EXPECTED.items() if visitor in readers}
    leaked = {field: met[field] for field in sorted(set(met) - meant)}
    assert (leaked, sorted(meant - set(met))) == ({}, [])


def test_the_readers_are_visitors() -> None:
    assert frozenset().union(*EXPECTED.values()) <= set(VISITORS)
