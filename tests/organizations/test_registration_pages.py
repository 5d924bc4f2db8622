"""Registration, profiles and entry by an administrator, in the browser."""

import re

import pytest

from concord.actor import Role
from concord.organizations.models import Organization
from tests.conftest import Client, SignIn
from tests.factories import people

pytestmark = pytest.mark.usefixtures("database")
REGISTRATION = {
    "kind": "academia",
    "name": "Illustrative Academy",
    "state": "QMM",
    "person_name": "New Administrator",
    "email": "new@example.org",
    "truthful": "yes",
}


def at(organization: Organization, *parts: str) -> str:
    return "/".join(("/organizations", organization.public_id, *parts))


async def test_registration_answers_the_same_for_known_and_unknown(client: Client) -> None:
    known = await people.member(Role.PARTNER_ADMIN, await people.provider("Known Academy"))
    await known.fetch_related("person")
    answers = []
    for email, name in (
        ("new@example.org", "Illustrative Academy"),
        ("new@example.org", "Illustrative Academy"),
        (known.person.email, "Another Academy"),
        ("other@example.org", "Known Academy"),
    ):
        sent = REGISTRATION | {"email": email, "name": name}
        answer = await client.post("/organizations/register", data=sent)
        answers.append((answer.status_code, answer.headers["location"], answer.text))

    assert set(answers) == {(303, "/organizations/register/done", "")}
    names = await Organization.filter(kind="academia").order_by("name").values_list("name")
    assert names == [("Illustrative Academy",), ("Known Academy",), ("Known Academy",)]
    thanks = await client.get("/organizations/register/done")
    assert "We have received what you entered." in thanks.text


async def test_registration_keeps_what_was_typed(client: Client) -> None:
    sent = REGISTRATION | {
        "name": "a\u202eb",
        "email": "nobody",
        "website": "javascript:alert(1)",
        "description": "<b>Kept</b>",
        "kind": "secretariat",
        "truthful": "",
    }
    answer = await client.post("/organizations/register", data=sent)

    assert answer.status_code == 422
    assert set(re.findall(r'id="error-(\w+)"', answer.text)) == {
        "kind",
        "name",
        "email",
        "website",
        "truthful",
    }
    assert "&lt;b&gt;Kept&lt;/b&gt;" in answer.text
    assert await Organization.all().count() == 0


async def test_registration_is_limited_by_address(client: Client) -> None:
    statuses = []
    for number in range(35):
        sent = REGISTRATION | {"email": f"n{number}@example.org"}
        statuses.append((await client.post("/organizations/register", data=sent)).status_code)

    assert 429 in statuses


async def test_a_profile_is_edited_and_a_stale_form_loses_nothing(sign_in: SignIn) -> None:
    provider = await people.provider("Old Name")
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, provider))
    sent = {"name": "New Name", "description": "What we do", "version": "1"}
    saved = await browser.post(at(provider, "profile"), data=sent)
    assert (saved.status_code, saved.headers["location"]) == (303, at(provider))

    stale = await browser.post(at(provider, "profile"), data=sent | {"name": "Typed Name"})
    assert stale.status_code == 409
    assert "Typed Name" in stale.text
    assert "New Name" in stale.text
    assert 'name="version" value="2"' in stale.text
    wrong = await browser.post(at(provider, "profile"), data={"name": "", "version": "2"})
    assert (wrong.status_code, "Error:" in wrong.text) == (422, True)


async def test_an_administrator_enters_a_state_authority(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.ADMIN))
    wrong = await browser.post(
        "/organizations/new", data={"kind": "state_authority", "name": "Office"}
    )
    assert (wrong.status_code, "Choose the State." in wrong.text) == (422, True)
    made = await browser.post(
        "/organizations/new", data={"kind": "state_authority", "name": "Office", "state": "QMM"}
    )
    entered = await Organization.get(name="Office")
    assert made.headers["location"] == at(entered)
    assert (await browser.get(at(entered))).status_code == 200
    other = await sign_in(await people.member(Role.COORDINATOR))
    assert (await other.get("/organizations/new")).status_code == 403
    answer = await other.post("/organizations/new", data={"kind": "academia", "name": "X"})
    assert answer.status_code == 403


async def test_the_public_signs_in_first(client: Client) -> None:
    for address in ("/organizations", "/acts-on-behalf", "/admin/code-lists", "/attachments/x"):
        answer = await client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/sign-in?next={address}",
        )
