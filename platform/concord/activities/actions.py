"""Brings other parties' projects in: they warn and never block."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import uuid4

from concord import audit
from concord.activities.models import ExternalActivity
from concord.activities.policy import may_import
from concord.activities.queries import by_identifier
from concord.activities.values import ActivityValues, Imported
from concord.actor import Actor
from concord.database import transaction
from concord.errors import NotAllowed

BATCH = 500


async def import_activities(
    activities: Sequence[ActivityValues], *, actor: Actor, now: datetime
) -> Imported:
    """Make what is new, change what differs, leave the rest; the same file twice adds nothing."""
    if not may_import(actor):
        raise NotAllowed("Only coordinators and administrators import activities.")
    async with transaction():
        total = Imported()
        for start in range(0, len(activities), BATCH):
            total = _sum(total, await _store(activities[start : start + BATCH]))
        await audit.record(
            "import_activities",
            actor=actor,
            subject_kind="import",
            subject_id=uuid4(),
            now=now,
            created=total.created,
            changed=total.changed,
            unchanged=total.unchanged,
        )
    return total


async def _store(batch: Sequence[ActivityValues]) -> Imported:
    wanted = {values.identifier: _columns(values) for values in batch}
    present = await by_identifier(wanted.keys())
    made = [ExternalActivity(**wanted[name]) for name in wanted if name not in present]
    await ExternalActivity.bulk_create(made, ignore_conflicts=True)
    changed = 0
    for identifier, activity in present.items():
        columns = wanted[identifier]
        differing = {key: new for key, new in columns.items() if getattr(activity, key) != new}
        if differing:
            await activity.update_from_dict(differing | {"version": activity.version + 1}).save()
            changed += 1
    return Imported(len(made), changed, len(present) - changed)


def _columns(values: ActivityValues) -> dict[str, Any]:
    columns = {field.name: getattr(values, field.name) for field in fields(values)}
    columns["state_id"] = columns.pop("state")
    columns["topics"] = list(values.topics)
    return columns


def _sum(one: Imported, other: Imported) -> Imported:
    return Imported(
        one.created + other.created,
        one.changed + other.changed,
        one.unchanged + other.unchanged,
    )
