"""The people of the platform: who sees whom, and the list."""

import csv
from uuid import uuid4

import pytest

from concord.accounts.models import Membership, Person
from concord.accounts.states import PersonState
from concord.actor import STATE_ROLES, Role
from concord.reference.queries import code_lists
from tests.conftest import Client, SignIn
from tests.counting import counted_queries
from tests.factories.people import member, organization, provider, secretariat
from tests.sheets import lines_of

GET_PAGES = ("/admin/people", "/admin/people/new", "/admin/people/{person}")
COMMANDS = ("invitation", "second-factor-reset", "memberships", "deactivation")


async def seated(role: Role) -> Membership:
    """Somebody of that role at a place that has it."""
    if role in STATE_ROLES or role is Role.DONOR:
        return await member(role, await organization())
    if role in {Role.PARTNER_ADMIN, Role.PARTNER_MEMBER}:
        return await member(role, await provider())
    return await member(role)


@pytest.mark.parametrize("role", list(Role))
async def test_pages_open_to_keepers_alone(sign_in: SignIn, role: Role) -> None:
    browser = await sign_in(await seated(role))
    other = await member(Role.OBSERVER, await organization(name="Illustrative Registry"))
    pages = [path.format(person=other.person_id) for path in GET_PAGES]

    answers = [await browser.get(path) for path in pages]
    commands = [await browser.post(f"/admin/people/{other.person_id}/{verb}") for verb in COMMANDS]

    expected = {
        Role.ADMIN: ([200, 200, 200], [303, 303, 422, 303]),
        Role.PARTNER_ADMIN: ([200, 200, 404], [404, 403, 404, 403]),
    }.get(role, ([403, 403, 403], [403, 403, 403, 403]))
    assert ([a.status_code for a in answers], [c.status_code for c in commands]) == expected
    if role is not Role.ADMIN:
        assert all("Illustrative Registry" not in answer.text for answer in answers)
        assert (await Person.get(id=other.person_id)).state is PersonState.ACTIVE


async def test_nobody_signed_in_is_led_to_sign_in(client: Client) -> None:
    response = await client.get("/admin/people")

    assert (response.status_code, response.headers["location"]) == (
        303,
        "/sign-in?next=/admin/people",
    )


async def test_a_providers_administrator_sees_the_providers_people_alone(
    sign_in: SignIn,
) -> None:
    place = await provider(name="Illustrative Academy")
    keeper, colleague = (
        await member(Role.PARTNER_ADMIN, place),
        await member(Role.PARTNER_MEMBER, place),
    )
    foreign = await member(Role.PARTNER_MEMBER, await provider(name="Other Academy"))
    await Membership.create(
        person_id=colleague.person_id, organization=await secretariat(), role=Role.AUDITOR
    )
    browser = await sign_in(keeper)

    listed = (await browser.get("/admin/people")).text
    shown = (await browser.get(f"/admin/people/{colleague.person_id}")).text

    assert f"/admin/people/{colleague.person_id}" in listed
    assert f"/admin/people/{foreign.person_id}" not in listed
    assert "Auditor" not in listed.split('id="main"')[1]
    assert "Auditor" not in shown.split('id="main"')[1].split('id="further-role"')[0]
    hidden = await browser.get(f"/admin/people/{foreign.person_id}")
    unknown = await browser.get(f"/admin/people/{uuid4()}")
    assert (hidden.status_code, unknown.status_code) == (404, 404)


async def test_list_is_searched_filtered_sorted_and_paged(sign_in: SignIn) -> None:
    admin = await member(Role.ADMIN)
    place = await organization(name="Illustrative Harbour Office")
    for number in range(30):
        seat = await member(Role.DRAFTER, place)
        await Person.filter(id=seat.person_id).update(name=f"Drafter {number:02}")
    browser = await sign_in(admin)

    found = (await browser.get("/admin/people?q=harbour&sort=-name")).text
    second = (await browser.get("/admin/people?q=harbour&sort=-name&page=2")).text
    none = (await browser.get("/admin/people?q=nobody+like+this")).text
    closed = (await browser.get("/admin/people?state=deactivated&role=drafter")).text

    assert "30 results" in found
    assert found.index("Drafter 29") < found.index("Drafter 05")
    assert ("Drafter 04" in found, "Drafter 04" in second) == (False, True)
    assert "Nobody fits" in none
    assert "Nobody fits" in closed
    assert (await browser.get("/admin/people?sort=nonsense&page=x&q=%00")).status_code == 200


async def test_csv_holds_the_same_filter_and_no_formula(sign_in: SignIn) -> None:
    browser = await sign_in(await member(Role.ADMIN))
    seat = await member(Role.DRAFTER, await organization(name="Illustrative Office"))
    await Person.filter(id=seat.person_id).update(name="=cmd()", email="drafter@example.org")

    response = await browser.get("/admin/people?role=drafter&format=csv")

    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    header, *rows = list(csv.reader(lines_of(response.text)))
    assert header[:3] == ["name", "email", "status"]
    assert [row[:5] for row in rows] == [
        ["'=cmd()", "drafter@example.org", "active", "drafter", "Illustrative Office"]
    ]


@pytest.mark.parametrize("rows", [1, 3])
async def test_pages_cost_the_same_queries_for_any_number_of_people(
    sign_in: SignIn, rows: int
) -> None:
    browser = await sign_in(await member(Role.ADMIN))
    seats = [await member(Role.DRAFTER, await organization()) for _ in range(rows)]

    await code_lists()  # kept in memory between requests
    with counted_queries() as listed:
        assert (await browser.get("/admin/people?role=drafter")).status_code == 200
    with counted_queries() as shown:
        assert (await browser.get(f"/admin/people/{seats[0].person_id}")).status_code == 200

    assert (len(listed), len(shown)) == (4, 6)
