"""What an activation link does: a password and a second factor, or a new second factor alone."""

from dataclasses import dataclass, field
from datetime import datetime

from concord import audit
from concord.accounts import passwords
from concord.accounts.actions.browsers import SessionTokens, begin, seat_of
from concord.accounts.actions.factors import enrol
from concord.accounts.actions.links import ENDED, take
from concord.accounts.actions.signing_in import actor_in
from concord.accounts.keys import Keys
from concord.accounts.models import Person
from concord.accounts.states import PersonState, TokenPurpose
from concord.accounts.values import Enrolment
from concord.database import transaction
from concord.errors import Conflict, InvalidInput

WRONG_PASSWORD = "This is not the password of this account."  # noqa: S105 - a message


@dataclass(frozen=True, slots=True)
class Activated:
    """An account ready to use: its recovery codes are shown once, its browser is signed in."""

    person: Person
    recovery_codes: list[str] = field(repr=False)
    session: SessionTokens


async def activate(
    token: str,
    values: Enrolment,
    *,
    keys: Keys,
    now: datetime,
    device: str = "",
    totp_secret: str | None = None,
) -> Activated:
    """Set up an account, or only its second factor, and sign in.

    The authenticator's secret is the one that the link's page offers, unless `totp_secret` is
    given. Raises `InvalidInput` for password or code, `Conflict` when the link has ended.
    """
    async with transaction():
        link = await take(token, TokenPurpose.ACTIVATION, TokenPurpose.ENROLMENT, now=now)
        person = await Person.select_for_update().get(id=link.person_id)
        seat = await seat_of(person.id)
        if person.state is PersonState.DEACTIVATED or seat is None:
            raise Conflict(ENDED)
        if link.purpose is TokenPurpose.ACTIVATION:
            await _set_password(person, values.password, now=now)
        elif not await passwords.matches(person.password_hash, values.password):
            raise InvalidInput({"password": WRONG_PASSWORD})
        secret = totp_secret or keys.enrolment_secret(token)
        codes = await enrol(person, secret=secret, code=values.code, keys=keys, now=now)
        session = await begin(person, seat, device=device, now=now)
        await audit.record(
            "person.activated"
            if link.purpose is TokenPurpose.ACTIVATION
            else "person.second_factor_enrolled",
            actor=actor_in(person, seat),
            subject_kind="person",
            subject_id=person.id,
            now=now,
        )
    return Activated(person, codes, session)


async def _set_password(person: Person, password: str, *, now: datetime) -> None:
    flaw = passwords.flaw(password, email=person.email, name=person.name)
    if flaw:
        raise InvalidInput({"password": flaw})
    person.password_hash = await passwords.hashed(password)
    person.password_changed_at = person.activated_at = now
    person.state = PersonState.ACTIVE
    await person.save(
        update_fields=["password_hash", "password_changed_at", "activated_at", "state"]
    )
