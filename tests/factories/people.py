"""Organizations, people and the actors they are."""

import itertools
from dataclasses import replace

from concord.accounts.models import Membership, Person
from concord.accounts.states import PersonState
from concord.actor import FOCAL_POINTS, Actor, Role
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from concord.reference.identifiers import new_public_id
from tests.factories.history import set_down

_numbers = itertools.count(1)


async def organization(
    kind: OrganizationKind = OrganizationKind.STATE_AUTHORITY,
    *,
    state: str | None = "QMM",
    name: str = "",
    verification: Verification = Verification.VERIFIED,
) -> Organization:
    name = name or f"Illustrative Organization {next(_numbers)}"
    return await Organization.create(
        public_id=new_public_id("ORG"),
        name=name,
        name_key=name.lower(),
        kind=kind,
        state_id=state,
        verification=verification,
    )


async def provider(
    name: str = "", *, kind: OrganizationKind = OrganizationKind.ACADEMIA
) -> Organization:
    """A verified provider."""
    return await organization(kind, state=None, name=name)


async def secretariat() -> Organization:
    found = await Organization.get_or_none(name_key="unodc")
    return found or await organization(OrganizationKind.SECRETARIAT, state=None, name="UNODC")


async def member(
    role: Role,
    at: Organization | None = None,
    *,
    states: tuple[str, ...] = (),
    accreditation: str = "accredited",
    locale: str = "en",
) -> Membership:
    """An active person with one membership; UNODC roles are at UNODC.

    A focal point sits at the one office of its State, wherever else `at` is.
    """
    if at is not None and role in FOCAL_POINTS:
        at = await office(at.state_id) or at
    number = next(_numbers)
    person = await Person.create(
        email=f"person{number}@example.org",
        name=f"Person {number}",
        locale=locale,
        state=PersonState.ACTIVE,
    )
    made = await Membership.create(
        person=person,
        organization=at or await secretariat(),
        role=role,
        states=list(states),
        accreditation="nominated" if role in FOCAL_POINTS else "accredited",
    )
    if made.accreditation != accreditation:
        await set_down(made, accreditation=accreditation)
    return made


async def office(state: str | None) -> Organization | None:
    """Where the focal points of a State are."""
    found = await Membership.filter(
        role__in=sorted(FOCAL_POINTS), ended_at=None, organization__state_id=state
    ).select_related("organization")
    return found[0].organization if found else None


async def actor(membership: Membership) -> Actor:
    """The actor that a session of this membership would load."""
    await membership.fetch_related("person", "organization")
    place = membership.organization
    found = Actor(
        person_id=membership.person_id,
        name=membership.person.name,
        role=membership.role,
        membership_id=membership.id,
        organization_id=place.id,
        organization_name=place.name,
        organization_kind=place.kind.value,
        organization_verified=place.verification is Verification.VERIFIED,
        states=frozenset(membership.states),
        accredited=membership.accreditation == "accredited",
        locale=membership.person.locale,
    )
    if found.is_state:
        return replace(found, state=place.state_id)
    return found


async def focal_point(state: str = "QMM") -> Actor:
    return await actor(await member(Role.FOCAL_POINT, await organization(state=state)))


async def coordinator(*states: str) -> Actor:
    return await actor(await member(Role.COORDINATOR, states=states))


async def approver() -> Actor:
    return await actor(await member(Role.APPROVER))


async def partner_admin(of: Organization | None = None) -> Actor:
    return await actor(await member(Role.PARTNER_ADMIN, of or await provider()))
