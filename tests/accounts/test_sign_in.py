"""Sign-in over HTTP: who gets in, and what those who do not are told."""

import pytest

from concord.accounts.limits import SIGN_IN_ACCOUNT
from concord.accounts.models import Person, RecoveryCode, Session
from concord.accounts.secrets import recovery_symbols
from concord.accounts.sessions import cookie_digest
from concord.accounts.states import PersonState
from concord.actor import Role
from concord.audit import AuditEntry
from concord.jobs import Outbox
from concord.settings import Settings
from tests.conftest import Client, Clock
from tests.counting import counted_queries
from tests.factories.accounts import Account, account, keys, with_password
from tests.factories.people import member

REFUSED = "These do not fit together."
RECOVERY = "7K3Q-9DMA-X2FT"


async def test_right_credentials_open_a_session(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)

    response = await client.post("/sign-in", data=known.form(clock(), next="/account"))

    assert (response.status_code, response.headers["location"]) == (303, "/account")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    session = await Session.get(person_id=known.person.id)
    assert session.digest == cookie_digest(client.cookies["__Host-session"])
    page = await client.get("/account")
    assert (page.status_code, known.person.name in page.text) == (200, True)
    entry = await AuditEntry.get(action="person.signed_in")
    assert (entry.subject_id, entry.person_id) == (known.person.id, known.person.id)


async def test_whatever_is_wrong_is_refused_in_the_same_words(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known, left = await account(settings), await account(settings)
    left.person.state = PersonState.DEACTIVATED
    await left.person.save()
    right = known.form(clock())
    attempts = {
        "password": right | {"password": "another quiet heron wades"},
        "code": right | {"code": "000000"},
        "no code": right | {"code": ""},
        "address": right | {"email": "nobody@example.org"},
        "deactivated": left.form(clock()),
        "nothing": {},
    }

    said = set()
    for name, form in attempts.items():
        response = await client.post("/sign-in", data=form)
        assert (response.status_code, REFUSED in response.text) == (422, True), name
        assert "set-cookie" not in response.headers
        summary = response.text.split('class="error-summary"')[1].split("</div>")[0]
        said.add(summary)
    assert len(said) == 1
    assert await Session.all().count() == 0


async def test_whatever_is_wrong_costs_the_same_queries(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known, bare = await account(settings), await member(Role.AUDITOR)
    invited = await Person.get(id=bare.person_id)
    used = known.form(clock())
    assert (await client.post("/sign-in", data=used)).status_code == 303
    client.cookies.clear()
    attempts = (
        used,
        known.form(clock(), password="another quiet heron wades"),  # noqa: S106
        known.form(clock()) | {"code": "000000"},
        known.form(clock()) | {"code": RECOVERY},
        known.form(clock()) | {"email": invited.email},
        known.form(clock()) | {"email": "nobody@example.org"},
    )

    costs = []
    for form in attempts:
        with counted_queries() as queries:
            assert (await client.post("/sign-in", data=form)).status_code == 422
        costs.append([statement.partition(":")[0] for statement in queries.statements])

    assert all(cost == costs[0] for cost in costs)


async def test_refused_form_keeps_the_address_and_never_the_password(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = with_password(await account(settings), "a wrong one typed here")

    response = await client.post("/sign-in", data=known.form(clock(), next="/offers"))

    assert f'value="{known.email}"' in response.text
    assert 'name="next" value="/offers"' in response.text
    assert known.password not in response.text
    assert "<title>Error:" in response.text


async def test_a_code_works_once(client: Client, settings: Settings, clock: Clock) -> None:
    known = await account(settings)
    form = known.form(clock())
    assert (await client.post("/sign-in", data=form)).status_code == 303
    client.cookies.clear()

    again = await client.post("/sign-in", data=form)

    assert (again.status_code, REFUSED in again.text) == (422, True)
    later = await client.post("/sign-in", data=known.form(clock.forward(seconds=30)))
    assert later.status_code == 303


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 303), (30, 303), (60, 422)])
async def test_a_code_may_be_half_a_minute_off(
    client: Client, settings: Settings, clock: Clock, seconds: int, status: int
) -> None:
    known = await account(settings)
    form = known.form(clock())

    clock.forward(seconds=-seconds)

    assert (await client.post("/sign-in", data=form)).status_code == status


async def test_an_earlier_code_is_refused_after_a_later_one(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    earlier = known.form(clock())
    assert (
        await client.post("/sign-in", data=earlier | {"code": known.next_code(clock())})
    ).status_code == 303
    client.cookies.clear()

    assert (await client.post("/sign-in", data=earlier)).status_code == 422


async def test_a_recovery_code_works_once_and_its_owner_is_told(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    await keep_recovery_code(known, settings)
    form = known.form(clock()) | {"code": " 7k3q 9dma x2ft "}

    assert (await client.post("/sign-in", data=form)).status_code == 303
    client.cookies.clear()
    assert (await client.post("/sign-in", data=form)).status_code == 422

    owed = await Outbox.get(name="tell")
    assert owed.payload["message"] == "recovery_code_used"
    assert owed.payload["payload"] == {"at": "2027-01-11T09:00:00Z", "remaining": 0}


async def keep_recovery_code(known: Account, settings: Settings) -> None:
    digest = keys(settings).recovery_digest(recovery_symbols(RECOVERY), owner=known.person.id)
    await RecoveryCode.create(person_id=known.person.id, digest=digest)


@pytest.mark.parametrize(
    ("typed", "goes_to"),
    [
        ("/offers?page=2", "/offers?page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-in", "/"),
        ("", "/"),
    ],
)
async def test_sign_in_leads_to_a_place_of_this_site(
    client: Client, settings: Settings, clock: Clock, typed: str, goes_to: str
) -> None:
    known = await account(settings)

    response = await client.post("/sign-in", data=known.form(clock(), next=typed))

    assert response.headers["location"] == goes_to


async def test_who_is_signed_in_is_not_asked_again(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    await client.post("/sign-in", data=known.form(clock()))

    response = await client.get("/sign-in?next=/offers")

    assert (response.status_code, response.headers["location"]) == (303, "/offers")


async def test_somebody_without_a_role_cannot_sign_in(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    known.membership.ended_at = clock()
    await known.membership.save()

    assert (await client.post("/sign-in", data=known.form(clock()))).status_code == 422


async def test_too_many_attempts_on_one_account_are_refused_for_a_while(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    wrong = known.form(clock()) | {"password": "a wrong one typed here"}
    for _ in range(SIGN_IN_ACCOUNT.amount):
        assert (await client.post("/sign-in", data=wrong)).status_code == 422

    response = await client.post("/sign-in", data=known.form(clock()))

    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 15 * 60 + 1
    assert "Too many attempts. Wait 15 min, then try again." in response.text
    other = await account(settings, Role.APPROVER)
    assert (await client.post("/sign-in", data=other.form(clock()))).status_code == 303


async def test_a_form_from_elsewhere_is_refused(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)

    response = await client.post(
        "/sign-in", data=known.form(clock()), headers={"origin": "https://evil.example"}
    )

    assert response.status_code == 403
    assert await Session.all().count() == 0
