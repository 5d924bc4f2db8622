"""A person says which State an imported name means, or that it means none."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from concord import audit, jobs
from concord.activities.actions.importing import BATCH, NAMES_TASK
from concord.activities.models import ExternalActivity, ImportedName
from concord.activities.policy import may_name_states
from concord.activities.values import NameAnswer, Place, states_of
from concord.actor import Actor
from concord.database import transaction
from concord.errors import InvalidInput, NotAllowed, NotFound, StaleVersion, Text
from concord.inbox.actions import close_tasks
from concord.reference.queries import code_lists

NO_STATE = "Choose the State that is meant, or say that the name is no State's."
CHANGED = "Somebody else has answered this meanwhile. Their answer is shown; give yours again."


async def answer_name(
    name: ImportedName,
    answer: NameAnswer,
    *,
    state: str = "",
    version: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Keep the answer for this and every later import; how many activities it concerned.

    It may be given again: what was stored under the earlier answer follows.
    """
    if not may_name_states(actor):
        raise NotAllowed("Only coordinators and administrators say which State is meant.")
    meant = state if answer is NameAnswer.STATE else None
    if answer is NameAnswer.STATE and state not in (await code_lists()).states:
        raise InvalidInput({"state": Text(NO_STATE)})
    async with transaction():
        fresh = await _locked(name, version)
        fresh.answer, fresh.state_id, fresh.version = answer.value, meant, fresh.version + 1
        fresh.answered_by_id, fresh.answered_at = actor.person_id, now
        await fresh.save()
        count = await _follow(fresh.key, meant, now=now)
        if not await ImportedName.filter(answer=None).exists():
            await close_tasks(ImportedName.ALL, NAMES_TASK, now=now)
        await audit.record(
            "name_imported_state",
            actor=actor,
            subject_kind="imported_name",
            subject_id=fresh.id,
            now=now,
            answer=answer.value,
            state=meant or "",
            activities=count,
        )
    return count


async def _locked(name: ImportedName, version: int) -> ImportedName:
    fresh = await ImportedName.select_for_update().get_or_none(id=name.id)
    if fresh is None:
        raise NotFound
    if fresh.version != version:
        raise StaleVersion(CHANGED)
    return fresh


async def _follow(key: str, state: str | None, *, now: datetime) -> int:
    """Give every activity that has this name its State."""
    concerned = await ExternalActivity.filter(names__contains=[key]).order_by("id")
    for activity in concerned:
        places = tuple(_place(place, key, state) for place in activity.places)
        activity.places = [asdict(place) for place in places]
        activity.states = list(states_of(places))
        activity.state_id = next(iter(activity.states), None)
        activity.version += 1
    if concerned:
        await ExternalActivity.bulk_update(
            concerned, ["places", "states", "state_id", "version"], batch_size=BATCH
        )
    if concerned and state:
        await jobs.enqueue(jobs.CHECK_DUPLICATES, now=now, name_key=key)
    return len(concerned)


def _place(stored: Mapping[str, Any], key: str, state: str | None) -> Place:
    place = Place(**stored)
    if place.key != key:
        return place
    return Place(name=place.name, key=key, state=state, percentage=place.percentage)
