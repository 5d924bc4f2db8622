"""What handlers of this area share: who asks, what was typed, and one organization."""

from starlette.requests import Request

from concord.actor import Actor
from concord.organizations.models import Organization
from concord.organizations.queries import organization_for
from concord.reference.identifiers import normalized_public_id
from concord.reference.queries import code_lists
from concord.web.forms import fields

Typed = dict[str, str]


def actor_of(request: Request) -> Actor:
    found: Actor = request.state.actor
    return found


async def asked_organization(request: Request) -> Organization:
    """The organization of the address, in whatever way its id was written; NotFound if unseen."""
    typed = request.path_params["organization"]
    return await organization_for(actor_of(request), normalized_public_id(typed) or typed)


async def typed_text(request: Request) -> Typed:
    """The first value of each field, to be shown again."""
    if request.method != "POST":
        return {}
    return {name: values[0] for name, values in (await fields(request)).items() if values}


async def state_codes() -> list[str]:
    return list((await code_lists()).states)


def address_of(organization: Organization, *parts: str) -> str:
    return "/".join(("/organizations", organization.public_id, *parts))
