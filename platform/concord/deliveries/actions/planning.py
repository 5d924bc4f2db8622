"""Deliveries are planned, changed and begun by those who provide them."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError

from concord.actor import CLOCK, Actor
from concord.database import transaction
from concord.deliveries.actions.locking import check_may, check_possible, locked_delivery
from concord.deliveries.checking import check, plan_errors
from concord.deliveries.values import DeliveryPlan
from concord.errors import Conflict, StaleVersion
from concord.inbox.actions import close_tasks
from concord.matches.actions.covering import move_cover
from concord.matches.actions.delivering import move_delivery, record_delivery
from concord.matches.actions.locking import STALE, Locked, lock_match
from concord.matches.actions.suspending import may_go_on
from concord.matches.actions.telling_deliveries import tell_delivery
from concord.matches.actions.waiting import PLAN_TASK
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, DeliveryLine, DeliveryStep, Match, Milestone
from concord.reference.identifiers import new_public_id

STALLED_TASK = "decide_stalled_match"
NOT_VERIFIED = "A participant is not verified at present."
_D = DeliveryState


async def plan(
    match: Match, plan: DeliveryPlan, *, actor: Actor, now: datetime, version: int | None = None
) -> Delivery:
    """A delivery with dates, place, milestones and its share of what was agreed."""
    async with transaction():
        locked = await lock_match(match)
        if version is not None and locked.match.version != version:
            raise StaleVersion(STALE)
        check_may("plan", actor, locked)
        check_possible("plan", locked)
        if not may_go_on(locked, now=now):
            raise Conflict(NOT_VERIFIED)
        _check(locked, plan, await left_of(locked))
        made = await _saved(_delivery(match.id, plan, actor=actor, now=now))
        await _write(made, plan)
        await DeliveryStep.create(
            delivery_id=made.id,
            verb="plan",
            target=made.state,
            at=now,
            person_id=actor.person_id,
            organization_id=actor.organization_id,
        )
        await move_cover(locked, actor=actor)
        await close_tasks(match.id, PLAN_TASK, STALLED_TASK, now=now)
        await Match.filter(id=match.id).update(stalled_at=None)
        await tell_delivery(locked, made, "planned", actor=actor, now=now)
        await record_delivery(made, "plan", actor=actor, now=now)
    return made


async def left_of(locked: Locked, *, but: UUID | None = None) -> dict[UUID, int]:
    """What each line has left to plan; `but` leaves one delivery out of the count."""
    rows = await DeliveryLine.filter(delivery__match_id=locked.match.id).select_related("delivery")
    left = {line.id: line.item_quantity for line in locked.match.lines if line.live}
    for row in rows:
        counts = row.delivery.state is not _D.CANCELLED and row.delivery_id != but
        if counts and row.line_id in left:
            left[row.line_id] -= row.effective
    return left


def _check(locked: Locked, plan: DeliveryPlan, left: Mapping[UUID, int]) -> None:
    check(
        plan_errors(plan, left=left, earliest=earliest(locked.match), ends_on=locked.match.ends_on)
    )


def earliest(match: Match) -> date:
    """Nothing is delivered under a match before its terms of reference were agreed."""
    return match.agreed_at.date() if match.agreed_at else match.starts_on


def _delivery(match_id: UUID, plan: DeliveryPlan, *, actor: Actor, now: datetime) -> Delivery:
    return Delivery(
        match_id=match_id,
        title=plan.title.strip(),
        place=plan.place.strip(),
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        state_since=now,
        planned_by_id=actor.person_id,
    )


async def _saved(delivery: Delivery) -> Delivery:
    """Store it under a public id that nobody has: a collision is tried again."""
    while True:
        delivery.public_id = new_public_id("DLV")
        try:
            async with transaction():
                await delivery.save(force_create=True)
        except IntegrityError:
            if not await Delivery.exists(public_id=delivery.public_id):
                raise
        else:
            return delivery


async def _write(delivery: Delivery, plan: DeliveryPlan) -> None:
    for line in sorted(plan.lines, key=lambda line: line.line_id):
        await DeliveryLine.create(
            delivery_id=delivery.id, line_id=line.line_id, quantity=line.quantity
        )
    for position, milestone in enumerate(plan.milestones, 1):
        await Milestone.create(
            delivery_id=delivery.id,
            position=position,
            title=milestone.title.strip(),
            due_on=milestone.due_on,
            done_on=milestone.done_on,
        )


async def change(
    delivery: Delivery,
    plan: DeliveryPlan,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Other dates, quantities or milestones, as long as nothing is reported."""
    async with locked_delivery(delivery, "change", actor=actor, version=version) as (
        locked,
        found,
    ):
        _check(locked, plan, await left_of(locked, but=found.id))
        await DeliveryLine.filter(delivery_id=found.id).delete()
        await Milestone.filter(delivery_id=found.id).delete()
        await move_delivery(
            found,
            "change",
            found.state,
            actor=actor,
            now=now,
            title=plan.title.strip(),
            place=plan.place.strip(),
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            reminded_at=None,
        )
        await _write(found, plan)
        await close_tasks(found.id, now=now)
        await move_cover(locked, actor=actor)
        await tell_delivery(locked, found, "planned", actor=actor, now=now)
        await record_delivery(found, "change", actor=actor, now=now)


async def begin(
    delivery: Delivery, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """It runs from now on; a start before the planned day moves that day, and the cover."""
    async with locked_delivery(delivery, "begin", actor=actor, version=version) as both:
        locked, found = both
        await begun(locked, found, actor=actor, now=now)


async def begun(locked: Locked, delivery: Delivery, *, actor: Actor, now: datetime) -> None:
    """The transition itself, for the clock too."""
    day = min(delivery.starts_on, now.date())
    await move_delivery(delivery, "begin", _D.RUNNING, actor=actor, now=now, starts_on=day)
    if actor is not CLOCK:
        await move_cover(locked, actor=actor)
    await record_delivery(delivery, "begin", actor=actor, now=now)
