"""A portfolio is solved beside everything else, in a process of its own."""

import asyncio

from concord.accounts.actors import actor_of
from concord.accounts.models import Membership
from concord.actor import Role
from concord.portfolio.actions import ask
from concord.portfolio.models import PortfolioRun
from concord.portfolio.states import RunState
from concord.portfolio.values import Draft
from tests.conftest import NOW
from tests.factories import people
from tests.portfolio.solving import rivals
from tests.workers.conftest import work
from workers.context import Context
from workers.portfolio_jobs import solve_portfolio


async def seat() -> Membership:
    return await people.member(Role.COORDINATOR, states=("QMM",))


async def test_what_was_asked_for_is_solved_and_kept(context: Context) -> None:
    await rivals()
    run = await ask(Draft(), actor=await actor_of(await seat()), now=NOW)
    await work(context)
    await asyncio.gather(*context.beside)
    found = await PortfolioRun.get(id=run.id)
    assert (found.state, len(found.rows)) == (RunState.SOLVED, 2)
    assert found.figures["plan"]["served"] == 2
    rows = found.rows
    await solve_portfolio({"run_id": str(run.id)}, context)
    assert (await PortfolioRun.get(id=run.id)).rows == rows


async def test_who_has_left_is_not_answered(context: Context) -> None:
    await rivals()
    mine = await seat()
    run = await ask(Draft(), actor=await actor_of(mine), now=NOW)
    await Membership.filter(id=mine.id).update(ended_at=NOW)
    await solve_portfolio({"run_id": str(run.id)}, context)
    assert (await PortfolioRun.get(id=run.id)).state is RunState.WAITING


async def test_a_run_that_is_gone_is_passed_over(context: Context) -> None:
    run = await ask(Draft(), actor=await actor_of(await seat()), now=NOW)
    await PortfolioRun.all().delete()
    await solve_portfolio({"run_id": str(run.id)}, context)
    assert await PortfolioRun.all().count() == 0
