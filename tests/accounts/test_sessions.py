"""Sessions end by themselves, by hand and by what happens to the account."""

import re
from uuid import uuid4

import pytest
from starlette.applications import Starlette

from concord.accounts.models import Membership, Person, Session
from concord.accounts.sessions import cookie_digest
from concord.actor import Role
from concord.settings import Settings
from concord.web.models import IdempotencyKey
from tests.conftest import Client, Clock, SignIn, new_client
from tests.factories.accounts import PASSWORD, Account, account, password_hash
from tests.factories.people import member, organization, provider

NEW = "eleven slow trams at dusk"


async def signed_in(app: Starlette, known: Account, clock: Clock) -> Client:
    """A browser that went through the sign-in page, with its session's form token."""
    browser = new_client(app)
    response = await browser.post("/sign-in", data=known.form(clock()))
    assert response.status_code == 303
    browser.headers["x-csrf-token"] = await form_token(browser)
    return browser


async def form_token(browser: Client) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', (await browser.get("/account")).text)
    assert found is not None
    return found[1]


async def is_in(browser: Client) -> bool:
    return (await browser.get("/account")).status_code == 200


async def test_an_idle_session_ends(sign_in: SignIn, clock: Clock) -> None:
    browser = await sign_in(await member(Role.AUDITOR))
    clock.forward(minutes=29)
    assert await is_in(browser)
    clock.forward(minutes=29)
    assert await is_in(browser)

    clock.forward(minutes=30, seconds=1)

    assert not await is_in(browser)


async def test_a_busy_session_ends_after_twelve_hours(sign_in: SignIn, clock: Clock) -> None:
    browser = await sign_in(await member(Role.AUDITOR))
    for _ in range(24):
        assert await is_in(browser)
        clock.forward(minutes=29, seconds=59)
    assert await is_in(browser)

    clock.forward(minutes=1)

    assert not await is_in(browser)


async def test_sign_out_ends_the_session_and_takes_the_cookie(
    sign_in: SignIn, settings: Settings
) -> None:
    browser = await sign_in(await member(Role.AUDITOR))
    cookie = browser.cookies[settings.cookie_name]

    response = await browser.post("/sign-out")

    assert (response.status_code, response.headers["location"]) == (303, "/sign-in")
    assert f'{settings.cookie_name}=""; ' in response.headers["set-cookie"]
    browser.cookies.set(settings.cookie_name, cookie)
    assert not await is_in(browser)


async def test_sign_in_begins_a_session_and_ends_the_one_before(
    app: Starlette, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    browser = await signed_in(app, known, clock)
    before = browser.cookies[settings.cookie_name]

    clock.forward(seconds=30)
    await browser.post("/sign-in", data=known.form(clock()))

    after = browser.cookies[settings.cookie_name]
    assert after != before
    assert (await Session.get(digest=cookie_digest(before))).ended_at == clock()
    assert (await Session.get(digest=cookie_digest(after))).ended_at is None


async def test_other_sessions_are_listed_and_ended_one_by_one_or_all(
    sign_in: SignIn,
) -> None:
    membership = await member(Role.AUDITOR)
    here, there, elsewhere = [await sign_in(membership) for _ in range(3)]
    listed = (await here.get("/account")).text
    others = re.findall(r"/account/sessions/([0-9a-f-]{36})/end", listed)
    assert len(others) == 2

    assert (await here.post(f"/account/sessions/{others[0]}/end")).status_code == 303
    assert sorted([await is_in(there), await is_in(elsewhere)]) == [False, True]
    assert (await here.post("/account/sessions/end-others")).status_code == 303

    assert [await is_in(each) for each in (here, there, elsewhere)] == [True, False, False]


async def test_nobody_ends_somebody_elses_session(sign_in: SignIn) -> None:
    mine, theirs = await sign_in(await member(Role.ADMIN)), await member(Role.AUDITOR)
    other = await sign_in(theirs)
    session = await Session.get(person_id=theirs.person_id)

    answers = [
        await mine.post(f"/account/sessions/{wanted}/end")
        for wanted in (session.id, uuid4(), "nonsense")
    ]

    assert [each.status_code for each in answers] == [404, 404, 404]
    assert await is_in(other)


async def test_a_changed_password_ends_other_sessions_and_renews_this_one(
    app: Starlette, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    here = await signed_in(app, known, clock)
    clock.forward(seconds=30)
    there = await signed_in(app, known, clock)
    before = here.cookies[settings.cookie_name]

    response = await here.post(
        "/account/password",
        data={
            "current_password": PASSWORD,
            "new_password": NEW,
            "new_password_again": NEW,
            "idempotency_key": "one click",
        },
    )

    assert (response.status_code, response.headers["location"]) == (303, "/account")
    assert [await is_in(here), await is_in(there)] == [True, False]
    after = here.cookies[settings.cookie_name]
    assert after != before
    kept = await IdempotencyKey.get(key="one click")
    assert after not in repr(kept.cookies)
    clock.forward(seconds=30)
    old, new = (known.form(clock(), password=password) for password in (PASSWORD, NEW))
    answers = [await new_client(app).post("/sign-in", data=form) for form in (old, new)]
    assert [each.status_code for each in answers] == [422, 303]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"current_password": "not this one"}, "current_password"),
        ({"new_password": "short", "new_password_again": "short"}, "new_password"),
        ({"new_password_again": "another one entirely"}, "new_password_again"),
    ],
)
async def test_a_refused_change_says_what_was_wrong(
    sign_in: SignIn, form: dict[str, str], field: str
) -> None:
    membership = await member(Role.AUDITOR)
    await Person.filter(id=membership.person_id).update(password_hash=password_hash())
    browser = await sign_in(membership)
    right = {"current_password": PASSWORD, "new_password": NEW, "new_password_again": NEW}

    response = await browser.post("/account/password", data=right | form)

    assert (response.status_code, f'href="#field-{field}"' in response.text) == (422, True)
    assert NEW not in response.text


