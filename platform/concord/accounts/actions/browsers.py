"""Sessions: begun with a new token, moved to another, ended."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from concord import audit
from concord.accounts.lifetimes import ABSOLUTE
from concord.accounts.models import Membership, Person, Session
from concord.accounts.policy import may_keep_account
from concord.accounts.secrets import digest, new_token
from concord.actor import Actor
from concord.database import transaction
from concord.errors import NotFound

DEVICE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """What a browser is given once: the cookie's token, and that of its forms."""

    cookie: str = field(repr=False)
    csrf: str = field(repr=False)


def new_tokens() -> SessionTokens:
    return SessionTokens(cookie=new_token(), csrf=new_token())


async def begin(
    person: Person, membership: Membership, *, device: str, now: datetime
) -> SessionTokens:
    """A session in that seat, at most 12 hours; in the caller's transaction."""
    tokens = new_tokens()
    await Session.create(
        digest=digest(tokens.cookie),
        person_id=person.id,
        membership_id=membership.id,
        csrf_token=tokens.csrf,
        device=device[:DEVICE_LENGTH],
        seen_at=now,
        expires_at=now + ABSOLUTE,
    )
    return tokens


async def seat_of(person_id: UUID) -> Membership | None:
    """Where a person sits down: the seat used last, else the oldest."""
    last = await Session.filter(person_id=person_id).order_by("-seen_at").first()
    seats = await Membership.filter(person_id=person_id, ended_at=None).order_by(
        "created_at", "id"
    )
    used = [seat for seat in seats if last is not None and seat.id == last.membership_id]
    return next(iter([*used, *seats]), None)


async def end_sessions(person_id: UUID, *, now: datetime, but: UUID | None = None) -> int:
    """End every session of a person, except the one given; in the caller's transaction."""
    open_ones = Session.filter(person_id=person_id, ended_at=None)
    if but is not None:
        open_ones = open_ones.exclude(id=but)
    return await open_ones.update(ended_at=now)


async def sign_out(session_id: UUID, *, actor: Actor, now: datetime) -> None:
    """End the session in use."""
    await end_session(session_id, actor=actor, now=now, action="person.signed_out")


async def end_session(
    session_id: UUID, *, actor: Actor, now: datetime, action: str = "session.ended"
) -> None:
    """End one of the actor's own sessions; NotFound for anybody else's."""
    async with transaction():
        ended = await Session.filter(
            id=session_id, person_id=actor.person_id, ended_at=None
        ).update(ended_at=now)
        if not ended or actor.person_id is None:
            raise NotFound
        await audit.record(
            action, actor=actor, subject_kind="person", subject_id=actor.person_id, now=now
        )


async def end_other_sessions(session_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Sign the actor out everywhere but here."""
    async with transaction():
        if actor.person_id is None or not may_keep_account(actor, actor.person_id):
            raise NotFound
        ended = await end_sessions(actor.person_id, now=now, but=session_id)
        await audit.record(
            "session.others_ended",
            actor=actor,
            subject_kind="person",
            subject_id=actor.person_id,
            now=now,
            sessions=ended,
        )
    return ended


async def take_seat(
    membership_id: UUID, *, session_id: UUID, actor: Actor, now: datetime
) -> SessionTokens:
    """Act in another of one's memberships; the session goes on under a new token."""
    async with transaction():
        seat = await Membership.get_or_none(
            id=membership_id, person_id=actor.person_id, ended_at=None
        )
        if seat is None:
            raise NotFound
        tokens = new_tokens()
        moved = await Session.filter(id=session_id, ended_at=None).update(
            digest=digest(tokens.cookie), csrf_token=tokens.csrf, membership_id=seat.id
        )
        if not moved:
            raise NotFound
        await audit.record(
            "session.seat_taken",
            actor=actor,
            subject_kind="membership",
            subject_id=seat.id,
            now=now,
        )
    return tokens


async def rotate(session_id: UUID) -> SessionTokens:
    """The same session under a new token; in the caller's transaction."""
    tokens = new_tokens()
    await Session.filter(id=session_id, ended_at=None).update(
        digest=digest(tokens.cookie), csrf_token=tokens.csrf
    )
    return tokens
