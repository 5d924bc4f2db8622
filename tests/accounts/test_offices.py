"""One office speaks for a State: the form says so, and the database insists."""

import asyncio

import pytest
from tortoise.exceptions import IntegrityError

from concord.accounts import actions
from concord.accounts.models import Membership, Person
from concord.accounts.values import Invitation, Seating
from concord.actor import Actor, Role
from concord.database import refused_by
from concord.errors import InvalidInput
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind
from tests.conftest import NOW, SignIn
from tests.factories.people import actor, member, organization

pytestmark = pytest.mark.usefixtures("database")
REFUSED = "The focal points of this State are at another office."


async def admin() -> Actor:
    return await actor(await member(Role.ADMIN))


async def invite(place: Organization, role: Role, email: str, by: Actor) -> Person:
    seat = Seating(organization_id=place.id, role=role)
    return await actions.invite(Invitation(email=email, name="New", seat=seat), actor=by, now=NOW)


async def test_an_administrator_invites_focal_points_to_the_one_office() -> None:
    office, other = await organization(name="Illustrative Office"), await organization()
    by = await admin()
    await invite(office, Role.FOCAL_POINT, "one@example.org", by)

    for role in (Role.FOCAL_POINT, Role.ALTERNATE):
        with pytest.raises(InvalidInput) as refused:
            await invite(other, role, "two@example.org", by)
        assert "“Illustrative Office”" in refused.value.fields["organization"]
    await invite(office, Role.ALTERNATE, "two@example.org", by)
    await invite(other, Role.DRAFTER, "three@example.org", by)
    await invite(await organization(state="QNN"), Role.FOCAL_POINT, "four@example.org", by)
    assert await Membership.filter(role__in=[Role.FOCAL_POINT, Role.ALTERNATE]).count() == 3


async def test_the_form_says_where_the_office_is(sign_in: SignIn) -> None:
    browser = await sign_in(await member(Role.ADMIN))
    await member(Role.FOCAL_POINT, await organization(name="Illustrative Office"))
    other = await organization()
    answer = await browser.post(
        "/admin/people",
        data={
            "email": "new@example.org",
            "name": "KEEPME",
            "locale": "en",
            "organization": str(other.id),
            "role": "focal_point",
            "idempotency_key": "1",
        },
    )
    assert answer.status_code == 422
    assert "Illustrative Office" in answer.text
    assert "KEEPME" in answer.text


async def test_the_office_moves_once_nobody_speaks_there_any_longer() -> None:
    office, other = await organization(), await organization()
    seat = await member(Role.FOCAL_POINT, office)
    await Membership.filter(id=seat.id).update(ended_at=NOW)

    await invite(other, Role.FOCAL_POINT, "new@example.org", await admin())
    with pytest.raises(IntegrityError) as refused:
        await Membership.filter(id=seat.id).update(accreditation="nominated", ended_at=None)
    assert refused_by(refused.value) == REFUSED


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.ALTERNATE])
async def test_the_database_refuses_a_second_office(role: Role) -> None:
    seat = await member(Role.FOCAL_POINT, await organization())
    other = await organization()
    person = await Person.create(email="new@example.org", name="New")
    drafter = await member(Role.DRAFTER, other)
    with pytest.raises(IntegrityError) as refused:
        await Membership.create(
            person=person, organization=other, role=role, accreditation="nominated"
        )
    assert refused_by(refused.value) == REFUSED
    with pytest.raises(IntegrityError):
        await Membership.filter(id=drafter.id).update(role=role)
    await Membership.filter(id=seat.id).update(organization_id=other.id)
    provider = await organization(OrganizationKind.STATE)
    await Membership.create(person=person, organization=provider, role=Role.PARTNER_ADMIN)


async def test_of_two_offices_at_once_one_is_opened() -> None:
    by = await admin()
    places = [await organization() for _ in range(6)]
    found = await asyncio.gather(
        *(
            invite(place, Role.FOCAL_POINT, f"person{number}@example.net", by)
            for number, place in enumerate(places)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Person) for each in found) == 1
    assert all(isinstance(each, Person | InvalidInput | IntegrityError) for each in found)
    assert await Membership.filter(role=Role.FOCAL_POINT).count() == 1
