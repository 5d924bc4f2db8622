"""Who may open the files of a request."""

from datetime import datetime
from uuid import UUID

from concord.actor import Actor
from concord.organizations.queries import Listed, attachments_of
from concord.organizations.visibility import attachment_openings, attachment_policies
from concord.requests.actions import note_readings
from concord.requests.dossier import dossier_of
from concord.requests.projection import level_for, shared_parts
from concord.requests.queries import visible_to
from concord.requests.values import Level, SharedPart
from concord.requests.views import RequestView
from concord.requests.visibility import common_level


async def may_open_files(actor: Actor, request_id: UUID) -> bool:
    """Whoever sees the full text; a provider, where the State shared its files with it."""
    request = await visible_to(actor).get_or_none(id=request_id)
    if request is None:
        return False
    dossier = await dossier_of(request)
    full = level_for(actor, dossier, common=common_level(actor)) is Level.FULL
    if not actor.is_provider:
        return full
    return full and SharedPart.ATTACHMENTS in shared_parts(dossier, actor)


async def files_of(actor: Actor, view: RequestView) -> list[Listed]:
    """The files to list on a page that shows the full text."""
    if view.level is not Level.FULL or (actor.is_provider and not view.shares_files):
        return []
    return await attachments_of(actor, view.id)


async def note_opening(actor: Actor, request_id: UUID, now: datetime) -> None:
    await note_readings([request_id], actor=actor, now=now)


attachment_policies["request"] = may_open_files
attachment_openings["request"] = note_opening
