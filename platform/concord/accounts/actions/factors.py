"""The second factor: enrolled with its recovery codes, used once a code, reset by others."""

from datetime import datetime

from tortoise.expressions import Q

from concord import audit
from concord.accounts import authenticator
from concord.accounts.actions.browsers import end_sessions
from concord.accounts.actions.links import owe_activation
from concord.accounts.keys import Keys
from concord.accounts.models import Person, RecoveryCode
from concord.accounts.policy import may_keep_account, may_reset_second_factor
from concord.accounts.secrets import new_recovery_codes, recovery_symbols
from concord.accounts.states import PersonState, TokenPurpose
from concord.accounts.telling import tell
from concord.actor import Actor
from concord.database import transaction
from concord.errors import Conflict, InvalidInput, NotAllowed
from notifications.messages.accounts import SecondFactorReset

WRONG_CODE = (
    "This is not the code that the authenticator shows now."
    " Wait for the next one and check the clock of your device."
)
NOT_ACTIVE = "Only an active account has a second factor. Send the invitation again instead."
NOT_YOURS = "Another administrator has to do this for you."


async def enrol(person: Person, *, secret: str, code: str, keys: Keys, now: datetime) -> list[str]:
    """Keep a new authenticator once it has shown a code; answers the new recovery codes."""
    counter = authenticator.matching_counter(secret, code, now=now)
    if counter is None:
        raise InvalidInput({"code": WRONG_CODE})
    person.totp_secret = keys.encrypt(secret, owner=person.id)
    person.totp_counter = counter
    await person.save(update_fields=["totp_secret", "totp_counter"])
    return await replace_recovery_codes(person, keys=keys)


async def replace_recovery_codes(person: Person, *, keys: Keys) -> list[str]:
    """Ten new codes, shown once; the old ones end."""
    codes = new_recovery_codes()
    await RecoveryCode.filter(person_id=person.id).delete()
    await RecoveryCode.bulk_create(
        [
            RecoveryCode(
                person_id=person.id,
                digest=keys.recovery_digest(recovery_symbols(code), owner=person.id),
            )
            for code in codes
        ]
    )
    return codes


async def spend_code(person: Person, *, counter: int) -> bool:
    """Whether this period's code is used for the first time: none counts twice."""
    later = Q(totp_counter=None) | Q(totp_counter__lt=counter)
    return bool(await Person.filter(later, id=person.id).update(totp_counter=counter))


async def spend_recovery_code(person: Person, *, digest: str, now: datetime) -> bool:
    """Whether it is an unused recovery code of this person; it is used now."""
    unused = RecoveryCode.filter(person_id=person.id, digest=digest, used_at=None)
    return bool(await unused.update(used_at=now))


async def renew_recovery_codes(
    person: Person, *, code: str, keys: Keys, actor: Actor, now: datetime
) -> list[str]:
    """New recovery codes for a fresh code of the authenticator."""
    async with transaction():
        person = await Person.select_for_update().get(id=person.id)
        if not may_keep_account(actor, person.id) or person.totp_secret is None:
            raise NotAllowed(NOT_ACTIVE)
        secret = keys.decrypt(person.totp_secret, owner=person.id)
        counter = authenticator.matching_counter(secret, code, now=now)
        if counter is None or not await spend_code(person, counter=counter):
            raise InvalidInput({"code": WRONG_CODE})
        codes = await replace_recovery_codes(person, keys=keys)
        await audit.record(
            "person.recovery_codes_renewed",
            actor=actor,
            subject_kind="person",
            subject_id=person.id,
            now=now,
        )
    return codes


async def reset_second_factor(person: Person, *, actor: Actor, now: datetime) -> None:
    """Take off a lost second factor: sessions end, a link to set up another one is mailed.

    The password stays and is asked for behind the link.
    """
    async with transaction():
        person = await Person.select_for_update().get(id=person.id)
        if not may_reset_second_factor(actor, person.id):
            raise NotAllowed(NOT_YOURS)
        if person.state is not PersonState.ACTIVE:
            raise Conflict(NOT_ACTIVE)
        person.totp_secret = person.totp_counter = None
        await person.save(update_fields=["totp_secret", "totp_counter"])
        await RecoveryCode.filter(person_id=person.id).delete()
        await end_sessions(person.id, now=now)
        message = SecondFactorReset(at=now)
        await tell(message, person_id=person.id, event=f"at:{now.isoformat()}", now=now)
        await owe_activation(person, purpose=TokenPurpose.ENROLMENT, now=now)
        await audit.record(
            "person.second_factor_reset",
            actor=actor,
            subject_kind="person",
            subject_id=person.id,
            now=now,
        )
