"""Every read of acts on behalf of States."""

from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.errors import NotFound
from concord.organizations.models import ActOnBehalf
from concord.organizations.policy import may_list_acts
from concord.organizations.visibility import attachment_policies
from concord.reference.identifiers import normalized_public_id


def visible_to(actor: Actor) -> QuerySet[ActOnBehalf]:
    """UNODC's case workers (sealed ones: those assigned), auditors, and the State itself."""
    if not may_list_acts(actor):
        return ActOnBehalf.filter(public_id=None)
    if actor.is_state:
        return ActOnBehalf.filter(state_id=actor.state)
    seen = Q(assigned__isnull=True) | Q(assigned__contains=[actor.person_id])
    found = ActOnBehalf.filter(seen)
    return found.filter(state_id__in=actor.states) if actor.states else found


def listed(actor: Actor, *, status: str = "") -> QuerySet[ActOnBehalf]:
    """Of the visible: those waiting, confirmed or refused."""
    found = visible_to(actor)
    if status == "waiting":
        return found.filter(confirmed_at=None, refused_at=None)
    if status == "confirmed":
        return found.filter(confirmed_at__isnull=False)
    return found.filter(refused_at__isnull=False) if status == "refused" else found


def status_of(act: ActOnBehalf) -> str:
    if act.refused_at is not None:
        return "refused"
    return "waiting" if act.confirmed_at is None else "confirmed"


async def act_for(actor: Actor, public_id: str) -> ActOnBehalf:
    wanted = normalized_public_id(public_id) or ""
    found = await visible_to(actor).filter(public_id=wanted).first()
    if found is None:
        raise NotFound
    return found


async def _may_open_note(actor: Actor, act_id: UUID) -> bool:
    return await visible_to(actor).filter(id=act_id).exists()


attachment_policies["act_on_behalf"] = _may_open_note
