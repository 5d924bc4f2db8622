"""A forgotten password: one answer for all, a link for an hour, the second factor kept."""

import asyncio

from starlette.applications import Starlette

from concord.accounts.limits import RESET_ACCOUNT
from concord.accounts.models import Person, Session, Token
from concord.accounts.states import PersonState, TokenPurpose
from concord.actor import Role
from concord.audit import AuditEntry
from concord.jobs import Outbox
from concord.settings import Settings
from tests.conftest import Client, Clock, SignIn, new_client
from tests.factories import people
from tests.factories.accounts import Account, account, mailed_token

NEW = "eleven slow trams at dusk"
FORM = {"password": NEW, "password_again": NEW}


async def asked(client: Client, known: Account) -> str:
    response = await client.post("/password/forgotten", data={"email": known.email})
    assert response.status_code == 200
    return await mailed_token(known.person, "password_reset_asked")


async def test_the_answer_is_the_same_for_every_address(
    client: Client, settings: Settings
) -> None:
    known, invited = await account(settings), await account(settings)
    await Person.filter(id=invited.person.id).update(state=PersonState.INVITED)
    addresses = (known.email, invited.email, "nobody@example.org")

    answers = [
        await client.post("/password/forgotten", data={"email": email}) for email in addresses
    ]

    bodies = {
        answer.text.replace(email, "").split('id="main"')[1].split("</main>")[0]
        for answer, email in zip(answers, addresses, strict=True)
    }
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(bodies) == 1
    assert [row.payload["person"] for row in await Outbox.all()] == [str(known.person.id)]


async def test_what_is_no_address_is_asked_again(client: Client) -> None:
    response = await client.post("/password/forgotten", data={"email": "not an address"})

    assert (response.status_code, "Enter an e-mail address" in response.text) == (422, True)


async def test_a_link_changes_the_password_once_and_ends_every_session(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    await client.post("/sign-in", data=known.form(clock()))
    client.cookies.clear()
    token = await asked(client, known)
    assert (await client.get(f"/password/reset/{token}")).status_code == 200

    done = await client.post(f"/password/reset/{token}", data=FORM)

    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    assert (await client.post(f"/password/reset/{token}", data=FORM)).status_code == 410
    assert (await Session.get()).ended_at == clock()
    kinds = [row.payload["message"] for row in await Outbox.all().order_by("id")]
    assert kinds == ["password_reset_asked", "password_changed"]
    assert [row.action for row in await AuditEntry.all().order_by("seq")] == [
        "person.signed_in",
        "person.password_reset_asked",
        "person.password_reset",
    ]


async def test_the_trail_never_holds_a_name(
    client: Client, settings: Settings, sign_in: SignIn
) -> None:
    """Nor does a long one stand in the way, or an entry without a role in that of auditors."""
    known = await account(settings)
    name = "Someone With A Very Long Name Indeed"
    await Person.filter(id=known.person.id).update(name=name)
    token = await asked(client, known)

    done = await client.post(f"/password/reset/{token}", data=FORM)

    assert done.status_code == 303
    entry = await AuditEntry.get(action="person.password_reset")
    assert (entry.person_id, entry.role) == (known.person.id, None)
    auditor = await sign_in(await people.member(Role.AUDITOR))
    page = await auditor.get("/audit")
    assert (page.status_code, name in page.text) == (200, False)


async def test_the_second_factor_is_still_asked_for(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    token = await asked(client, known)
    await client.post(f"/password/reset/{token}", data=FORM)
    form = known.form(clock(), password=NEW)

    without = await client.post("/sign-in", data=form | {"code": ""})

    assert without.status_code == 422
    assert (await client.post("/sign-in", data=form)).status_code == 303


async def test_a_link_ends_after_an_hour(client: Client, settings: Settings, clock: Clock) -> None:
    token = await asked(client, await account(settings))

    clock.forward(minutes=60)

    assert (await client.get(f"/password/reset/{token}")).status_code == 410
    assert (await client.post(f"/password/reset/{token}", data=FORM)).status_code == 410


async def test_a_newer_link_ends_the_older(client: Client, settings: Settings) -> None:
    known = await account(settings)
    older, newer = await asked(client, known), await asked(client, known)

    answers = [await client.get(f"/password/reset/{token}") for token in (older, newer)]

    assert [answer.status_code for answer in answers] == [410, 200]


async def test_a_refused_password_leaves_the_link_open(client: Client, settings: Settings) -> None:
    known = await account(settings)
    token = await asked(client, known)
    weak = {"password": "password1234", "password_again": "password1234"}

    refused = await client.post(f"/password/reset/{token}", data=weak)

    assert (refused.status_code, "easy to guess" in refused.text) == (422, True)
    assert (await client.post(f"/password/reset/{token}", data=FORM)).status_code == 303


async def test_two_at_once_change_it_once(
    app: Starlette, client: Client, settings: Settings
) -> None:
    token = await asked(client, await account(settings))

    async def change() -> int:
        async with new_client(app) as browser:
            return (await browser.post(f"/password/reset/{token}", data=FORM)).status_code

    assert sorted(await asyncio.gather(change(), change(), change())) == [303, 410, 410]


async def test_a_link_for_one_purpose_opens_no_other_page(
    client: Client, settings: Settings
) -> None:
    token = await asked(client, await account(settings))

    assert (await client.get(f"/activate/{token}")).status_code == 410
    assert (await Token.get()).purpose is TokenPurpose.RESET


async def test_links_for_one_account_are_few_an_hour(client: Client, settings: Settings) -> None:
    known = await account(settings)
    for _ in range(RESET_ACCOUNT.amount):
        await asked(client, known)

    response = await client.post("/password/forgotten", data={"email": known.email})

    assert response.status_code == 429
    assert int(response.headers["retry-after"]) > 0
    assert await Token.all().count() == RESET_ACCOUNT.amount
