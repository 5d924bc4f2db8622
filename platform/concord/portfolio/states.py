"""How far a run is."""

from enum import StrEnum


class RunState(StrEnum):
    """Waiting until a worker has solved it; it holds nothing and may be asked for again."""

    WAITING = "waiting"
    SOLVED = "solved"
