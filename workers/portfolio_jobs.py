"""Solves portfolios beside everything else, in a process of its own, and keeps the answers."""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec

from concord.accounts.actors import actor_of
from concord.accounts.models import Membership
from concord.portfolio.actions import store
from concord.portfolio.forms import draft_of
from concord.portfolio.gathering import gather
from concord.portfolio.models import PortfolioRun
from concord.portfolio.states import RunState
from matching.plans import Answer, Question
from workers.context import Context

COMMAND = (sys.executable, "-m", "workers.portfolio_solving")


async def solve_portfolio(payload: Mapping[str, Any], context: Context) -> None:
    """Over what the coordinator may see now; gone, answered or no longer in office: nothing."""
    run = await PortfolioRun.get_or_none(id=UUID(payload["run_id"]), state=RunState.WAITING)
    if run is None:
        return
    seat = await Membership.get_or_none(id=run.membership_id, ended_at=None)
    if seat is None:
        return
    actor, now = await actor_of(seat), context.clock()
    found = await gather(actor, draft_of(run), now=now)
    answer = await solved(found.question)
    await store(run, found, answer, actor=actor, now=now)


async def solved(question: Question) -> Answer:
    """Run the solver; its process ends with the task that waits for it."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe)
    try:
        answer, _ = await process.communicate(msgspec.msgpack.encode(question))
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    if process.returncode:
        raise RuntimeError(f"the solver ended with {process.returncode}")
    return msgspec.msgpack.decode(answer, type=Answer)
