"""What every job of a worker process shares."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from concord.settings import Settings
from workers.match_pool import MatchPool


@dataclass(slots=True)
class Context:
    """`clock` tells the time of the process; `pool` ranks in a process of its own."""

    settings: Settings
    clock: Callable[[], datetime]
    pool: MatchPool
