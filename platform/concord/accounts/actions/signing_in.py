"""Signing in: the costly check first, outside any transaction, then one short transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from concord import audit
from concord.accounts import authenticator, passwords
from concord.accounts.actions.browsers import SessionTokens, begin, seat_of
from concord.accounts.actions.factors import spend_code, spend_recovery_code
from concord.accounts.keys import Keys
from concord.accounts.models import Membership, Person
from concord.accounts.queries import has_recovery_code, person_by_email, recovery_codes_left
from concord.accounts.secrets import recovery_symbols
from concord.accounts.states import PersonState
from concord.accounts.telling import tell
from concord.accounts.values import Credentials
from concord.actor import Actor
from concord.database import transaction
from concord.errors import InvalidInput, Text
from notifications.messages.accounts import RecoveryCodeUsed

NOBODY = UUID(int=0)
REFUSED = Text(
    "These do not fit together. Check the e-mail address, the password and the code; each code"
    " works once. If you are invited or your second factor was reset, use the link in your mail."
)
"""Said whatever was wrong, so that nobody learns who has an account."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the password and the code were worth when they were looked at.

    `person` has the address; `accepted` says whether password and code were theirs.
    """

    person: Person | None
    accepted: bool = False
    counter: int | None = None
    recovery_digest: str = ""
    new_hash: str | None = field(default=None, repr=False)


async def prove(credentials: Credentials, *, keys: Keys, now: datetime) -> Proof:
    """Look at password and code; whatever is wrong, the same work is done and the same asked.

    Takes no lock and needs no transaction: `sign_in` looks again at what may have changed.
    """
    person = await person_by_email(credentials.email)
    owner = person.id if person else NOBODY
    stored = person.password_hash if person else None
    right = await passwords.matches(stored, credentials.password)
    secret = authenticator.NOBODYS_SECRET
    if person is not None and person.totp_secret is not None:
        secret = keys.decrypt(person.totp_secret, owner=owner)
    counter = authenticator.matching_counter(secret, credentials.code, now=now)
    recovery = keys.recovery_digest(recovery_symbols(credentials.code), owner=owner)
    with_recovery = await has_recovery_code(owner, recovery)
    if person is None or person.totp_secret is None or person.state is not PersonState.ACTIVE:
        return Proof(person)
    fresh = counter is not None and counter > (person.totp_counter or 0)
    outdated = stored is not None and right and passwords.is_outdated(stored)
    return Proof(
        person,
        accepted=right and (fresh or with_recovery),
        counter=counter if fresh else None,
        recovery_digest=recovery,
        new_hash=await passwords.hashed(credentials.password) if outdated else None,
    )


async def sign_in(proof: Proof, *, device: str, now: datetime) -> SessionTokens:
    """A new session for who proved to be there; `InvalidInput` says nothing about the reason."""
    async with transaction():
        person = await _still_there(proof)
        seat = await seat_of(person.id)
        if seat is None:
            raise refusal()
        actor = actor_in(person, seat)
        with_recovery_code = await _spend(proof, person, now=now)
        if proof.new_hash is not None:
            person.password_hash = proof.new_hash
            await person.save(update_fields=["password_hash"])
        tokens = await begin(person, seat, device=device, now=now)
        await audit.record(
            "person.signed_in",
            actor=actor,
            subject_kind="person",
            subject_id=person.id,
            now=now,
            recovery_code=with_recovery_code,
        )
    return tokens


def refusal() -> InvalidInput:
    return InvalidInput({"": REFUSED})


def actor_in(person: Person, seat: Membership) -> Actor:
    """The actor of what a person does before a session exists."""
    return Actor(
        person_id=person.id,
        name=person.name,
        role=seat.role,
        membership_id=seat.id,
        organization_id=seat.organization_id,
        locale=person.locale,
    )


async def _still_there(proof: Proof) -> Person:
    """Lock the person; refuse when account, password or factor changed since the proof."""
    if proof.person is None or not proof.accepted:
        raise refusal()
    person = await Person.select_for_update().get_or_none(
        id=proof.person.id,
        state=PersonState.ACTIVE,
        password_hash=proof.person.password_hash,
        totp_secret=proof.person.totp_secret,
    )
    if person is None:
        raise refusal()
    return person


async def _spend(proof: Proof, person: Person, *, now: datetime) -> bool:
    """Use up the code; True when it was a recovery code, of which the person is told."""
    if proof.counter is not None:
        if not await spend_code(person, counter=proof.counter):
            raise refusal()
        return False
    if not await spend_recovery_code(person, digest=proof.recovery_digest, now=now):
        raise refusal()
    message = RecoveryCodeUsed(at=now, remaining=await recovery_codes_left(person.id))
    await tell(message, person_id=person.id, event=f"at:{now.isoformat()}", now=now)
    return True
