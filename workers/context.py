"""What every job of a worker process shares."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from concord.settings import Settings
from workers.match_pool import MatchPool

LEASE = timedelta(seconds=25)
RANKING_LEASE = timedelta(seconds=8)  # a ranking takes a fraction of a second, done twice no harm


@dataclass(slots=True)
class Context:
    """`clock` tells the time of the process; `pool` ranks in a process of its own.

    `lease`: for how long a row of the outbox belongs to whoever took it. `beside`: what takes
    long and runs beside everything else. `woken`: somebody rang; `stopping`: begin nothing more.
    """

    settings: Settings
    clock: Callable[[], datetime]
    pool: MatchPool
    lease: timedelta = LEASE
    beside: set[asyncio.Task[None]] = field(default_factory=set)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Let it run beside everything else."""
        task = asyncio.create_task(work)
        self.beside.add(task)
        task.add_done_callback(self.beside.discard)

    @property
    def ranking_lease(self) -> timedelta:
        """Shorter: when a worker dies, somebody waits for what it had taken."""
        return min(self.lease, RANKING_LEASE)
