"""The cover table: what collides, what one undertaking shares, and what is left after an exit."""

import asyncio
from contextvars import copy_context
from datetime import date
from uuid import UUID, uuid4

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from concord.activities import cover
from concord.activities.cover import Overlap, Part
from concord.database import transaction
from tests.factories.matches import cast, proposed

pytestmark = pytest.mark.usefixtures("database")
FIRST, LAST = date(2027, 3, 1), date(2027, 6, 3)
COURSE, OTHER = uuid4(), uuid4()


def part(
    undertaking: UUID = COURSE,
    *,
    state: int = 900,
    institution: int | None = 2,
    topic: int = 402,
    modality: int = 3,
    first: date = FIRST,
    last: date = LAST,
) -> Part:
    return Part(undertaking, state, institution, topic, modality, first, last)


async def match_id() -> UUID:
    return (await proposed(await cast(), quantity=1)).id


async def rows() -> list[tuple[str, str]]:
    found = await get_connection("default").execute_query_dict(
        "SELECT institution::text, period::text FROM cover ORDER BY state, topic, institution"
    )
    return [(row["institution"], row["period"]) for row in found]


async def write(match: UUID, *parts: Part) -> bool:
    """Whether the database took it."""
    try:
        async with transaction():
            await cover.write(match, parts)
    except IntegrityError as refused:
        return "no_repeated_assistance" not in str(refused)
    return True


@pytest.mark.parametrize(
    ("other", "taken"),
    [
        (part(OTHER), False),
        (part(OTHER, institution=None), False),
        (part(OTHER, institution=1), True),
        (part(OTHER, state=901), True),
        (part(OTHER, topic=401), True),
        (part(OTHER, modality=9), True),
        (part(OTHER, first=LAST, last=LAST), False),
        (part(OTHER, first=date(2027, 6, 4), last=date(2027, 7, 1)), True),
        (part(OTHER, first=date(2027, 1, 1), last=date(2027, 2, 28)), True),
    ],
)
async def test_another_undertaking(other: Part, taken: bool) -> None:
    assert await write(await match_id(), part())
    overlaps = await cover.overlaps([other])
    assert await write(await match_id(), other) is taken
    assert bool(overlaps) is not taken


async def test_any_institution_collides_with_each() -> None:
    assert await write(await match_id(), part(institution=None))
    assert not await write(await match_id(), part(OTHER, institution=7))


async def test_one_undertaking_widens_instead() -> None:
    first, second = await match_id(), await match_id()
    assert await write(first, part())
    assert await write(second, part(first=date(2027, 2, 1), last=date(2027, 4, 1)))
    assert await rows() == [("[2,3)", "[2027-02-01,2027-06-04)")]
    await cover.release(first)
    assert await rows() == [("[2,3)", "[2027-02-01,2027-04-02)")]
    await cover.release(second)
    assert await rows() == []


async def test_within_an_undertaking_any_takes_the_named_ones_in() -> None:
    first, second = await match_id(), await match_id()
    assert await write(first, part(), part(institution=3))
    assert await rows() == [
        ("[2,3)", "[2027-03-01,2027-06-04)"),
        ("[3,4)", "[2027-03-01,2027-06-04)"),
    ]
    assert await write(second, part(institution=None))
    assert await rows() == [("(,)", "[2027-03-01,2027-06-04)")]
    await cover.release(second)
    assert len(await rows()) == 2


async def test_an_overlap_says_whose_and_until_when() -> None:
    first, second = await match_id(), await match_id()
    await write(first, part())
    await write(second, part())
    assert await cover.overlaps([part(OTHER)]) == [
        Overlap(COURSE, 900, LAST, tuple(sorted([first, second])))
    ]
    assert await cover.overlaps([part()]) == []


async def test_releasing_what_is_not_there_does_nothing() -> None:
    await cover.release(uuid4())
    assert await rows() == []


async def test_matches_of_one_undertaking_in_two_states_do_not_touch_each_other() -> None:
    """Each holds its own State's cover: to make the other's anew would be to wait for it."""
    first, second = await match_id(), await match_id()
    for match, state in ((first, 900), (second, 901)):
        assert await write(match, part(state=state))
    outside = copy_context()
    async with transaction():
        await cover.release(first)
        other = asyncio.create_task(write(second, part(state=901, topic=401)), context=outside)
        assert await asyncio.wait_for(other, 20)
        await cover.write(first, [part(first=date(2027, 4, 1))])
    assert sorted(await rows()) == [
        ("[2,3)", "[2027-03-01,2027-06-04)"),
        ("[2,3)", "[2027-03-01,2027-06-04)"),
        ("[2,3)", "[2027-04-01,2027-06-04)"),
    ]
