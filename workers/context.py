"""What every job of a worker process shares."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from concord.settings import Settings
from workers.match_pool import MatchPool

LEASE = timedelta(seconds=30)


@dataclass(slots=True)
class Context:
    """`clock` tells the time of the process; `pool` ranks in a process of its own.

    `lease`: for how long a row of the outbox belongs to whoever took it.
    """

    settings: Settings
    clock: Callable[[], datetime]
    pool: MatchPool
    lease: timedelta = LEASE
