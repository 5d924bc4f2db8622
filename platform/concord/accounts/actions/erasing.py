"""Who has left is forgotten: what they decided stays, under an id that names nobody."""

from datetime import datetime
from uuid import UUID

from concord import audit
from concord.accounts.erasure import erase_elsewhere
from concord.accounts.models import Membership, Person, RecoveryCode, Session, Token
from concord.accounts.policy import may_erase
from concord.accounts.states import PersonState
from concord.actor import Actor
from concord.database import transaction
from concord.errors import Conflict, NotAllowed

FORMER = "Former user"
NOWHERE = "erased.invalid"
"""A name that no mail can ever reach (RFC 2606)."""
MAY_NOT = "Only administrators erase a person, and never themselves."
STAYS = "Close the account first: what waits for this person has to move to somebody else."
DONE = "This person was erased already."


async def erase(person: Person, *, actor: Actor, now: datetime) -> None:
    """Erase name, address, secrets, sessions, notices and notes of who has left.

    The row and its id stay, so that steps and the audit trail still say that one person took
    them. `Conflict` while the account is open.
    """
    async with transaction():
        if not may_erase(actor, person.id):
            raise NotAllowed(MAY_NOT)
        person = await Person.select_for_update().get(id=person.id)
        if person.state is not PersonState.DEACTIVATED:
            raise Conflict(STAYS)
        if is_erased(person):
            raise Conflict(DONE)
        await _forget(person)
        seats = await Membership.filter(person_id=person.id)
        await Membership.filter(person_id=person.id).update(
            ended_note="", note_reference=None, note_date=None, note_attachment_id=None
        )
        await erase_elsewhere(person.id, frozenset(seat.id for seat in seats))
        await audit.record(
            "person.erased",
            actor=actor,
            subject_kind="person",
            subject_id=person.id,
            now=now,
            memberships=len(seats),
        )


def is_erased(person: Person) -> bool:
    return person.email == address_of(person.id)


def address_of(person_id: UUID) -> str:
    return f"{person_id}@{NOWHERE}"


async def _forget(person: Person) -> None:
    await Person.filter(id=person.id).update(
        email=address_of(person.id),
        name=FORMER,
        locale="en",
        timezone="UTC",
        wants_email=False,
        password_hash=None,
        password_changed_at=None,
        totp_secret=None,
        totp_counter=None,
        activated_at=None,
    )
    await Session.filter(person_id=person.id).delete()
    await Token.filter(person_id=person.id).delete()
    await RecoveryCode.filter(person_id=person.id).delete()
