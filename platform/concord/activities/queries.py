"""Every read of external activities."""

from collections.abc import Collection

from tortoise.queryset import QuerySet

from concord.activities.models import ExternalActivity
from concord.activities.policy import may_list
from concord.actor import Actor


def visible_to(actor: Actor) -> QuerySet[ExternalActivity]:
    """All of them to UNODC, none to others."""
    return ExternalActivity.all() if may_list(actor) else ExternalActivity.filter(id=None)


async def by_identifier(identifiers: Collection[str]) -> dict[str, ExternalActivity]:
    """Those already imported, locked until the end of the transaction."""
    found = await ExternalActivity.filter(identifier__in=identifiers).select_for_update()
    return {activity.identifier: activity for activity in found}
