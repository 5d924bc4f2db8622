"""Closing is offered once every side has evaluated, not to be refused before."""

from tests.conftest import Clock
from tests.factories.deliveries import OVER, delivered_match, evaluated_match
from tests.factories.matches import cast
from tests.matches.conftest import Browse


async def test_a_coordinator_closes_what_everyone_has_evaluated(
    browse: Browse, clock: Clock
) -> None:
    clock.now = OVER
    players = await cast()
    waiting = await delivered_match(players)
    coordinator = await browse(players.coordinator)
    address = f"/matches/{waiting.public_id}"
    assert "/closing" not in (await coordinator.get(address)).text
    assert (await coordinator.get(f"{address}/closing")).status_code == 403


async def test_it_is_offered_then(browse: Browse, clock: Clock) -> None:
    clock.now = OVER
    players = await cast()
    done = await evaluated_match(players)
    coordinator = await browse(players.coordinator)
    assert "/closing" in (await coordinator.get(f"/matches/{done.public_id}")).text
    assert (await coordinator.get(f"/matches/{done.public_id}/closing")).status_code == 200
