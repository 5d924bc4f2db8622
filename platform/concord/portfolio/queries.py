"""A coordinator's own runs, read through what they may see today."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from concord.actor import Actor
from concord.errors import NotFound
from concord.jobs import SOLVE_PORTFOLIO, Outbox
from concord.matches.models import Match
from concord.matches.states import EXITS, MatchState
from concord.offers.models import Offer
from concord.offers.queries import visible_to as visible_offers
from concord.pairings.models import Pairing
from concord.portfolio.gathering import fingerprint_for
from concord.portfolio.models import PortfolioRun
from concord.portfolio.states import RunState
from concord.requests.models import Request, RequestItem
from concord.requests.queries import visible_to as visible_requests


async def latest_run(actor: Actor) -> PortfolioRun | None:
    mine = PortfolioRun.filter(person_id=actor.person_id)
    return await mine.order_by("-asked_at", "-id").first()


async def run_for(actor: Actor, run_id: str) -> PortfolioRun:
    """The actor's own run; NotFound for anybody else's and an unknown one alike."""
    try:
        wanted = UUID(run_id)
    except ValueError:
        raise NotFound from None
    found = await PortfolioRun.get_or_none(id=wanted, person_id=actor.person_id)
    if found is None:
        raise NotFound
    return found


def job_of(run: PortfolioRun) -> str:
    """What its row in the outbox is known by."""
    return f"{SOLVE_PORTFOLIO}:{run.id}:{run.version}"


async def is_given_up(run: PortfolioRun) -> bool:
    """Whether nobody is at a run that waits: its job has died, or ended without an answer."""
    job = await Outbox.get_or_none(dedup=job_of(run))
    if job and job.done_at is None and job.dead_at is None:
        return False
    return await PortfolioRun.exists(id=run.id, state=RunState.WAITING)  # or just now solved


async def is_stale(actor: Actor, run: PortfolioRun) -> bool:
    """Whether requests, offers or rankings that the run was solved over have changed since."""
    return await fingerprint_for(actor) != run.fingerprint


async def requests_named(actor: Actor, names: Collection[str]) -> dict[str, Request]:
    """Those of these requests that the actor still sees, by public id."""
    rows = await visible_requests(actor).filter(public_id__in=sorted(names)).order_by("id")
    return {row.public_id: row for row in rows}


async def offers_named(actor: Actor, names: Collection[str]) -> dict[str, Offer]:
    rows = await (
        visible_offers(actor)
        .filter(public_id__in=sorted(names))
        .order_by("id")
        .select_related("organization")
    )
    return {row.public_id: row for row in rows}


async def pairings_of(
    requests: Collection[Request], offers: Collection[Offer]
) -> dict[tuple[UUID, UUID], Pairing]:
    rows = await Pairing.filter(
        request_id__in=[one.id for one in requests], offer_id__in=[one.id for one in offers]
    ).order_by("id")
    return {(row.request_id, row.offer_id): row for row in rows}


async def ended_matches(outcomes: Collection[Mapping[str, Any]]) -> dict[str, MatchState]:
    """Those of the matches that rows became that came to nothing: their rows are free again."""
    names = {outcome["match"] for outcome in outcomes if "match" in outcome}
    if not names:
        return {}
    rows = await Match.filter(public_id__in=sorted(names), state__in=sorted(EXITS))
    return {row.public_id: row.state for row in rows}


async def units_of(items: Collection[str]) -> dict[str, str]:
    """What each of these items is counted in."""
    rows = await RequestItem.filter(id__in=sorted(items)).order_by("id")
    return {str(row.id): row.unit_id or "" for row in rows}
