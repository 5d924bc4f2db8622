"""The page of the demo's people: with codes in a demo, nowhere else."""

from dataclasses import replace

import pytest
import pytest_asyncio
from starlette.applications import Starlette

from concord.accounts.authenticator import code_at
from concord.accounts.keys import derive
from concord.accounts.models import Person
from concord.accounts.states import PersonState
from concord.demo.authenticators import code_of, sign_ins
from concord.demo.cast import PASSWORD, people
from concord.errors import NotFound
from concord.settings import Settings
from tests.conftest import NOW, Client

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - an invented authenticator


@pytest_asyncio.fixture
async def person(database: None, settings: Settings) -> Person:
    """One of the sample's people, with an authenticator."""
    first = people()[0]
    made = await Person.create(email=first.email, name=first.name, state=PersonState.ACTIVE)
    made.totp_secret = derive(settings.secret_key).encrypt(SECRET, owner=made.id)
    await made.save()
    return made


async def test_demo_shows_codes(app: Starlette, client: Client, person: Person) -> None:
    app.state.settings = replace(app.state.settings, demo=True)

    answer = await client.get("/demo/people")

    assert answer.status_code == 200
    assert person.email in answer.text
    assert PASSWORD in answer.text
    assert code_at(SECRET, now=NOW) in answer.text


async def test_nobody_else_shows_any(client: Client, person: Person) -> None:
    answer = await client.get("/demo/people")

    assert answer.status_code == 404
    assert person.email not in answer.text


async def test_sign_ins_are_those_who_have_an_account(person: Person, settings: Settings) -> None:
    [found] = await sign_ins(derive(settings.secret_key), now=NOW)

    assert (found.email, found.secret) == (person.email, SECRET)


async def test_code_by_address(person: Person, settings: Settings) -> None:
    keys = derive(settings.secret_key)

    assert await code_of(person.email.upper(), keys, now=NOW) == code_at(SECRET, now=NOW)
    with pytest.raises(NotFound):
        await code_of("nobody@example.org", keys, now=NOW)
