"""Brings other parties' projects in: they warn and never block."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from concord import audit, jobs
from concord.activities.models import ActivityImport, ExternalActivity, ImportedName
from concord.activities.policy import may_import
from concord.activities.queries import locked_activities
from concord.activities.values import ActivityValues, Imported, Provenance
from concord.actor import Actor, Role
from concord.database import transaction
from concord.errors import NotAllowed
from concord.inbox.actions import open_task

BATCH = 500
NAMES_TASK = "name_imported_states"
OF_FILE = ("imported_id", "line")
"""Where it was read: no change of the activity by itself."""


async def import_activities(
    activities: Sequence[ActivityValues],
    *,
    actor: Actor,
    now: datetime,
    provenance: Provenance | None = None,
) -> Imported:
    """Make what is new, change what differs, leave the rest; the same file twice adds nothing."""
    run = await begin(provenance or Provenance(), actor=actor, now=now)
    total = Imported()
    for start in range(0, len(activities), BATCH):
        total += await store(activities[start : start + BATCH], run=run, now=now)
    await finish(run, total, actor=actor, now=now)
    return total


async def begin(provenance: Provenance, *, actor: Actor, now: datetime) -> ActivityImport:
    """A run of an import, to which everything that it stores refers."""
    if not may_import(actor):
        raise NotAllowed("Only coordinators and administrators import activities.")
    return await ActivityImport.create(
        **asdict(provenance), imported_by_id=actor.person_id, imported_at=now
    )


async def finish(
    run: ActivityImport, total: Imported, *, actor: Actor, now: datetime, refused: int = 0
) -> None:
    """Write what came of it, and have requests compared with what is new."""
    counts = asdict(total) | {"refused": refused}
    async with transaction():
        await ActivityImport.filter(id=run.id).update(**counts, version=run.version + 1)
        if total.created or total.changed:
            await jobs.enqueue(jobs.CHECK_DUPLICATES, now=now, import_id=run.id)
        await audit.record(
            "import_activities",
            actor=actor,
            subject_kind="import",
            subject_id=run.id,
            now=now,
            sha256=run.sha256,
            **counts,
        )


async def store(
    batch: Sequence[ActivityValues], *, run: ActivityImport, now: datetime
) -> Imported:
    """One part of a file, in one transaction."""
    wanted = {(one.publisher, one.identifier): one for one in batch}
    async with transaction():
        present = await locked_activities(wanted.keys())
        made = [_made(wanted[key], run) for key in wanted if key not in present]
        await ExternalActivity.bulk_create(made, ignore_conflicts=True)
        changed = older = 0
        for key, activity in present.items():
            if _is_older(wanted[key], activity):
                older += 1
            elif differing := _differing(wanted[key], activity):
                columns = differing | {"imported_id": run.id, "line": wanted[key].line}
                columns["version"] = activity.version + 1
                await ExternalActivity.filter(id=activity.id).update(**columns)
                changed += 1
        await _wait_for_a_person(batch, run, now=now)
    return Imported(len(made), changed, len(present) - changed - older, older)


def _made(values: ActivityValues, run: ActivityImport) -> ExternalActivity:
    return ExternalActivity(**columns_of(values), imported_id=run.id)


def _is_older(values: ActivityValues, activity: ExternalActivity) -> bool:
    """Whether what is stored was stated later; a file without a date never replaces one with."""
    if activity.stated_at is None:
        return False
    return values.stated_at is None or values.stated_at < activity.stated_at


def _differing(values: ActivityValues, activity: ExternalActivity) -> dict[str, Any]:
    return {
        name: new
        for name, new in columns_of(values).items()
        if name not in OF_FILE and getattr(activity, name) != new
    }


def columns_of(values: ActivityValues) -> dict[str, Any]:
    columns: dict[str, Any] = {
        field.name: _stored(getattr(values, field.name)) for field in fields(values)
    }
    columns["places"] = [asdict(place) for place in values.places]
    columns["states"], columns["names"] = list(values.states), list(values.names)
    columns["state_id"] = next(iter(values.states), None)
    return columns


def _stored(value: object) -> object:
    if isinstance(value, tuple):
        return [_stored(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value


async def _wait_for_a_person(
    batch: Sequence[ActivityValues], run: ActivityImport, *, now: datetime
) -> None:
    """Keep the names that the list does not have, and ask for an answer."""
    found = {place.key: place for one in batch for place in one.places if place.key}
    if not found:
        return
    names = [
        ImportedName(key=key, name=place.name[:300], source=run.file_name)
        for key, place in sorted(found.items())
    ]
    await ImportedName.bulk_create(names, ignore_conflicts=True)
    if await ImportedName.filter(answer=None).exists():
        await open_task(
            NAMES_TASK,
            subject_kind="imported_name",
            subject_id=ImportedName.ALL,
            subject_public_id="",
            roles=[Role.COORDINATOR, Role.ADMIN],
            now=now,
        )
