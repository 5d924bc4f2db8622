"""The visitors of the matrix: every role, on each side of a case."""

from dataclasses import dataclass

from concord.accounts.models import Membership
from concord.actor import Actor, Role
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind
from tests.factories import people

VISITORS = {
    "pub": "not signed in",
    "foc": "focal point of the requesting State QM",
    "alt": "its alternate",
    "dra": "drafter of the authority that filed",
    "dr2": "drafter of another authority of QM",
    "obs": "observer of QM",
    "foN": "focal point of the other State QN",
    "adm": "administrator of the provider in the matches",
    "mem": "member of the provider in the matches",
    "ad2": "administrator of another verified provider",
    "me2": "member of another verified provider",
    "coM": "coordinator of QM, who proposed",
    "coN": "coordinator of QN alone",
    "co*": "coordinator named on the sealed request",
    "app": "an approver",
    "ap*": "the approver named on the sealed request",
    "dil": "due diligence officer",
    "aud": "auditor",
    "sys": "administrator of the platform",
    "don": "donor",
}
"""Every visitor by the name of its column, and who that is."""


@dataclass(frozen=True, slots=True)
class Company:
    """The visitors' memberships, as actors too, and where they sit."""

    memberships: dict[str, Membership]
    actors: dict[str, Actor]
    office: Organization
    police: Organization
    provider: Organization
    other_provider: Organization
    donor: Organization


async def company() -> Company:
    """One person a visitor."""
    office = await people.organization(state="QMM", name="Office of QM (illustrative)")
    police = await people.organization(state="QMM", name="Police of QM (illustrative)")
    abroad = await people.organization(state="QNN", name="Office of QN (illustrative)")
    provider = await people.provider("Provider in the matches (illustrative)")
    other = await people.provider("Another provider (illustrative)")
    donor = await people.provider("A donor (illustrative)", kind=OrganizationKind.PRIVATE_SECTOR)
    member = people.member
    found = {
        "foc": await member(Role.FOCAL_POINT, office),
        "alt": await member(Role.ALTERNATE, office),
        "dra": await member(Role.DRAFTER, office),
        "dr2": await member(Role.DRAFTER, police),
        "obs": await member(Role.OBSERVER, office),
        "foN": await member(Role.FOCAL_POINT, abroad),
        "adm": await member(Role.PARTNER_ADMIN, provider),
        "mem": await member(Role.PARTNER_MEMBER, provider),
        "ad2": await member(Role.PARTNER_ADMIN, other),
        "me2": await member(Role.PARTNER_MEMBER, other),
        "coM": await member(Role.COORDINATOR, states=("QMM",)),
        "coN": await member(Role.COORDINATOR, states=("QNN",)),
        "co*": await member(Role.COORDINATOR, states=("QMM",)),
        "app": await member(Role.APPROVER),
        "ap*": await member(Role.APPROVER),
        "dil": await member(Role.DUE_DILIGENCE),
        "aud": await member(Role.AUDITOR),
        "sys": await member(Role.ADMIN),
        "don": await member(Role.DONOR, donor),
    }
    actors = {name: await people.actor(one) for name, one in found.items()}
    return Company(found, actors, office, police, provider, other, donor)
