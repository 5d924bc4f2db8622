"""Why a match ends goes to UNODC and its author, never through the steps of its deliveries."""

import pytest

from concord.actor import Actor
from concord.matches import actions as matches
from tests.conftest import Clock
from tests.factories.deliveries import OVER, match_in_delivery, planned_delivery, reported_delivery
from tests.factories.matches import cast
from tests.matches.conftest import Browse


@pytest.fixture(autouse=True)
def afterwards(clock: Clock) -> None:
    clock.now = OVER


@pytest.mark.parametrize("author", ["state", "provider"])
async def test_the_other_side_reads_no_reason(author: str, browse: Browse) -> None:
    players = await cast()
    match = await match_in_delivery(players)
    found = [
        await planned_delivery(players, match, quantity=4),
        await reported_delivery(players, match, quantity=3),
    ]
    by, other = players.focal_point, players.partner
    decided = {found[1].id: {line.line_id: 2 for line in await found[1].lines.all()}}
    if author == "provider":
        by, other = other, by
    await matches.cancel(
        match,
        reason="cancelled.need_changed",
        note="CANARYNOTE",
        actor=by,
        now=OVER,
        decided=decided if author == "state" else {found[1].id: None},
    )
    for delivery in found:
        assert not await _says(browse, other, f"/deliveries/{delivery.public_id}")
    assert not await _says(browse, other, f"/matches/{match.public_id}")
    assert await _says(browse, by, f"/matches/{match.public_id}")
    assert await _says(browse, players.coordinator, f"/matches/{match.public_id}")


async def _says(browse: Browse, reader: Actor, address: str) -> bool:
    page = await (await browse(reader)).get(address)
    assert page.status_code == 200
    return "CANARYNOTE" in page.text
