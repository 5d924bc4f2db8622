"""One actor of every kind, and some whose seats differ in nothing but where they are."""

from dataclasses import dataclass, replace
from uuid import UUID

from concord.actor import CLOCK, PUBLIC, Actor, Role
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from tests.factories import people
from tests.factories.people import actor, member, organization, provider

STATES = ("QMM", "QNN", "QPP")


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody by what they are, and the places where they are it."""

    actors: dict[str, Actor]
    authorities: list[Organization]
    providers: list[Organization]

    @property
    def people(self) -> list[UUID]:
        return sorted({one.person_id for one in self.actors.values() if one.person_id})


async def crowd() -> Crowd:
    offices = {state: await organization(state=state) for state in STATES}
    ministry = await organization(state="QMM")
    providers = [
        await provider("Verified"),
        await provider("Other"),
        await organization(
            OrganizationKind.ACADEMIA, state=None, verification=Verification.SUSPENDED
        ),
        await organization(OrganizationKind.STATE, state="QPP"),
    ]
    found = await _of_states(offices, ministry)
    for place in providers:
        found[f"admin of {place.name}"] = await people.partner_admin(place)
    found["member of Verified"] = await actor(await member(Role.PARTNER_MEMBER, providers[0]))
    found["coordinator of all"] = await people.coordinator()
    found["coordinator of QMM"] = await people.coordinator("QMM")
    found["coordinator of QNN and QPP"] = await people.coordinator("QNN", "QPP")
    for role in (Role.APPROVER, Role.DUE_DILIGENCE, Role.AUDITOR, Role.ADMIN):
        found[role.value] = await actor(await member(role))
    found["another approver"] = await people.approver()
    found["donor"] = await actor(await member(Role.DONOR, providers[1]))
    found["without a seat"] = replace(found["donor"], role=None, organization_id=None)
    found["nobody"] = PUBLIC
    found["clock"] = CLOCK
    return Crowd(found, [*offices.values(), ministry], providers)


async def _of_states(offices: dict[str, Organization], ministry: Organization) -> dict[str, Actor]:
    home = offices["QMM"]
    found = {
        f"focal point of {state}": await people.actor(await member(Role.FOCAL_POINT, place))
        for state, place in offices.items()
    }
    found["alternate"] = await actor(await member(Role.ALTERNATE, home))
    found["nominee"] = await actor(await member(Role.ALTERNATE, home, accreditation="nominated"))
    found["observer"] = await actor(await member(Role.OBSERVER, ministry))
    found["drafter"] = await actor(await member(Role.DRAFTER, home))
    found["drafter of the ministry"] = await actor(await member(Role.DRAFTER, ministry))
    return found
