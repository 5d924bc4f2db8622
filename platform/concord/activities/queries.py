"""Every read of external activities."""

from collections.abc import Collection
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from concord.activities.models import ActivityImport, ExternalActivity, ImportedName
from concord.activities.policy import may_list
from concord.actor import Actor
from concord.errors import NotFound

Key = tuple[str, str]


def visible_to(actor: Actor) -> QuerySet[ExternalActivity]:
    """All of them to UNODC and providers; to a State those that name it; none to others."""
    if not may_list(actor):
        return ExternalActivity.filter(id=None)
    if actor.is_state:
        return ExternalActivity.filter(states__contains=[actor.state])
    return ExternalActivity.all()


async def activity_for(actor: Actor, identifier: str) -> ExternalActivity:
    """With the import it came from; unseen and unknown are the same."""
    try:
        found = await visible_to(actor).select_related("imported").get_or_none(id=UUID(identifier))
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found


async def locked_activities(keys: Collection[Key]) -> dict[Key, ExternalActivity]:
    """Those already imported, by publisher and identifier, locked until the transaction ends."""
    identifiers = sorted({identifier for _, identifier in keys})
    found = (
        await ExternalActivity.filter(identifier__in=identifiers)
        .order_by("id")
        .select_for_update()
    )
    by_key = {(each.publisher, each.identifier): each for each in found}
    return {key: by_key[key] for key in keys if key in by_key}


async def name_answers() -> dict[str, str | None]:
    """What persons said of imported names: a State's code, or None for no State's."""
    return {each.key: each.state_id for each in await ImportedName.filter(Q(answer__isnull=False))}


async def publishers_taken() -> set[str]:
    """Publishers that somebody vouched for in an earlier import."""
    found = (
        await ActivityImport.exclude(publisher="").distinct().values_list("publisher", flat=True)
    )
    return {str(publisher) for publisher in found}


async def waiting_names() -> int:
    return await ImportedName.filter(answer=None).count()


async def name_for(identifier: str) -> ImportedName:
    try:
        found = await ImportedName.get_or_none(id=UUID(identifier))
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found
