"""Forgotten and changed passwords; the second factor stays as it is."""

from datetime import datetime
from uuid import UUID

from concord import audit
from concord.accounts import passwords
from concord.accounts.actions.browsers import SessionTokens, end_sessions, rotate
from concord.accounts.actions.links import ENDED, end_links, owe_reset, take
from concord.accounts.models import Person
from concord.accounts.policy import may_keep_account
from concord.accounts.queries import person_by_email
from concord.accounts.states import PersonState, TokenPurpose
from concord.accounts.telling import tell
from concord.actor import PUBLIC, Actor
from concord.database import transaction
from concord.errors import Conflict, InvalidInput, NotFound
from notifications.messages.accounts import PasswordChanged

WRONG = "This is not your present password."


async def ask_reset(email: str, *, now: datetime) -> bool:
    """Mail a reset link if an active person has this address; the caller answers all alike."""
    async with transaction():
        person = await person_by_email(email)
        if person is None or person.state is not PersonState.ACTIVE:
            return False
        await owe_reset(person, now=now)
        await audit.record(
            "person.password_reset_asked",
            actor=PUBLIC,
            subject_kind="person",
            subject_id=person.id,
            now=now,
        )
    return True


async def reset_password(token: str, password: str, *, now: datetime) -> None:
    """A new password for a reset link; every session ends, the second factor is kept."""
    async with transaction():
        link = await take(token, TokenPurpose.RESET, now=now)
        person = await Person.select_for_update().get(id=link.person_id)
        if person.state is not PersonState.ACTIVE:
            raise Conflict(ENDED)
        await _replace(person, password, field="password", now=now)
        await end_links(person.id, now=now)
        await end_sessions(person.id, now=now)
        await audit.record(
            "person.password_reset",
            actor=Actor(person_id=person.id, name=person.name),
            subject_kind="person",
            subject_id=person.id,
            now=now,
        )


async def change_password(
    current: str, password: str, *, session_id: UUID, actor: Actor, now: datetime
) -> SessionTokens:
    """A new password for the present one; other sessions end, this one gets a new token."""
    async with transaction():
        person = await Person.select_for_update().get_or_none(id=actor.person_id)
        if person is None or not may_keep_account(actor, person.id):
            raise NotFound
        if not await passwords.matches(person.password_hash, current):
            raise InvalidInput({"current_password": WRONG})
        await _replace(person, password, field="new_password", now=now)
        await end_sessions(person.id, now=now, but=session_id)
        tokens = await rotate(session_id)
        await audit.record(
            "person.password_changed",
            actor=actor,
            subject_kind="person",
            subject_id=person.id,
            now=now,
        )
    return tokens


async def _replace(person: Person, password: str, *, field: str, now: datetime) -> None:
    flaw = passwords.flaw(password, email=person.email, name=person.name)
    if flaw:
        raise InvalidInput({field: flaw})
    person.password_hash = await passwords.hashed(password)
    person.password_changed_at = now
    await person.save(update_fields=["password_hash", "password_changed_at"])
    message = PasswordChanged(at=now)
    await tell(message, person_id=person.id, event=f"at:{now.isoformat()}", now=now)
