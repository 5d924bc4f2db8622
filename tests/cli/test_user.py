"""People invited from the command line: the first administrator, above all."""

import pytest

from concord.accounts.actors import actor_named
from concord.accounts.models import Membership, Person, Token
from concord.accounts.secrets import digest
from concord.accounts.states import PersonState
from concord.actor import Role
from concord.audit import AuditEntry
from concord.cli.actors import operator
from concord.cli.user import bring_in
from concord.errors import Conflict, InvalidInput, NotFound
from concord.inputs import Reader
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind
from tests.conftest import NOW
from tests.factories import people

OPERATOR = operator(Role.ADMIN)


def given(**more: str) -> Reader:
    typed = {"email": "First@Example.org", "name": "First Administrator", "locale": "en"} | more
    return Reader({name: [value] for name, value in typed.items()})


async def test_first_administrator_gets_a_link_and_a_secretariat(database: None) -> None:
    token = await bring_in(given(), Role.ADMIN, "UNODC", actor=OPERATOR, now=NOW)

    person = await Person.get(email="first@example.org")
    seat = await Membership.get(person_id=person.id).select_related("organization")
    link = await Token.get(digest=digest(token))
    entry = await AuditEntry.get(subject_id=person.id)
    assert (person.state, seat.role) == (PersonState.INVITED, Role.ADMIN)
    assert (seat.organization.name, seat.organization.kind) == (
        "UNODC",
        OrganizationKind.SECRETARIAT,
    )
    assert (link.person_id, link.used_at) == (person.id, None)
    assert (entry.person_id, entry.role) == (None, "admin")


async def test_second_person_joins_the_one_secretariat(database: None) -> None:
    await bring_in(given(), Role.ADMIN, "UNODC", actor=OPERATOR, now=NOW)

    second = given(email="second@example.org", states="qmm, QNN")
    await bring_in(second, Role.COORDINATOR, "", actor=OPERATOR, now=NOW)

    seat = await Membership.get(person__email="second@example.org")
    assert seat.states == ["QMM", "QNN"]
    assert await Organization.all().count() == 1


async def test_active_person_gets_the_role_and_no_link(database: None) -> None:
    seat = await people.member(Role.COORDINATOR)
    person = await Person.get(id=seat.person_id)

    token = await bring_in(given(email=person.email), Role.ADMIN, "", actor=OPERATOR, now=NOW)

    assert token == ""
    assert await Membership.filter(person_id=person.id).count() == 2


@pytest.mark.parametrize(
    ("typed", "organization", "field"),
    [
        ({"email": "nobody"}, "UNODC", "email"),
        ({"name": ""}, "UNODC", "name"),
        ({"locale": "tlh"}, "UNODC", "locale"),
        ({"states": "ZZZ"}, "UNODC", "states"),
        ({}, "", "organization"),
        ({}, "ORG-0000-00", "organization"),
    ],
)
async def test_mistakes_are_named(
    database: None, typed: dict[str, str], organization: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await bring_in(given(**typed), Role.ADMIN, organization, actor=OPERATOR, now=NOW)

    assert list(refused.value.fields) == [field]
    assert await Person.all().count() == 0


async def test_role_must_fit_the_organization(database: None) -> None:
    place = await people.provider("Illustrative Institute")

    with pytest.raises(InvalidInput):
        await bring_in(given(), Role.FOCAL_POINT, place.public_id, actor=OPERATOR, now=NOW)


async def test_same_role_twice_is_refused(database: None) -> None:
    await bring_in(given(), Role.ADMIN, "UNODC", actor=OPERATOR, now=NOW)

    with pytest.raises(Conflict):
        await bring_in(given(), Role.ADMIN, "UNODC", actor=OPERATOR, now=NOW)


async def test_actor_is_who_the_address_names_in_a_fitting_seat(database: None) -> None:
    seat = await people.member(Role.COORDINATOR, states=("QMM",))
    person = await Person.get(id=seat.person_id)

    found = await actor_named(person.email.upper(), roles={Role.COORDINATOR})

    assert found.person_id == person.id
    assert found.states == {"QMM"}
    with pytest.raises(NotFound):
        await actor_named(person.email, roles={Role.APPROVER})
