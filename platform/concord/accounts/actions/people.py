"""People come: invited, seated, invited again."""

from datetime import datetime

from concord import audit
from concord.accounts.actions.links import owe_activation
from concord.accounts.models import Membership, Person
from concord.accounts.policy import fits, may_invite, may_manage_people, may_resend_invitation
from concord.accounts.queries import other_office, place
from concord.accounts.states import Accreditation, PersonState, TokenPurpose
from concord.accounts.values import Invitation, Seating
from concord.actor import FOCAL_POINTS, Actor, Role
from concord.database import transaction
from concord.errors import Conflict, InvalidInput, NotAllowed, Text

MAY_NOT = "You may not invite people to this organization in this role."
UNFIT = "This organization has no such role. Choose another role or organization."
UNKNOWN_PLACE = "Choose one of the organizations."
OTHER_OFFICE = (
    "The focal points of this State are at “%(office)s”. One office speaks for a State:"
    " choose it, or end those roles there first."
)
LEFT = "This person's account was closed. An administrator can invite them anew."
HELD = "This person already has this role there."
NOTHING_TO_SEND = "This account is set up already: there is no invitation to send."


async def invite(values: Invitation, *, actor: Actor, now: datetime) -> Person:
    """Give somebody a role and, if the account is new, mail a link to set it up."""
    if not may_invite(actor, values.seat.role, values.seat.organization_id):
        raise NotAllowed(MAY_NOT)
    return await admit(values, actor=actor, now=now)


async def admit(values: Invitation, *, actor: Actor, now: datetime) -> Person:
    """What `invite` does, for callers with a rule of their own (registration, nomination).

    Focal points and alternates come in as nominees; accreditation is another act. An active
    person just gets the further role; one who had left starts anew if an administrator asks.
    """
    async with transaction():
        person = await _person(values, actor=actor)
        seat = await _seat(person, values.seat)
        if person.state is PersonState.INVITED:
            await owe_activation(person, purpose=TokenPurpose.ACTIVATION, now=now)
        await audit.record(
            "person.invited",
            actor=actor,
            subject_kind="person",
            subject_id=person.id,
            now=now,
            membership=str(seat.id),
            organization=str(seat.organization_id),
            role_given=seat.role.value,
        )
    return person


async def add_membership(
    person: Person, seat: Seating, *, actor: Actor, now: datetime
) -> Membership:
    """A further role for somebody who has an account."""
    async with transaction():
        person = await Person.select_for_update().get(id=person.id)
        if not may_invite(actor, seat.role, seat.organization_id):
            raise NotAllowed(MAY_NOT)
        if person.state is PersonState.DEACTIVATED:
            raise Conflict(LEFT)
        membership = await _seat(person, seat)
        await audit.record(
            "membership.added",
            actor=actor,
            subject_kind="membership",
            subject_id=membership.id,
            now=now,
            person=str(person.id),
            role_given=seat.role.value,
        )
    return membership


async def resend_invitation(person: Person, *, actor: Actor, now: datetime) -> None:
    """A new link for who has not set up the account or the second factor; the old one ends."""
    async with transaction():
        person = await Person.select_for_update().get(id=person.id)
        seats = await Membership.filter(person_id=person.id, ended_at=None)
        if not may_resend_invitation(actor, frozenset(seat.organization_id for seat in seats)):
            raise NotAllowed(MAY_NOT)
        if person.state is PersonState.INVITED:
            purpose = TokenPurpose.ACTIVATION
        elif person.state is PersonState.ACTIVE and person.totp_secret is None:
            purpose = TokenPurpose.ENROLMENT
        else:
            raise Conflict(NOTHING_TO_SEND)
        await owe_activation(person, purpose=purpose, now=now)
        await audit.record(
            "person.invited_again",
            actor=actor,
            subject_kind="person",
            subject_id=person.id,
            now=now,
        )


async def _person(values: Invitation, *, actor: Actor) -> Person:
    """The person with this address, locked; made where there is none (by two at once: one)."""
    await Person.bulk_create(
        [Person(email=values.email, name=values.name, locale=values.locale)],
        ignore_conflicts=True,
    )
    person = await Person.select_for_update().get(email=values.email)
    if person.state is PersonState.DEACTIVATED:
        if not may_manage_people(actor):
            raise Conflict(LEFT)
        person.state, person.deactivated_at = PersonState.INVITED, None
        person.name, person.locale = values.name, values.locale
        await person.save(update_fields=["state", "deactivated_at", "name", "locale"])
    return person


async def _seat(person: Person, seat: Seating) -> Membership:
    """The membership, new or taken up again. The person is locked."""
    found = await place(seat.organization_id)
    if found is None:
        raise InvalidInput({"organization": UNKNOWN_PLACE})
    if not fits(seat.role, found.kind):
        raise InvalidInput({"role": UNFIT})
    if seat.role in FOCAL_POINTS and (office := await other_office(found)):
        raise InvalidInput({"organization": Text(OTHER_OFFICE, office=office)})
    membership = await Membership.get_or_none(
        person_id=person.id, organization_id=found.id, role=seat.role
    )
    if membership is None:
        membership = Membership(person_id=person.id, organization_id=found.id, role=seat.role)
    elif membership.ended_at is None:
        raise Conflict(HELD)
    nominee = seat.role in FOCAL_POINTS
    membership.accreditation = (
        Accreditation.NOMINATED if nominee else Accreditation.ACCREDITED
    ).value
    membership.states = list(seat.states) if seat.role is Role.COORDINATOR else []
    membership.ended_at = None
    await membership.save()
    return membership
