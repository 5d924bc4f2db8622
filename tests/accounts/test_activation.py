"""Activation links: an account is set up once, or its second factor anew."""

import asyncio
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from concord.accounts import actions, authenticator
from concord.accounts.models import Person, RecoveryCode, Session, Token
from concord.accounts.secrets import digest
from concord.accounts.states import PersonState
from concord.accounts.values import Invitation, Seating
from concord.actor import CLOCK, Role
from concord.audit import AuditEntry
from concord.jobs import Outbox
from concord.settings import Settings
from tests.conftest import Client, Clock, new_client
from tests.factories.accounts import PASSWORD, account, keys, mailed_token
from tests.factories.people import actor, member, provider

ENDED = "This link no longer works"


async def invited(clock: Clock, *, name: str = "Ada Illustrative") -> tuple[Person, str]:
    seat = Seating(organization_id=(await provider()).id, role=Role.PARTNER_ADMIN)
    values = Invitation(email="ada@example.org", name=name, seat=seat)
    person = await actions.admit(values, actor=CLOCK, now=clock())
    return person, await mailed_token(person)


def typed(token: str, settings: Settings, clock: Clock, **more: str) -> dict[str, str]:
    secret = keys(settings).enrolment_secret(token)
    return {
        "password": PASSWORD,
        "password_again": PASSWORD,
        "code": authenticator.code_at(secret, now=clock()),
        **more,
    }


async def test_page_shows_the_same_secret_each_time_and_writes_nothing(
    client: Client, settings: Settings, clock: Clock
) -> None:
    person, token = await invited(clock)

    pages = [await client.get(f"/activate/{token}") for _ in range(2)]

    secret = authenticator.grouped(keys(settings).enrolment_secret(token))
    assert [(page.status_code, secret in page.text) for page in pages] == [(200, True)] * 2
    assert '<svg width="' in pages[0].text
    assert "style=" not in pages[0].text
    stored = await Person.get(id=person.id)
    assert (stored.totp_secret, stored.state) == (None, PersonState.INVITED)


async def test_activation_signs_in_and_shows_ten_recovery_codes_once(
    client: Client, settings: Settings, clock: Clock
) -> None:
    person, token = await invited(clock)

    response = await client.post(f"/activate/{token}", data=typed(token, settings, clock))

    assert response.status_code == 200
    assert response.text.count("<li><code>") == 10
    stored = await Person.get(id=person.id)
    assert (stored.state, stored.activated_at) == (PersonState.ACTIVE, clock())
    assert stored.totp_secret is not None
    secret = keys(settings).enrolment_secret(token)
    assert secret not in stored.totp_secret
    assert keys(settings).decrypt(stored.totp_secret, owner=person.id) == secret
    assert await RecoveryCode.filter(person_id=person.id).count() == 10
    assert (await client.get("/account")).status_code == 200
    assert (await AuditEntry.get(action="person.activated")).subject_id == person.id


async def test_page_after_activation_has_the_new_sessions_form_token(
    client: Client, settings: Settings, clock: Clock
) -> None:
    person, token = await invited(clock)

    response = await client.post(f"/activate/{token}", data=typed(token, settings, clock))

    session = await Session.get(person_id=person.id)
    assert f'value="{session.csrf_token}"' in response.text
    out = await client.post("/sign-out", data={"csrf_token": session.csrf_token})
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")


async def test_link_works_once(client: Client, settings: Settings, clock: Clock) -> None:
    _, token = await invited(clock)
    form = typed(token, settings, clock)
    assert (await client.post(f"/activate/{token}", data=form)).status_code == 200
    client.cookies.clear()

    answers = [await client.get(f"/activate/{token}"), await client.post(f"/activate/{token}")]

    assert [(each.status_code, ENDED in each.text) for each in answers] == [(410, True)] * 2


