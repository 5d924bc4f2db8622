"""Accounts that are set up, as their owners know them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from concord import jobs
from concord.accounts import authenticator, passwords
from concord.accounts.keys import Keys, derive
from concord.accounts.models import Membership, Person
from concord.actor import Role
from concord.organizations.models import Organization
from concord.settings import Settings
from tests.factories.people import member

PASSWORD = "seven quiet herons wade"  # noqa: S105 - of nobody
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can sign in, with what they have in hand."""

    person: Person
    membership: Membership
    email: str
    password: str = PASSWORD
    secret: str = SECRET

    def code(self, now: datetime) -> str:
        return authenticator.code_at(self.secret, now=now)

    def next_code(self, now: datetime) -> str:
        """The code of the following half-minute, which is accepted already."""
        return self.code(now + timedelta(seconds=authenticator.PERIOD))

    def form(self, now: datetime, **more: str) -> dict[str, str]:
        """What is typed on the sign-in page."""
        return {
            "email": self.email,
            "password": self.password,
            "code": self.code(now),
            **more,
        }


def keys(settings: Settings) -> Keys:
    return derive(settings.secret_key)


async def account(
    settings: Settings, role: Role = Role.COORDINATOR, at: Organization | None = None
) -> Account:
    """An active person of that role with a password and an authenticator."""
    membership = await member(role, at)
    person = await Person.get(id=membership.person_id)
    person.password_hash = password_hash()
    person.totp_secret = keys(settings).encrypt(SECRET, owner=person.id)
    await person.save()
    return Account(person, membership, person.email)


def with_password(known: Account, password: str) -> Account:
    return replace(known, password=password)


@lru_cache(maxsize=1)
def password_hash() -> str:
    """Hashed once for all tests: it is costly on purpose."""
    return passwords.hash_now(PASSWORD)


async def mailed_token(person: Person, message: str = "activation_invited") -> str:
    """The raw token in the latest mail of that kind that is owed to a person."""
    row = (
        await jobs.Outbox.filter(
            name=jobs.TELL, payload__contains={"message": message, "person": str(person.id)}
        )
        .order_by("-id")
        .first()
    )
    assert row is not None
    payload = row.payload["payload"]
    assert isinstance(payload, dict)
    return str(payload["token"])
