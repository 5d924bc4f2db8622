"""Passwords, codes, tokens and keys: what is accepted, stored and refused."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from cryptography.exceptions import InvalidTag

from concord.accounts import authenticator, passwords
from concord.accounts.keys import derive
from concord.accounts.models import Person
from concord.accounts.secrets import new_recovery_codes, new_token, recovery_symbols
from concord.settings import Settings
from tests.conftest import Client, Clock
from tests.factories.accounts import PASSWORD, SECRET, account

KEYS = derive(b"k" * 32)


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("seven quiet herons wade", True),
        ("aaaaaaaaaaab", True),  # no rule about kinds of characters
        ("семь тихих цапель", True),
        ("七只安静的苍鹭在水里走着呢", True),
        ("elevenchars", False),
        ("", False),
        ("x" * 201, False),
        ("Password1234", False),
        ("QWERTYUIOP123", False),
        ("abcabcabcabc", False),
        ("            ", False),
        ("we like ada.lovelace here", False),
        ("lovelace in the river", False),
    ],
)
def test_long_and_unusual_passwords_are_accepted(password: str, accepted: bool) -> None:
    flaw = passwords.flaw(password, email="ada.lovelace@example.org", name="Ada Lovelace")

    assert (flaw is None) is accepted


def test_hashes_cost_what_was_chosen() -> None:
    assert passwords.hash_now(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.is_outdated(passwords.hash_now(PASSWORD))


async def test_one_password_in_two_compositions_is_the_same() -> None:
    stored = passwords.hash_now("caf\u00e9 caf\u00e9 caf\u00e9")

    assert await passwords.matches(stored, "cafe\u0301 cafe\u0301 cafe\u0301")
    assert not await passwords.matches(stored, "cafe cafe cafe")


async def test_nobody_has_a_password_and_a_broken_hash_matches_nothing() -> None:
    assert not await passwords.matches(None, "")
    assert not await passwords.matches("not a hash", PASSWORD)


async def test_unknown_people_cost_the_same_hashing_work() -> None:
    """The stand-in for a missing hash is verified with today's parameters."""
    assert not PasswordHasher(
        time_cost=2, memory_cost=19 * 1024, parallelism=1
    ).check_needs_rehash(passwords._NOBODYS)


async def test_an_outdated_hash_is_renewed_at_sign_in(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    await Person.filter(id=known.person.id).update(password_hash=old)

    assert (await client.post("/sign-in", data=known.form(clock()))).status_code == 303

    renewed = (await Person.get(id=known.person.id)).password_hash
    assert renewed is not None
    assert not passwords.is_outdated(renewed)
    assert await passwords.matches(renewed, PASSWORD)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("287082", "287082"),
        (" 287 082 ", "287082"),
        ("٢٨٧٠٨٢", "287082"),
        ("28708", ""),
        ("2870822", ""),
        ("28708x", ""),
        ("²87082", ""),
        ("", ""),
    ],
)
def test_codes_are_read_in_digits_of_every_script(typed: str, code: str) -> None:
    assert authenticator.plain_code(typed) == code


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: the SHA-1 test secret at 59 s, cut to six digits."""
    secret, now = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", datetime.fromtimestamp(59, UTC)

    assert authenticator.code_at(secret, now=now) == "287082"
    assert authenticator.matching_counter(secret, "287082", now=now) == 1
    assert authenticator.matching_counter(secret, "", now=now) is None


def test_secrets_at_rest_open_for_their_owner_alone() -> None:
    owner = uuid4()
    stored = KEYS.encrypt(SECRET, owner=owner)

    assert SECRET not in stored
    assert KEYS.decrypt(stored, owner=owner) == SECRET
    assert KEYS.encrypt(SECRET, owner=owner) != stored
    for keys, person in ((KEYS, uuid4()), (derive(b"l" * 32), owner)):
        with pytest.raises(InvalidTag):
            keys.decrypt(stored, owner=person)


def test_keys_say_nothing_when_they_are_shown() -> None:
    assert repr(KEYS) == "Keys()"


def test_recovery_codes_are_read_as_people_write_them() -> None:
    codes = new_recovery_codes()

    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", c) for c in codes)
    assert recovery_symbols(" o1li-7k3q_9DMA ") == "01117K3Q9DMA"
    owner = uuid4()
    assert KEYS.recovery_digest("A", owner=owner) != KEYS.recovery_digest("A", owner=uuid4())


def test_tokens_hold_256_bits() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_token())
    assert new_token() != new_token()


def test_picture_escapes_its_title() -> None:
    drawn = authenticator.picture(SECRET, email='"><b>@example.org', title="<b>&")

    assert "<title>&lt;b&gt;&amp;</title>" in drawn
    assert "style" not in drawn
