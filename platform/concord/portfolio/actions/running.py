"""Asks for a portfolio, keeps its answer, and turns rows of it into proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from concord import audit, jobs
from concord.actor import Actor
from concord.database import transaction
from concord.errors import NotAllowed, NotFound
from concord.portfolio.answering import figures_of, rows_of, unmet_of
from concord.portfolio.gathering import Gathered
from concord.portfolio.models import PortfolioRun
from concord.portfolio.policy import may_make_portfolios
from concord.portfolio.queries import job_of
from concord.portfolio.states import RunState
from concord.portfolio.values import Draft
from matching.plans import Answer

NOT_YOURS = "Only a coordinator makes a portfolio."
KEPT_RUNS = 20


async def ask(draft: Draft, *, actor: Actor, now: datetime) -> PortfolioRun:
    """A run that waits for a worker: one that waited already asks this instead, where it was."""
    if not may_make_portfolios(actor) or actor.membership_id is None:
        raise NotAllowed(NOT_YOURS)
    async with transaction():
        run = await _waiting(actor)
        run.membership_id, run.asked_at = actor.membership_id, now
        run.terms = asdict(draft.terms)
        run.kept, run.excluded = sorted(map(str, draft.kept)), sorted(map(str, draft.excluded))
        await run.save()
        await _drop_old(actor)
        await jobs.enqueue(jobs.SOLVE_PORTFOLIO, now=now, dedup=job_of(run), run_id=run.id)
        await _record("ask_portfolio", run, actor=actor, now=now, kept=len(draft.kept))
    return run


async def _waiting(actor: Actor) -> PortfolioRun:
    """The run that waits already, as its next version; else a new one."""
    mine = PortfolioRun.filter(person_id=actor.person_id, state=RunState.WAITING)
    run = await mine.order_by("-asked_at", "-id").select_for_update().first()
    if run is None:
        return PortfolioRun(person_id=actor.person_id)
    run.version += 1
    return run


async def store(
    run: PortfolioRun, found: Gathered, answer: Answer, *, actor: Actor, now: datetime
) -> bool:
    """Keep an answer; False when nobody waits for it any more. Safe to run twice."""
    async with transaction():
        fresh = await PortfolioRun.select_for_update().get_or_none(
            id=run.id, version=run.version, state=RunState.WAITING
        )
        if fresh is None:
            return False
        fresh.state, fresh.solved_at = RunState.SOLVED, now
        fresh.model_version, fresh.fingerprint = found.model_version, found.fingerprint
        fresh.rows, fresh.unmet = rows_of(found, answer), unmet_of(found, answer)
        fresh.figures = figures_of(found, answer)
        await fresh.save()
        await _record("solve_portfolio", fresh, actor=actor, now=now, rows=len(fresh.rows))
    return True


async def keep_outcomes(
    run: PortfolioRun, outcomes: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: datetime
) -> None:
    """What became of rows that were to be proposed; the caller holds the run's lock."""
    run.outcomes = {**run.outcomes, **outcomes}
    await run.save(update_fields=["outcomes"])
    made = sum("match" in outcome for outcome in outcomes.values())
    refused = len(outcomes) - made
    await _record("propose_portfolio", run, actor=actor, now=now, proposed=made, refused=refused)


async def lock_run(run: PortfolioRun) -> PortfolioRun:
    found = await PortfolioRun.select_for_update().get_or_none(id=run.id)
    if found is None:
        raise NotFound
    return found


async def _drop_old(actor: Actor) -> None:
    mine: Sequence[UUID] = [
        UUID(str(row))
        for row in await PortfolioRun.filter(person_id=actor.person_id)
        .order_by("-asked_at", "-id")
        .values_list("id", flat=True)
    ]
    await PortfolioRun.filter(id__in=mine[KEPT_RUNS:]).delete()


async def _record(
    action: str, run: PortfolioRun, *, actor: Actor, now: datetime, **facts: int
) -> None:
    await audit.record(
        action,
        actor=actor,
        subject_kind="portfolio_run",
        subject_id=run.id,
        now=now,
        on_behalf_of=None,
        **facts,
    )
