"""What time alone does to requests; safe to run twice at once."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from uuid import UUID

from concord.actor import CLOCK
from concord.database import one_by_one
from concord.deadlines import clocks
from concord.reference.calendar import VIENNA_WEEKEND, add_working_days
from concord.requests.actions import ask_follow_up, close, flag_unmatched, follow_up, open_
from concord.requests.due import due_requests, ended_requests, unmatched_requests
from concord.requests.models import Request, RequestReading
from concord.requests.states import RequestState
from concord.requests.values import FollowUp

Act = Callable[[Request], Awaitable[object]]
CLOSES_AFTER_DAYS = 60  # working days since the last match ended


async def run(now: datetime) -> int:
    """Do everything that is due, each in its own transaction; returns how many were done."""
    done = await _each(await due_requests(now, RequestState.NO_OBJECTION), _circulate(now))
    done += await _each(await due_requests(now, RequestState.CLOSED), _follow_up(now))
    done += await _each(
        await unmatched_requests(now - timedelta(days=clocks().unmatched_days)), _flag(now)
    )
    done += await _each(
        [one for one, ended in await ended_requests() if closes_at(ended) <= now], _close(now)
    )
    return done + await _forget_readings(now)


async def _forget_readings(now: datetime) -> int:
    """Who read what is kept for its State so many days."""
    before = now - timedelta(days=clocks().readings_kept_days)
    return await RequestReading.filter(hour__lt=before).delete()


def closes_at(ended: datetime) -> datetime:
    """The end of the 60th working day of UNODC after the last match of a met request ended."""
    day = add_working_days(ended.date(), CLOSES_AFTER_DAYS, weekend=VIENNA_WEEKEND)
    return datetime.combine(day, time(23, 59, 59), ended.tzinfo)


async def _each(ids: list[UUID], act: Act) -> int:
    async def present(request_id: UUID) -> object:
        request = await Request.get_or_none(id=request_id)
        return await act(request) if request else False

    return await one_by_one(ids, present)


def _circulate(now: datetime) -> Act:
    async def act(request: Request) -> object:
        return await open_(request, now=now)

    return act


def _follow_up(now: datetime) -> Act:
    async def act(request: Request) -> object:
        if request.follow_up_asked_at is None:
            return await ask_follow_up(request, now=now)
        return await follow_up(request, answer=FollowUp.NO_ANSWER, actor=CLOCK, now=now)

    return act


def _flag(now: datetime) -> Act:
    async def act(request: Request) -> object:
        return await flag_unmatched(request, now=now)

    return act


def _close(now: datetime) -> Act:
    async def act(request: Request) -> object:
        return await close(request, actor=CLOCK, now=now)

    return act
