"""Every verb that a person may say to a match or a delivery, by the name in its state machine."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from concord.actor import Actor
from concord.deliveries import actions as deliveries
from concord.deliveries.queries import left_to_plan
from concord.deliveries.values import DeliveryPlan, PlannedLine, Report, TermsDraft
from concord.matches import actions as matches
from concord.matches.delivery_states import AWAITING
from concord.matches.models import Delivery, DeliveryLine, Match, Terms
from concord.matches.values import Decisions
from tests.factories.deliveries import form_of

MatchMove = Callable[[Match, Actor, datetime], Awaitable[object]]
DeliveryMove = Callable[[Delivery, Actor, datetime], Awaitable[object]]
TIMING = "declined_by_state.timing"
WORTH = timedelta(days=4)


async def _approve(match: Match, actor: Actor, now: datetime, join_reason: str = "") -> None:
    await matches.approve(
        match,
        risk_note="Seen.",
        risk_mitigation="Two officers.",
        funding_note="UNODC.",
        join_reason=join_reason,
        actor=actor,
        now=now,
    )


async def _join(match: Match, actor: Actor, now: datetime) -> None:
    await _approve(match, actor, now, "The same course.")


async def _cancel(match: Match, actor: Actor, now: datetime) -> None:
    await matches.cancel(
        match, reason="cancelled.security", actor=actor, now=now, decided=await undone(match)
    )


async def _end_suspension(match: Match, actor: Actor, now: datetime) -> None:
    await matches.end_suspension(
        match, reason="cancelled.security", actor=actor, now=now, decided=await undone(match)
    )


async def undone(match: Match) -> Decisions:
    """None of what was reported and waits took place."""
    waiting = await Delivery.filter(match_id=match.id, state__in=sorted(AWAITING))
    return {each.id: None for each in waiting}


async def _draft(match: Match, actor: Actor, now: datetime) -> None:
    today = now.date()
    draft = TermsDraft("The provider trains; the State invites.", today, today + WORTH)
    await deliveries.draft_terms(match, draft, actor=actor, now=now)


async def _agree(match: Match, actor: Actor, now: datetime) -> None:
    terms = await Terms.filter(match_id=match.id, superseded_at=None).first()
    sha256 = terms.sha256 if terms else ""
    await deliveries.agree_terms(match, sha256=sha256, actor=actor, now=now)


async def _plan(match: Match, actor: Actor, now: datetime) -> None:
    """Half of what is left of each line, or its last unit."""
    left = await left_to_plan(match.id)
    lines = tuple(PlannedLine(each, (most + 1) // 2) for each, most in left.items() if most)
    await deliveries.plan(match, _planned(lines, now), actor=actor, now=now)


def _planned(lines: tuple[PlannedLine, ...], now: datetime) -> DeliveryPlan:
    return DeliveryPlan("Course", "Centre", now.date(), now.date() + timedelta(days=1), lines)


async def _evaluate(match: Match, actor: Actor, now: datetime) -> None:
    side = "state" if actor.is_state else "provider"
    await deliveries.evaluate(match, form_of(side), actor=actor, now=now)


MATCH_MOVES: Mapping[str, MatchMove] = {
    "consent": lambda match, actor, now: matches.consent(
        match, data_shared=(), actor=actor, now=now
    ),
    "decline_by_state": lambda match, actor, now: matches.decline_by_state(
        match, reason=TIMING, actor=actor, now=now
    ),
    "withdraw_consent": lambda match, actor, now: matches.withdraw_consent(
        match, actor=actor, now=now
    ),
    "stop_sharing": lambda match, actor, now: matches.stop_sharing(match, actor=actor, now=now),
    "accept": lambda match, actor, now: matches.accept(
        match, no_conflict=True, actor=actor, now=now
    ),
    "decline_by_partner": lambda match, actor, now: matches.decline_by_partner(
        match, reason="declined_by_partner.timing", actor=actor, now=now
    ),
    "approve": _approve,
    "join": _join,
    "reject": lambda match, actor, now: matches.reject(
        match, reason="rejected_by_approver.risk", actor=actor, now=now
    ),
    "cancel": _cancel,
    "undo": lambda match, actor, now: matches.undo(match, actor=actor, now=now),
    "suspend": lambda match, actor, now: matches.suspend(match, actor=actor, now=now),
    "resume": lambda match, actor, now: matches.resume(match, actor=actor, now=now),
    "end_suspension": _end_suspension,
    "draft_terms": _draft,
    "agree": _agree,
    "start": lambda match, actor, now: deliveries.start(match, actor=actor, now=now),
    "plan": _plan,
    "evaluate": _evaluate,
    "close": lambda match, actor, now: deliveries.close(match, actor=actor, now=now),
}


async def _change(delivery: Delivery, actor: Actor, now: datetime) -> None:
    rows = await DeliveryLine.filter(delivery_id=delivery.id)
    lines = tuple(PlannedLine(row.line_id, max(1, row.quantity - 1)) for row in rows)
    await deliveries.change(delivery, _planned(lines, now), actor=actor, now=now)


async def _report(delivery: Delivery, actor: Actor, now: datetime) -> None:
    rows = await DeliveryLine.filter(delivery_id=delivery.id)
    report = Report("It took place.", {row.line_id: row.quantity for row in rows})
    await deliveries.report(delivery, report, actor=actor, now=now)


async def _confirm_less(delivery: Delivery, actor: Actor, now: datetime) -> None:
    rows = await DeliveryLine.filter(delivery_id=delivery.id)
    less = {row.line_id: (row.reported_quantity or 0) // 2 for row in rows}
    await deliveries.confirm(delivery, quantities=less, actor=actor, now=now)


async def _decide(delivery: Delivery, actor: Actor, now: datetime) -> None:
    rows = await DeliveryLine.filter(delivery_id=delivery.id)
    all_of_it = {row.line_id: row.reported_quantity or 0 for row in rows}
    await deliveries.decide(delivery, quantities=all_of_it, actor=actor, now=now)


DELIVERY_MOVES: Mapping[str, DeliveryMove] = {
    "change": _change,
    "begin": lambda delivery, actor, now: deliveries.begin(delivery, actor=actor, now=now),
    "report": _report,
    "confirm": lambda delivery, actor, now: deliveries.confirm(delivery, actor=actor, now=now),
    "confirm_less": _confirm_less,
    "dispute": lambda delivery, actor, now: deliveries.dispute(
        delivery, reason="delivery_disputed.fewer", actor=actor, now=now
    ),
    "decide": _decide,
    "refuse": lambda delivery, actor, now: deliveries.decide(
        delivery, quantities=None, actor=actor, now=now
    ),
    "cancel": lambda delivery, actor, now: deliveries.cancel_delivery(
        delivery, actor=actor, now=now
    ),
    "acknowledge": lambda delivery, actor, now: deliveries.acknowledge(
        delivery, actor=actor, now=now
    ),
}
VERBS = {"join": "approve", "confirm_less": "confirm", "refuse": "decide"}
"""Moves that say a verb of the machine in another way."""


async def say(verb: str, subject: Match | Delivery, actor: Actor, now: datetime) -> None:
    """Say it, whoever it is; `DomainError` where the answer is no."""
    if isinstance(subject, Match):
        await MATCH_MOVES[verb](subject, actor, now)
    else:
        await DELIVERY_MOVES[verb](subject, actor, now)
