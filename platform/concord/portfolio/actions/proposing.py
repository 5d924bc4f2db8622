"""Turns chosen rows of a portfolio into proposals, each checked again as if it came alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from concord.actor import Actor
from concord.database import refused_by, transaction
from concord.errors import Conflict, DomainError, InvalidInput, Text
from concord.matches import actions as matches
from concord.matches.actions.locking import lock_offers, lock_requests
from concord.matches.values import DATA_PARTS, LineDraft
from concord.offers.models import Offer, OfferSlot
from concord.offers.queries import lock_slots
from concord.pairings.lines import Period
from concord.portfolio.actions.running import keep_outcomes, lock_run
from concord.portfolio.models import PortfolioRun
from concord.portfolio.queries import ended_matches, offers_named, requests_named
from concord.portfolio.values import Proposed
from concord.requests.models import Request

GONE = "The request or the offer is no longer open."
NO_DAY = "The request, the offer and its slots have no day in common from today on."
NO_END = "The dates in common have no end: open the proposal and set them."


@dataclass(frozen=True, slots=True)
class Row:
    """A chosen row with the request and the offer as they are now."""

    pair: str
    request: Request
    offer: Offer
    lines: tuple[LineDraft, ...]


async def propose_rows(
    run: PortfolioRun,
    pairs: Collection[str],
    *,
    rationale: str,
    no_conflict: bool,
    actor: Actor,
    now: datetime,
) -> Proposed:
    """What became of each row: the match it is now, or why not.

    Every row is undone alone when it is refused. All of them are locked at the outset in the one
    order (requests, offers, slots), so that two coordinators never wait for each other in a
    circle. A row that was proposed before stays as it is, unless its match came to nothing.
    """
    async with transaction():
        fresh = await lock_run(run)
        already = await _proposed_before(fresh, pairs)
        wanted = [row for row in fresh.rows if row["pair"] in pairs and row["pair"] not in already]
        rows = await _rows(wanted, actor)
        slots = await _lock(rows)
        outcomes: dict[str, dict[str, Any]] = {
            row["pair"]: _refused(Conflict(GONE)) for row in wanted
        }
        for row in rows:
            period = _period(row, slots, today=now.date())
            outcomes[row.pair] = await _propose(row, period, rationale, no_conflict, actor, now)
        if wanted:
            await keep_outcomes(fresh, outcomes, actor=actor, now=now)
    return Proposed(outcomes, already)


async def _proposed_before(run: PortfolioRun, pairs: Collection[str]) -> frozenset[str]:
    """Rows whose match is not at an end; one that ended never comes back."""
    found = {pair: run.outcomes[pair] for pair in pairs if pair in run.outcomes}
    ended = await ended_matches(found.values())
    return frozenset(
        pair
        for pair, outcome in found.items()
        if "match" in outcome and outcome["match"] not in ended
    )


async def _rows(wanted: Sequence[dict[str, Any]], actor: Actor) -> list[Row]:
    """In the order of the plan, without what the actor no longer sees."""
    requests = await requests_named(actor, {row["request"] for row in wanted})
    offers = await offers_named(actor, {row["offer"] for row in wanted})
    return [
        Row(
            pair=row["pair"],
            request=requests[row["request"]],
            offer=offers[row["offer"]],
            lines=tuple(_line(*line) for line in row["lines"]),
        )
        for row in wanted
        if row["request"] in requests and row["offer"] in offers
    ]


def _line(item: str, slot: str, quantity: int) -> LineDraft:
    return LineDraft(UUID(item), UUID(slot), quantity, quantity)


async def _lock(rows: Sequence[Row]) -> dict[UUID, OfferSlot]:
    await lock_requests({row.request.id for row in rows})
    await lock_offers({row.offer.id for row in rows})
    locked = await lock_slots({line.slot_id for row in rows for line in row.lines})
    return {slot.id: slot for slot in locked}


def _period(row: Row, slots: dict[UUID, OfferSlot], *, today: date) -> Period | None:
    """The days that both sides and every slot leave possible; None when there is none."""
    used = [slots[line.slot_id] for line in row.lines if line.slot_id in slots]
    return Period(row.request.starts_on, row.request.ends_on).common(
        Period(row.offer.starts_on, row.offer.ends_on),
        Period(today, None),
        *(Period(slot.starts_on, slot.ends_on) for slot in used),
    )


async def _propose(
    row: Row,
    period: Period | None,
    rationale: str,
    no_conflict: bool,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    if period is None:
        return _refused(Conflict(NO_DAY))
    if period.starts_on is None or period.ends_on is None:
        return _refused(Conflict(NO_END))
    try:
        match = await matches.propose(
            row.request,
            row.offer,
            lines=row.lines,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            data_shared=DATA_PARTS,
            rationale=rationale,
            no_conflict=no_conflict,
            actor=actor,
            now=now,
        )
    except DomainError as error:
        return _refused(error)
    except IntegrityError as error:  # this row's savepoint is undone; the others go on
        if (words := refused_by(error)) is None:
            raise
        return _refused(Conflict(words))
    return {"match": match.public_id}


def _refused(error: DomainError) -> dict[str, Any]:
    """The reasons as they can be kept and translated later."""
    messages = list(error.fields.values()) if isinstance(error, InvalidInput) else [error.message]
    return {"refused": [_kept(message) for message in messages]}


def _kept(message: str) -> dict[str, Any]:
    if isinstance(message, Text):
        return {"words": message.msgid, "parameters": dict(message.parameters)}
    return {"words": message, "parameters": {}}
