"""The organization behind an imported offer: the one of that name, or a newly registered one."""

from datetime import datetime

from concord.actor import Actor
from concord.errors import InvalidInput, Text
from concord.organizations.actions import create
from concord.organizations.models import Organization
from concord.organizations.names import name_key
from concord.organizations.states import PROVIDER_KINDS, OrganizationKind
from concord.organizations.values import NewOrganization, ProfileValues

UNKNOWN = "There is no such provider: give its kind in organization_kind to register it."
SEVERAL = "There are several providers of this name: an administrator has to say which."
OTHER_KIND = "The provider of this name is registered as %(kind)s."


async def provider_named(name: str, kind: str, *, actor: Actor, now: datetime) -> Organization:
    """Raises InvalidInput for a name that is unknown (and has no kind), or not unique."""
    found = await Organization.filter(
        name_key=name_key(name), kind__in=list(PROVIDER_KINDS)
    ).order_by("id")
    if len(found) > 1:
        raise InvalidInput({"organization": Text(SEVERAL)})
    if found:
        if kind and found[0].kind.value != kind:
            raise InvalidInput({"organization_kind": Text(OTHER_KIND, kind=found[0].kind.value)})
        return found[0]
    if not kind:
        raise InvalidInput({"organization": Text(UNKNOWN)})
    return await create(
        NewOrganization(kind=OrganizationKind(kind), profile=ProfileValues(name=name)),
        actor=actor,
        now=now,
    )
