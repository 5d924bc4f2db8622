"""What time does after approval, one transaction each; safe to run twice at once."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from concord.database import one_by_one
from concord.deliveries import queries
from concord.deliveries.actions import (
    ask_about_stalled,
    ask_report,
    ask_to_decide,
    begin_on_its_day,
    close_in_time,
    confirm_by_silence,
)


class Step(Protocol):
    def __call__(self, subject_id: UUID, /, *, now: datetime) -> Awaitable[bool]: ...


DUE: Sequence[tuple[Callable[[datetime], Awaitable[list[UUID]]], Step]] = (
    (queries.due_to_begin, begin_on_its_day),
    (queries.due_to_be_reported, ask_report),
    (queries.due_to_be_confirmed, confirm_by_silence),
    (queries.due_to_be_decided, ask_to_decide),
    (queries.due_to_close, close_in_time),
    (queries.due_to_stall, ask_about_stalled),
)


async def run(now: datetime) -> int:
    """Everything that is due; how many steps were taken."""
    done = 0
    for due, step in DUE:
        done += await one_by_one(await due(now), partial(step, now=now))
    return done
