"""Each invariant finds the fault that it is there for."""

import pytest
from tortoise.connection import get_connection

from tests.factories.deliveries import match_in_delivery, reported_delivery
from tests.factories.history import unguarded
from tests.factories.matches import Cast, approved, cast, proposed
from tests.machines.invariants import BREAKS, breaks

pytestmark = pytest.mark.usefixtures("database")
PLANTED = {
    "a slot's counts are not those of its lines": "UPDATE offer_slot SET held = held + 1",
    "an item's counts are not those of its lines": "UPDATE request_item SET reserved = 0",
    "a line's delivered part is not what its deliveries confirmed": (
        "UPDATE match_line SET delivered_item = 1"
    ),
    "an item's unconfirmed part is not what no State confirmed": (
        "UPDATE request_item SET reserved = 0, delivered = 1, unconfirmed = 1"
    ),
    "the deliveries of a line exceed it": "UPDATE delivery_line SET reported_quantity = 99",
    "lines are not where their match is": (
        "UPDATE match_line SET status = 'released', live = false"
    ),
    "an ended match leaves something waiting, shared or going on": (
        "UPDATE match SET state = 'cancelled'"
    ),
    "nobody and no clock is waited for": (
        "UPDATE task SET closed_at = now(); UPDATE match SET due_at = NULL"
    ),
    "a request or an offer that ended is still waited on": (
        "UPDATE task SET subject_id = (SELECT id FROM offer LIMIT 1);"
        " UPDATE offer SET state = 'withdrawn'"
    ),
    "two undertakings overlap": (
        "ALTER TABLE cover DROP CONSTRAINT no_repeated_assistance; INSERT INTO cover SELECT"
        " gen_random_uuid(), state, institution, topic, modality, period FROM cover"
    ),
    "what is reserved or delivered is not covered, or something else is": (
        "DELETE FROM cover_part; DELETE FROM cover"
    ),
    "cover is not that of its parts": "DELETE FROM cover",
    "a match was approved twice, or by who proposed it": (
        "DELETE FROM match_step WHERE verb = 'approve'"
    ),
    "a match is not where its last step led": "UPDATE match SET state = 'agreed'",
    "a delivery is not where its last step led": "UPDATE delivery SET state = 'running'",
    "a step is not in the audit trail": "DELETE FROM audit_entry",
    "the audit trail ends elsewhere": "UPDATE match SET state = 'agreed'",
    "a request is not where its confirmed deliveries say": "UPDATE request SET state = 'met'",
    "a match outlives its request": "UPDATE request SET state = 'withdrawn'",
    "a proposal goes on without a request that is open": "UPDATE request SET state = 'draft'",
}


class Planted(Exception):
    """So that the fault goes with its transaction."""


async def scene(name: str, players: Cast) -> None:
    """Something in which the fault can be."""
    if "proposal" in name or "waited" in name:
        await proposed(players)
    elif ("deliver" in name and "cover" not in name) or "unconfirmed" in name:
        match = await match_in_delivery(players)
        await reported_delivery(players, match)
    else:
        await approved(players)


@pytest.mark.parametrize("name", sorted(BREAKS))
async def test_it_is_found(name: str) -> None:
    await scene(name, await cast())
    assert await breaks() == []
    found: list[str] = []

    async def plant() -> None:
        async with unguarded():
            await get_connection("default").execute_script(PLANTED[name])
            found.extend(await breaks())
            raise Planted

    with pytest.raises(Planted):
        await plant()
    assert name in {each.partition(":")[0] for each in found}