async def test_another_seat_is_taken_under_a_new_token(
    sign_in: SignIn, settings: Settings
) -> None:
    membership = await member(Role.COORDINATOR)
    place = await provider(name="Illustrative Institute")
    second = await Membership.create(
        person_id=membership.person_id, organization=place, role=Role.PARTNER_MEMBER
    )
    browser = await sign_in(membership)
    before = browser.cookies[settings.cookie_name]

    response = await browser.post("/account/seat", data={"membership_id": str(second.id)})

    assert response.status_code == 303
    assert response.cookies[settings.cookie_name] != before
    session = await Session.get(person_id=membership.person_id)
    assert session.membership_id == second.id
    assert browser.headers["x-csrf-token"] != session.csrf_token


async def test_only_ones_own_live_seats_can_be_taken(sign_in: SignIn, clock: Clock) -> None:
    membership, foreign = await member(Role.COORDINATOR), await member(Role.ADMIN)
    left = await Membership.create(
        person_id=membership.person_id,
        organization=await organization(),
        role=Role.DRAFTER,
        ended_at=clock(),
    )
    browser = await sign_in(membership)

    answers = [
        await browser.post("/account/seat", data={"membership_id": str(wanted)})
        for wanted in (foreign.id, left.id, uuid4(), "nonsense")
    ]

    assert [each.status_code for each in answers] == [404, 404, 404, 404]


@pytest.mark.parametrize(
    "headers",
    [{"x-csrf-token": ""}, {"x-csrf-token": "wrong"}, {"origin": "https://evil.example"}],
)
async def test_forged_forms_are_refused(sign_in: SignIn, headers: dict[str, str]) -> None:
    browser = await sign_in(await member(Role.AUDITOR))

    for path in ("/sign-out", "/account", "/account/password", "/account/seat"):
        assert (await browser.post(path, headers=headers)).status_code == 403, path
    assert await is_in(browser)


async def test_language_is_kept_with_the_person_and_in_the_browser(
    sign_in: SignIn, client: Client
) -> None:
    membership = await member(Role.AUDITOR)
    browser = await sign_in(membership)

    response = await browser.post("/language", data={"lang": "fr", "next": "/account"})

    assert (response.status_code, response.headers["location"]) == (303, "/account")
    assert (await Person.get(id=membership.person_id)).locale == "fr"
    assert '<html lang="fr"' in (await browser.get("/account")).text
    await client.post("/language", data={"lang": "ar", "next": "//evil.example"})
    assert '<html lang="ar" dir="rtl"' in (await client.get("/sign-in")).text


async def test_profile_is_saved_and_what_was_typed_wrongly_is_kept(sign_in: SignIn) -> None:
    membership = await member(Role.AUDITOR)
    browser = await sign_in(membership)
    form = {"name": "Nadia Illustrative", "locale": "es", "timezone": "America/Lima"}

    refused = await browser.post("/account", data=form | {"timezone": "Nowhere/Else"})
    saved = await browser.post("/account", data=form)

    assert refused.status_code == 422
    assert 'value="Nadia Illustrative"' in refused.text
    assert (saved.status_code, saved.headers["location"]) == (303, "/account")
    person = await Person.get(id=membership.person_id)
    assert (person.name, person.locale, person.timezone, person.wants_email) == (
        "Nadia Illustrative",
        "es",
        "America/Lima",
        False,
    )


async def test_new_recovery_codes_need_a_fresh_code(
    app: Starlette, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    browser = await signed_in(app, known, clock)
    used = {"code": known.code(clock())}
    assert (await browser.post("/account/recovery-codes", data=used)).status_code == 422

    fresh = {"code": known.next_code(clock())}
    response = await browser.post("/account/recovery-codes", data=fresh)

    assert (response.status_code, response.text.count("<li><code>")) == (200, 10)
    assert "10 recovery codes are left." in (await browser.get("/account")).text
