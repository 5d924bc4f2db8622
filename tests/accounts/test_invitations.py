"""Invitations, further roles and the States of a coordinator."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from concord.accounts import actions
from concord.accounts.models import Membership, Person
from concord.accounts.states import PersonState
from concord.accounts.values import Invitation, Seating
from concord.actor import Role
from concord.audit import AuditEntry
from concord.errors import Conflict
from concord.jobs import Outbox
from concord.organizations.models import Organization
from concord.settings import Settings
from tests.conftest import NOW, Clock, SignIn
from tests.factories.accounts import account
from tests.factories.people import actor, member, organization, provider, secretariat


async def test_an_invitation_makes_a_person_a_seat_and_a_mail(sign_in: SignIn) -> None:
    browser = await sign_in(await member(Role.ADMIN))
    place = await organization(name="Illustrative Ministry")

    response = await browser.post("/admin/people", data=form(place, role="focal_point"))

    person = await Person.get(email="new@example.org")
    assert (response.status_code, response.headers["location"]) == (
        303,
        f"/admin/people/{person.id}",
    )
    seat = await Membership.get(person_id=person.id)
    assert (person.state, seat.role, seat.accreditation) == (
        PersonState.INVITED,
        Role.FOCAL_POINT,
        "nominated",
    )
    owed = await Outbox.get()
    assert (owed.payload["message"], owed.payload["person"]) == (
        "activation_invited",
        str(person.id),
    )
    entry = await AuditEntry.get(action="person.invited")
    assert entry.facts == {
        "membership": str(seat.id),
        "organization": str(place.id),
        "role_given": "focal_point",
    }


def form(place: Organization, **more: str) -> dict[str, str]:
    return {
        "email": "New@Example.org",
        "name": "New Person",
        "locale": "fr",
        "organization": str(place.id),
        "role": "drafter",
        **more,
    }


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"email": ""}, "email"),
        ({"name": ""}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"locale": "tlh"}, "locale"),
        ({"organization": "nonsense"}, "organization"),
        ({"organization": str(uuid4())}, "organization"),
        ({"role": "emperor"}, "role"),
        ({"role": "admin"}, "role"),
        ({"states": "ZZZ"}, "states"),
    ],
)
async def test_a_wrong_invitation_is_refused_and_kept(
    sign_in: SignIn, more: dict[str, str], field: str
) -> None:
    browser = await sign_in(await member(Role.ADMIN))
    place = await organization()

    response = await browser.post("/admin/people", data=form(place, **more))

    assert (response.status_code, f'href="#field-{field}"' in response.text) == (422, True)
    if "email" not in more:
        assert 'value="New@Example.org"' in response.text
    assert await Person.all().count() == 1
    assert await Outbox.all().count() == 0


async def test_a_providers_administrator_invites_to_the_own_provider_alone(
    sign_in: SignIn,
) -> None:
    place, other = await provider(), await provider()
    browser = await sign_in(await member(Role.PARTNER_ADMIN, place))

    answers = [
        await browser.post("/admin/people", data=form(at, role=role))
        for at, role in (
            (place, "partner_member"),
            (other, "partner_member"),
            (place, "donor"),
            (await secretariat(), "admin"),
        )
    ]

    assert [each.status_code for each in answers] == [303, 403, 403, 403]
    assert [seat.organization_id for seat in await Membership.filter(role="partner_member")] == [
        place.id
    ]


async def test_a_second_invitation_gives_a_further_role_and_no_second_account(
    database: None, clock: Clock
) -> None:
    admin = await actor(await member(Role.ADMIN))
    known = await member(Role.DRAFTER, await organization())
    email = (await Person.get(id=known.person_id)).email
    place = await provider()
    seat = Seating(organization_id=place.id, role=Role.PARTNER_ADMIN)
    values = Invitation(email=email, name="Another Name", seat=seat)

    person = await actions.invite(values, actor=admin, now=clock())

    assert (person.id, person.name != "Another Name") == (known.person_id, True)
    assert await Membership.filter(person_id=person.id).count() == 2
    assert await Outbox.all().count() == 0
    with pytest.raises(Conflict):
        await actions.invite(values, actor=admin, now=clock())


async def test_two_invitations_at_once_make_one_person(database: None) -> None:
    admin = await actor(await member(Role.ADMIN))
    places = [await provider() for _ in range(4)]

    people = await asyncio.gather(
        *(
            actions.invite(
                Invitation(
                    email="same@example.org",
                    name="Same Person",
                    seat=Seating(organization_id=place.id, role=Role.PARTNER_MEMBER),
                ),
                actor=admin,
                now=NOW,
            )
            for place in places
        )
    )

    assert len({person.id for person in people}) == 1
    assert await Membership.filter(person_id=people[0].id).count() == 4


async def test_who_left_is_invited_anew_by_an_administrator_alone(
    database: None, clock: Clock
) -> None:
    admin = await actor(await member(Role.ADMIN))
    place = await provider()
    keeper = await actor(await member(Role.PARTNER_ADMIN, place))
    gone = await member(Role.PARTNER_MEMBER, place)
    person = await Person.get(id=gone.person_id)
    await actions.deactivate(person, hand_over_to=None, actor=admin, now=clock())
    seat = Seating(organization_id=place.id, role=Role.PARTNER_MEMBER)
    values = Invitation(email=person.email, name="Back Again", seat=seat)

    with pytest.raises(Conflict):
        await actions.invite(values, actor=keeper, now=clock())
    back = await actions.invite(values, actor=admin, now=clock() + timedelta(days=1))

    assert (back.id, back.state, back.name) == (person.id, PersonState.INVITED, "Back Again")
    assert (await Membership.get(id=gone.id)).ended_at is None


async def test_a_coordinators_states_are_given_and_changed(sign_in: SignIn) -> None:
    browser = await sign_in(await member(Role.ADMIN))
    seat = await member(Role.COORDINATOR, states=("QMM",))
    path = f"/admin/people/{seat.person_id}/memberships/{seat.id}/states"

    changed = await browser.post(path, data={"states": ["QNN", "QMM"]})
    unknown = await browser.post(path, data={"states": ["ZZZ"]})

    assert (changed.status_code, unknown.status_code) == (303, 422)
    assert (await Membership.get(id=seat.id)).states == ["QMM", "QNN"]


async def test_only_who_lacks_something_gets_a_new_link(
    sign_in: SignIn, settings: Settings
) -> None:
    browser = await sign_in(await member(Role.ADMIN))
    ready, bare = await account(settings), await member(Role.AUDITOR)

    answers = [
        await browser.post(f"/admin/people/{person_id}/invitation")
        for person_id in (ready.person.id, bare.person_id)
    ]

    assert [each.status_code for each in answers] == [409, 303]
    assert [row.payload["person"] for row in await Outbox.all()] == [str(bare.person_id)]


async def test_a_further_role_is_given_once_and_a_wrong_one_is_refused_beside_its_field(
    sign_in: SignIn,
) -> None:
    browser = await sign_in(await member(Role.ADMIN))
    known, place = await member(Role.AUDITOR), await provider()
    path = f"/admin/people/{known.person_id}/memberships"
    form = {"organization": str(place.id), "role": "partner_member"}

    answers = [
        await browser.post(path, data=data)
        for data in (form | {"role": "focal_point"}, form, form)
    ]

    assert [each.status_code for each in answers] == [422, 303, 409]
    assert "This organization has no such role." in answers[0].text
    seats = await Membership.filter(person_id=known.person_id).order_by("created_at")
    assert [seat.role for seat in seats] == [Role.AUDITOR, Role.PARTNER_MEMBER]
