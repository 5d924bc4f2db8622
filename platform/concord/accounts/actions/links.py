"""Single-use links: only the digest is stored, the raw token leaves with its mail."""

from datetime import datetime, timedelta
from uuid import UUID

from concord.accounts.lifetimes import RESET
from concord.accounts.models import Person, Token
from concord.accounts.secrets import digest, new_token
from concord.accounts.states import TokenPurpose
from concord.accounts.telling import tell
from concord.deadlines import clocks
from concord.errors import Conflict
from notifications.messages.accounts import ActivationInvited, PasswordResetAsked

ENDED = "This link was used or has expired."


async def owe_activation(person: Person, *, purpose: TokenPurpose, now: datetime) -> str:
    """A link by which a person sets up the account, or a new second factor; 10 days, by mail."""
    lasts = timedelta(days=clocks().activation_days)
    token, link = await _issue(person.id, purpose, now=now, lasts=lasts)
    message = ActivationInvited(token=token, due=link.expires_at.date())
    await tell(message, person_id=person.id, event=f"link:{link.id}", now=now)
    return token


async def owe_reset(person: Person, *, now: datetime) -> Token:
    """A link by which a person chooses a new password within the hour."""
    token, link = await _issue(person.id, TokenPurpose.RESET, now=now, lasts=RESET)
    message = PasswordResetAsked(token=token, minutes=int(RESET.total_seconds() // 60))
    await tell(message, person_id=person.id, event=f"link:{link.id}", now=now)
    return link


async def take(token: str, *purposes: TokenPurpose, now: datetime) -> Token:
    """Lock a link for use; of two at once the second waits and then gets `Conflict`."""
    link = (
        await Token.filter(digest=digest(token), purpose__in=purposes).select_for_update().first()
    )
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise Conflict(ENDED)
    link.used_at = now
    await link.save(update_fields=["used_at"])
    return link


async def end_links(person_id: UUID, *, now: datetime) -> None:
    """No link of this person works any longer."""
    await Token.filter(person_id=person_id, used_at=None).update(used_at=now)


async def _issue(
    person_id: UUID, purpose: TokenPurpose, *, now: datetime, lasts: timedelta
) -> tuple[str, Token]:
    """A new link takes the place of an older one for the same purpose."""
    await Token.filter(person_id=person_id, purpose=purpose, used_at=None).update(used_at=now)
    token = new_token()
    link = await Token.create(
        person_id=person_id, purpose=purpose, digest=digest(token), expires_at=now + lasts
    )
    return token, link
