"""Matches and deliveries after approval, played by the people who have a part in them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from concord.deliveries import actions
from concord.deliveries.values import (
    QUESTIONS,
    Attendance,
    DeliveryPlan,
    EvaluationForm,
    PlannedLine,
    PlannedMilestone,
    Report,
    TermsDraft,
)
from concord.matches.models import Delivery, Match, MatchLine, Terms
from tests.conftest import NOW
from tests.factories.matches import FIRST, LAST, Cast, approved, fresh

TERMS = TermsDraft("The provider trains; the State invites.", FIRST, LAST)
STARTED = datetime.combine(FIRST, NOW.timetz())
"""When the provider starts: on the first day of the terms of reference."""
OVER = STARTED + timedelta(days=5)
"""When the work is over and reported."""


async def drafted(
    players: Cast, *, terms: TermsDraft = TERMS, **given: Any
) -> tuple[Match, Terms]:
    """Approved, with terms of reference that the provider drafted."""
    match = await approved(players, **given)
    made = await actions.draft_terms(match, terms, actor=players.partner, now=NOW)
    return await fresh(match), made


async def agreed_match(players: Cast, *, terms: TermsDraft = TERMS, **given: Any) -> Match:
    """Agreed by the State of the cast and its provider."""
    match, made = await drafted(players, terms=terms, **given)
    for side in (players.partner, players.focal_point):
        await actions.agree_terms(match, sha256=made.sha256, actor=side, now=NOW)
    return await fresh(match)


async def match_in_delivery(players: Cast, **given: Any) -> Match:
    match = await agreed_match(players, **given)
    await actions.start(match, actor=players.partner, now=STARTED)
    return await fresh(match)


async def plan_of(match: Match, quantity: int = 10, **changes: Any) -> DeliveryPlan:
    """Of the first line of a match."""
    line = await MatchLine.filter(match_id=match.id).order_by("id").first()
    assert line is not None
    plan = DeliveryPlan(
        title="Course on electronic evidence",
        place="Training centre",
        starts_on=FIRST,
        ends_on=LAST,
        lines=(PlannedLine(line.id, quantity),),
        milestones=(PlannedMilestone("Invitations sent", FIRST - timedelta(days=3)),),
    )
    return replace(plan, **changes)


async def planned_delivery(
    players: Cast, match: Match, *, quantity: int = 10, now: datetime = STARTED, **changes: Any
) -> Delivery:
    plan = await plan_of(match, quantity, **changes)
    return await actions.plan(match, plan, actor=players.partner, now=now)


async def running_delivery(players: Cast, match: Match, **given: Any) -> Delivery:
    delivery = await planned_delivery(players, match, **given)
    await actions.begin(delivery, actor=players.partner, now=STARTED)
    return await fresh_delivery(delivery)


async def report_on(delivery: Delivery, quantity: int | None = None, **changes: Any) -> Report:
    """As planned, or of another quantity a line."""
    lines = await delivery.lines.all()
    given = {row.line_id: row.quantity if quantity is None else quantity for row in lines}
    report = Report(
        text="Ten prosecutors completed the course.",
        quantities=given,
        attendance=(Attendance("Prosecution", women=6, men=3, other=1),),
        outputs=("Handbook",),
    )
    return replace(report, **changes)


async def reported_delivery(
    players: Cast, match: Match, *, reported: int | None = None, **given: Any
) -> Delivery:
    delivery = await running_delivery(players, match, **given)
    report = await report_on(delivery, reported)
    await actions.report(delivery, report, actor=players.partner, now=OVER)
    return await fresh_delivery(delivery)


async def confirmed_delivery(players: Cast, match: Match, **given: Any) -> Delivery:
    delivery = await reported_delivery(players, match, **given)
    await actions.confirm(delivery, actor=players.focal_point, now=OVER)
    return await fresh_delivery(delivery)


async def disputed_delivery(players: Cast, match: Match, **given: Any) -> Delivery:
    delivery = await reported_delivery(players, match, **given)
    await actions.dispute(
        delivery, reason="delivery_disputed.fewer", actor=players.focal_point, now=OVER
    )
    return await fresh_delivery(delivery)


async def delivered_match(players: Cast, **given: Any) -> Match:
    """One delivery, confirmed by the State."""
    match = await match_in_delivery(players, **given)
    await confirmed_delivery(players, match)
    return await fresh(match)


def form_of(side: str, rating: int = 4, **changes: Any) -> EvaluationForm:
    """Of “state” or “provider”."""
    form = EvaluationForm(
        dict.fromkeys(QUESTIONS[side], rating), "It went well.", "Start earlier."
    )
    return replace(form, **changes)


async def evaluated_match(players: Cast, **given: Any) -> Match:
    match = await delivered_match(players, **given)
    for actor, side in ((players.focal_point, "state"), (players.partner, "provider")):
        await actions.evaluate(match, form_of(side), actor=actor, now=OVER)
    return await fresh(match)


async def fresh_delivery(delivery: Delivery) -> Delivery:
    return await Delivery.get(id=delivery.id).prefetch_related("lines")


async def line_of(match: Match) -> MatchLine:
    """The first line, with its item and slot."""
    found = await MatchLine.filter(match_id=match.id).order_by("id").select_related("item", "slot")
    return found[0]


def day(**after_start: float) -> datetime:
    return STARTED + timedelta(**after_start)


def on(text: str) -> date:
    return date.fromisoformat(text)
