"""People go, or serve fewer States: what waited for them moves in the same transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from concord import audit
from concord.accounts.actions.browsers import end_sessions
from concord.accounts.actions.links import end_links
from concord.accounts.hand_over import NOBODY_LEFT, Departure, hand_over
from concord.accounts.models import Membership, Person, RecoveryCode, Session
from concord.accounts.policy import may_deactivate, may_end_membership, may_manage_people
from concord.accounts.states import PersonState
from concord.accounts.telling import tell
from concord.actor import Actor, Role
from concord.database import transaction
from concord.errors import Conflict, NotAllowed, NotFound
from notifications.messages.accounts import TasksHandedOver

MAY_NOT = "You may not do this to this account. Another administrator can."
LAST_ADMINISTRATOR = "This is the last administrator. Make somebody else administrator first."
GONE = "This account is closed already."
NO_HEIR = "Choose an active person in the same role."


async def deactivate(
    person: Person, *, hand_over_to: Person | None, actor: Actor, now: datetime
) -> int:
    """Close an account and hand its open work over; how many pieces moved.

    Sessions and links end, secrets are erased. `Conflict` when it is the last administrator's,
    or when open work would be left with nobody.
    """
    async with transaction():
        if not may_deactivate(actor, person.id):
            raise NotAllowed(MAY_NOT)
        await _lock_administrators()
        person = await Person.select_for_update().get(id=person.id)
        if person.state is PersonState.DEACTIVATED:
            raise Conflict(GONE)
        was_active = person.state is PersonState.ACTIVE
        await _close(person, now=now)
        seats = await _end(await _seats(person.id), now=now)
        moved = await _move(person.id, seats, was_active=was_active, heir=hand_over_to, now=now)
        await audit.record(
            "person.deactivated",
            actor=actor,
            subject_kind="person",
            subject_id=person.id,
            now=now,
            heir=str(hand_over_to.id) if hand_over_to else None,
            moved=moved,
        )
    return moved


async def end_membership(
    membership: Membership, *, hand_over_to: Person | None, actor: Actor, now: datetime
) -> int:
    """Take one role from somebody; what waited for them in it moves."""
    async with transaction():
        await _lock_administrators()
        person = await Person.select_for_update().get(id=membership.person_id)
        was_active = person.state is PersonState.ACTIVE
        seats = await _seats(person.id)
        seat = next((seat for seat in seats if seat.id == membership.id), None)
        if seat is None:
            raise NotFound
        if not may_end_membership(actor, seat.role, seat.organization_id):
            raise NotAllowed(MAY_NOT)
        await _end([seat], now=now)
        await Session.filter(membership_id=seat.id, ended_at=None).update(ended_at=now)
        moved = await _move(person.id, [seat], was_active=was_active, heir=hand_over_to, now=now)
        await audit.record(
            "membership.ended",
            actor=actor,
            subject_kind="membership",
            subject_id=seat.id,
            now=now,
            person=str(person.id),
            moved=moved,
        )
    return moved


async def change_states(
    membership: Membership, states: Collection[str], *, actor: Actor, now: datetime
) -> None:
    """Other States for a coordinator; none means all. `Conflict` if work stays with nobody."""
    async with transaction():
        if not may_manage_people(actor):
            raise NotAllowed(MAY_NOT)
        seat = await Membership.select_for_update().get(id=membership.id)
        if seat.ended_at is not None or seat.role is not Role.COORDINATOR:
            raise NotFound
        seat.states = sorted(states)
        await seat.save(update_fields=["states"])
        await hand_over(
            Departure(
                person_id=seat.person_id, membership_ids=frozenset({seat.id}), roles=frozenset()
            ),
            now=now,
        )
        await audit.record(
            "membership.states_changed",
            actor=actor,
            subject_kind="membership",
            subject_id=seat.id,
            now=now,
            states=sorted(states),
        )


async def _lock_administrators() -> None:
    """Two who take each other's role away at once come one after the other."""
    await Membership.filter(role=Role.ADMIN, ended_at=None).select_for_update().order_by("id")


async def _seats(person_id: UUID) -> list[Membership]:
    return (
        await Membership.filter(person_id=person_id, ended_at=None)
        .select_for_update()
        .order_by("id")
    )


async def _close(person: Person, *, now: datetime) -> None:
    person.state, person.deactivated_at = PersonState.DEACTIVATED, now
    person.password_hash = person.totp_secret = person.totp_counter = None
    await person.save(
        update_fields=[
            "state",
            "deactivated_at",
            "password_hash",
            "totp_secret",
            "totp_counter",
        ]
    )
    await RecoveryCode.filter(person_id=person.id).delete()
    await end_links(person.id, now=now)
    await end_sessions(person.id, now=now)


async def _end(seats: Sequence[Membership], *, now: datetime) -> Sequence[Membership]:
    await Membership.filter(id__in=[seat.id for seat in seats]).update(ended_at=now)
    administrators = Membership.filter(
        role=Role.ADMIN, ended_at=None, person__state=PersonState.ACTIVE
    )
    if any(seat.role is Role.ADMIN for seat in seats) and not await administrators.exists():
        raise Conflict(LAST_ADMINISTRATOR)
    return seats


async def _move(
    person_id: UUID,
    seats: Sequence[Membership],
    *,
    was_active: bool,
    heir: Person | None,
    now: datetime,
) -> int:
    """What only waited for a role is looked at when an active person gives the role up."""
    kept = {seat.role for seat in await Membership.filter(person_id=person_id, ended_at=None)}
    given_up = frozenset(seat.role for seat in seats) - kept
    heir_roles = await _roles_of(heir, person_id=person_id)
    if heir is not None and not heir_roles & given_up:
        raise Conflict(NO_HEIR)
    moved = await hand_over(
        Departure(
            person_id=person_id,
            membership_ids=frozenset(seat.id for seat in seats if was_active),
            roles=given_up,
            heir_id=heir.id if heir else None,
            heir_roles=heir_roles,
        ),
        now=now,
    )
    if moved and heir is None:
        raise Conflict(NOBODY_LEFT)
    if moved and heir is not None:
        event = f"from:{person_id}:{now.isoformat()}"
        await tell(TasksHandedOver(tasks=moved), person_id=heir.id, event=event, now=now)
    return moved


async def _roles_of(heir: Person | None, *, person_id: UUID) -> frozenset[Role]:
    if heir is None or heir.id == person_id or heir.state is not PersonState.ACTIVE:
        return frozenset()
    return frozenset(
        seat.role for seat in await Membership.filter(person_id=heir.id, ended_at=None)
    )
