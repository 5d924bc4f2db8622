"""A thousand commands of every kind at once: nothing is promised twice, nobody waits in a ring."""

import os
import random

import pytest

from tests.machines.invariants import breaks, check_trail
from tests.machines.world import TOPICS, World, ask, give, settled, wanted
from tests.races.crowd import Crowd
from tests.races.locks import watched_locks

pytestmark = pytest.mark.usefixtures("database")
COMMANDS = int(os.environ.get("CONCORD_COMMANDS", "1000"))
CLIENTS = 20
EXPECTED = (
    "propose",
    "consent",
    "accept",
    "approve",
    "agree",
    "start",
    "plan",
    "report",
    "cancel",
)
"""A run in which one of these never succeeds shows little: it goes on until each has."""
MORE, AT_MOST = 100, 10


async def crowded() -> World:
    """More is asked than there is; several ask for the same, one for two States at once."""
    world = await settled(providers=3)
    for number in range(10):
        state, other = ("QMM", "QNN") if number % 2 else ("QNN", "QMM")
        institutions = ("prosecution", "police", "judiciary", "forensic_laboratory", None)
        items = [wanted(topic, institutions[number // 2], 4) for topic in TOPICS]
        await ask(world, *items, state=state, co_states=(other,) if number in {3, 4} else ())
    for place in world.places * 2:
        await give(world, place, capacity=7)
    return world


@pytest.mark.slow
async def test_a_thousand_commands() -> None:
    crowd = Crowd(await crowded(), random.Random(7))

    with watched_locks() as watch:
        await crowd.run(COMMANDS, clients=CLIENTS)
        rounds = 0
        while rounds < AT_MOST and any(not crowd.done[verb] for verb in EXPECTED):
            rounds += 1
            await crowd.run(MORE, clients=CLIENTS)

    assert crowd.failed == []
    assert watch.breaks == set()
    assert await breaks() == []
    await check_trail()
    assert sum(crowd.done.values()) + sum(crowd.refused.values()) == COMMANDS + rounds * MORE
    assert {verb for verb in EXPECTED if not crowd.done[verb]} == set(), crowd.done
