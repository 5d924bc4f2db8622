"""The provider reports what was delivered, with its evidence."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from concord.actor import FOCAL_POINTS, Actor
from concord.database import transaction
from concord.deadlines import Step, deadline
from concord.deliveries.actions.locking import (
    NOT_NOW,
    check_may,
    check_possible,
    lock_delivery,
    locked_delivery,
    wait_for,
)
from concord.deliveries.actions.planning import earliest, left_of
from concord.deliveries.checking import check, report_errors
from concord.deliveries.values import Report
from concord.errors import Conflict
from concord.inbox.actions import close_tasks
from concord.matches.actions.covering import Repeats, move_cover
from concord.matches.actions.delivering import move_delivery, record_delivery
from concord.matches.actions.locking import Locked
from concord.matches.actions.telling_deliveries import tell_delivery
from concord.matches.delivery_states import AWAITING, DeliveryState
from concord.matches.models import Delivery, DeliveryLine, DeliveryParticipants
from concord.organizations.actions import store_attachment
from concord.organizations.models import Attachment
from concord.organizations.values import File

CONFIRM_TASK = "confirm_delivery"
ATTACHABLE = AWAITING | {DeliveryState.RUNNING}


async def report(
    delivery: Delivery,
    report: Report,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """What was delivered, when, to how many; the State has 30 working days to answer."""
    async with locked_delivery(delivery, "report", actor=actor, version=version) as (
        locked,
        found,
    ):
        days = _days(found, report, now=now)
        left = await _left(locked, found)
        first = earliest(locked.match)
        check(report_errors(report, left=left, days=days, earliest=first, today=now.date()))
        await _write(found, report)
        request = locked.request
        due = await deadline(
            Step.CONFIRMATION, start=now, state=request.lead_state_id, urgent=request.urgent
        )
        await move_delivery(
            found,
            "report",
            DeliveryState.REPORTED,
            actor=actor,
            now=now,
            starts_on=days[0],
            ends_on=days[1],
            report=report.text.strip(),
            language=report.language,
            outputs=[output.strip() for output in report.outputs if output.strip()],
            reported_at=now,
            due_at=due,
            reminded_at=None,
        )
        await _cover(locked, actor=actor)
        await _ask(locked, found, actor=actor, now=now)


async def _left(locked: Locked, delivery: Delivery) -> dict[UUID, int]:
    """What each line of the delivery may amount to, the others' shares left aside."""
    left = await left_of(locked, but=delivery.id)
    return {line.line_id: left[line.line_id] for line in delivery.lines}


def _days(delivery: Delivery, report: Report, *, now: datetime) -> tuple[date, date]:
    """When it took place: as reported, or as planned and over by now."""
    last = report.ends_on or min(delivery.ends_on, now.date())
    return report.starts_on or min(delivery.starts_on, last), last


async def _write(delivery: Delivery, report: Report) -> None:
    quantities: Mapping[UUID, int] = report.quantities
    for line in delivery.lines:
        await DeliveryLine.filter(id=line.id).update(
            reported_quantity=quantities.get(line.line_id, 0)
        )
    await DeliveryParticipants.filter(delivery_id=delivery.id).delete()
    for row in report.attendance:
        await DeliveryParticipants.create(
            delivery_id=delivery.id,
            institution=row.institution.strip(),
            women=row.women,
            men=row.men,
            other=row.other,
        )


async def _cover(locked: Locked, *, actor: Actor) -> None:
    """Cover follows the days on which it took place; what is done is never refused for it."""
    try:
        async with transaction():
            await move_cover(locked, actor=actor)
    except Repeats:
        return


async def _ask(locked: Locked, delivery: Delivery, *, actor: Actor, now: datetime) -> None:
    await close_tasks(delivery.id, now=now)
    await wait_for(delivery, CONFIRM_TASK, FOCAL_POINTS, states=locked.states, now=now)
    await tell_delivery(locked, delivery, "reported", actor=actor, now=now)
    await record_delivery(delivery, "report", actor=actor, now=now)


async def attach_evidence(
    delivery: Delivery, file: File, *, actor: Actor, now: datetime
) -> Attachment:
    """A file that shows what was delivered, until the State has said its word on it."""
    async with transaction():
        locked, found = await lock_delivery(delivery.id)
        check_may("attach", actor, locked)
        check_possible("attach", locked)
        if found.state not in ATTACHABLE:
            raise Conflict(NOT_NOW)
        return await store_attachment(
            file, subject_kind="delivery", subject_id=found.id, actor=actor, now=now
        )
