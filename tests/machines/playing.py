"""How random steps are taken: how many, in what order, and what is counted."""

import os
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from concord.database import refused_by
from concord.errors import DomainError

T = TypeVar("T")
EXAMPLES = int(os.environ.get("CONCORD_EXAMPLES", "5"))
STEPS = int(os.environ.get("CONCORD_STEPS", "40"))
ONWARD = "onward"
WAITS = (
    *(timedelta(), timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=3)),
    *(timedelta(days=1), timedelta(days=4), timedelta(days=20), timedelta(days=70)),
)
TAKEN: Counter[str] = Counter()
"""Steps that were taken, by machine and by what came of them."""
Step = tuple[str, int, int, timedelta]
"""What is said, by the how manieth of those who are there, to which, and after how long."""
play = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def steps_of(verbs: Sequence[str]) -> st.SearchStrategy[list[Step]]:
    """Two of three lead onward, the others are anything by anybody; long waits are rare."""
    verb = st.one_of(st.just(ONWARD), st.just(ONWARD), st.sampled_from(sorted(verbs)))
    short, soon = st.sampled_from(WAITS[:3]), st.sampled_from(WAITS[:5])
    wait = st.one_of(short, short, short, soon, soon, st.sampled_from(WAITS))
    step = st.tuples(verb, st.integers(0, 11), st.integers(0, 11), wait)
    return st.lists(step, min_size=STEPS, max_size=STEPS)


class Player(Protocol):
    """One machine at play: takes a step, then looks whether everything holds."""

    async def begin(self) -> None: ...
    async def take(self, step: Step) -> None: ...
    async def look(self) -> None: ...
    async def end(self) -> None: ...


async def played(player: Player, steps: Sequence[Step], *, empty: str) -> None:
    """From an empty database: every step, and after each one a look."""
    await get_connection("default").execute_script(empty)
    await player.begin()
    for step in steps:
        await player.take(step)
        TAKEN[f"{type(player).__name__}: steps"] += 1
        await player.look()
    await player.end()


async def is_done(machine: str, act: Callable[[], Awaitable[object]]) -> bool:
    """Whether the answer was yes; anything but a clean refusal is a fault."""
    try:
        await act()
    except DomainError:
        TAKEN[f"{machine}: refused"] += 1
        return False
    except IntegrityError as error:
        if refused_by(error) is None:
            raise
        TAKEN[f"{machine}: refused"] += 1
        return False
    TAKEN[f"{machine}: done"] += 1
    return True


def nth(found: Sequence[T], number: int) -> T:
    return found[number % len(found)]
