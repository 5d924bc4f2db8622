"""The demo's authenticators: on one's own machine their codes may be shown."""

from dataclasses import dataclass
from datetime import datetime

from concord.accounts.authenticator import code_at
from concord.accounts.keys import Keys
from concord.accounts.models import Person
from concord.actor import Role
from concord.demo.cast import SamplePerson, people
from concord.errors import NotFound


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in as one of the demo's people now; nothing without an authenticator."""

    email: str
    name: str
    role: Role
    organization: str
    states: tuple[str, ...]
    secret: str
    code: str


async def sign_ins(keys: Keys, *, now: datetime) -> list[SignIn]:
    """The sample's people who have an account, in the order of the sample."""
    sample = people()
    known = {
        person.email: person
        for person in await Person.filter(email__in=[each.email for each in sample])
    }
    return [_sign_in(each, known[each.email], keys, now) for each in sample if each.email in known]


async def code_of(email: str, keys: Keys, *, now: datetime) -> str:
    """What somebody's authenticator shows; NotFound for an address without one."""
    person = await Person.get_or_none(email=email.strip().lower())
    secret = _secret(person, keys) if person else ""
    if not secret:
        raise NotFound(f"Nobody with the address {email} has an authenticator.")
    return code_at(secret, now=now)


def _sign_in(sample: SamplePerson, person: Person, keys: Keys, now: datetime) -> SignIn:
    secret = _secret(person, keys)
    return SignIn(
        email=person.email,
        name=person.name,
        role=sample.role,
        organization=sample.organization,
        states=sample.states,
        secret=secret,
        code=code_at(secret, now=now) if secret else "",
    )


def _secret(person: Person, keys: Keys) -> str:
    if person.totp_secret is None:
        return ""
    return keys.decrypt(person.totp_secret, owner=person.id)