async def test_two_at_once_activate_once(app: Starlette, settings: Settings, clock: Clock) -> None:
    person, token = await invited(clock)
    form = typed(token, settings, clock)

    async def try_it() -> int:
        async with new_client(app) as browser:
            return (await browser.post(f"/activate/{token}", data=form)).status_code

    assert sorted(await asyncio.gather(*(try_it() for _ in range(4)))) == [200, 410, 410, 410]
    assert await Session.filter(person_id=person.id).count() == 1


async def test_link_ends_after_ten_days(client: Client, settings: Settings, clock: Clock) -> None:
    _, token = await invited(clock)
    clock.forward(days=10, seconds=-1)
    assert (await client.get(f"/activate/{token}")).status_code == 200

    clock.forward(seconds=1)

    assert (await client.get(f"/activate/{token}")).status_code == 410
    form = typed(token, settings, clock)
    assert (await client.post(f"/activate/{token}", data=form)).status_code == 410


async def test_a_new_invitation_ends_the_old_link(client: Client, clock: Clock) -> None:
    person, token = await invited(clock)
    admin = await actor(await member(Role.ADMIN))

    await actions.resend_invitation(person, actor=admin, now=clock.forward(days=9))

    newer = await mailed_token(person)
    assert newer != token
    assert (await client.get(f"/activate/{token}")).status_code == 410
    assert (await client.get(f"/activate/{newer}")).status_code == 200


async def test_only_the_digest_of_a_link_is_stored(database: None, clock: Clock) -> None:
    _, token = await invited(clock)

    link = await Token.get()

    assert link.digest == digest(token)
    assert link.expires_at == clock() + timedelta(days=10)


@pytest.mark.parametrize(
    ("more", "field", "message"),
    [
        ({"code": "123456"}, "code", "This is not the code"),
        ({"code": ""}, "code", "Enter a value."),
        ({"password_again": "something else here"}, "password_again", "The two passwords differ."),
        ({"password": "short", "password_again": "short"}, "password", "Use at least 12"),
        (
            {"password": "qwertyuiop123", "password_again": "qwertyuiop123"},
            "password",
            "easy to guess",
        ),
        (
            {"password": "illustrative river 9", "password_again": "illustrative river 9"},
            "password",
            "Leave your e-mail address and name out",
        ),
    ],
)
async def test_what_does_not_fit_is_said_beside_its_field_and_the_link_stays(
    client: Client,
    settings: Settings,
    clock: Clock,
    more: dict[str, str],
    field: str,
    message: str,
) -> None:
    _, token = await invited(clock)

    response = await client.post(f"/activate/{token}", data=typed(token, settings, clock, **more))

    assert response.status_code == 422
    assert f'href="#field-{field}"' in response.text
    assert message in response.text
    assert (await client.get(f"/activate/{token}")).status_code == 200


async def test_hostile_name_is_shown_as_text(client: Client, clock: Clock) -> None:
    _, token = await invited(clock, name='<script>alert(1)</script>"')

    page = await client.get(f"/activate/{token}")

    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


async def test_a_reset_second_factor_is_set_up_anew_with_the_present_password(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    admin = await actor(await member(Role.ADMIN))
    await client.post("/sign-in", data=known.form(clock()))

    await actions.reset_second_factor(known.person, actor=admin, now=clock())

    signed_in = await client.get("/account")
    assert (signed_in.status_code, "/sign-in" in signed_in.headers["location"]) == (303, True)
    assert (await client.post("/sign-in", data=known.form(clock()))).status_code == 422
    token = await mailed_token(known.person)
    wrong = typed(token, settings, clock, password="not the present one")  # noqa: S106
    refused = await client.post(f"/activate/{token}", data=wrong)
    assert (refused.status_code, "not the password" in refused.text) == (422, True)
    done = await client.post(f"/activate/{token}", data=typed(token, settings, clock))
    assert (done.status_code, done.text.count("<li><code>")) == (200, 10)
    assert await owed_to(known.person) == ["second_factor_reset", "activation_invited"]


async def owed_to(person: Person) -> list[str]:
    rows = await Outbox.filter(payload__contains={"person": str(person.id)}).order_by("id")
    return [str(row.payload["message"]) for row in rows]
