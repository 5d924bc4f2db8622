"""A State's people: nominated, accredited on a note verbale, ended."""

from datetime import datetime
from typing import Literal, NoReturn

from concord import audit
from concord.accounts.actions import admit
from concord.accounts.hand_over import Departure, hand_over
from concord.accounts.models import Membership, Session
from concord.accounts.values import Invitation, Seating
from concord.actor import FOCAL_POINTS, Actor, Role
from concord.database import transaction
from concord.errors import Conflict, NotAllowed
from concord.inbox.actions import close_tasks, open_task, tell
from concord.organizations.actions.attachments import store_attachment
from concord.organizations.models import Organization
from concord.organizations.policy import (
    accreditation_of,
    may_accredit,
    may_end_accreditation,
    may_nominate,
)
from concord.organizations.queries import office_of
from concord.organizations.states import ACCREDITATION, Accreditation
from concord.organizations.values import File, Nomination, NoteVerbale
from concord.reference.models import State
from notifications.messages import Message
from notifications.messages.accounts import (
    AccreditationEnded,
    AccreditationGranted,
    FocalPointNominated,
)
from notifications.recipients import Case

MAY_NOT_NOMINATE = (
    "A focal point nominates the alternate, drafters and observers of the same office;"
    " a coordinator of the State nominates anybody of it."
)
OTHER_OFFICE = (
    "The focal points of this State are at “%(office)s”. One office speaks for a State:"
    " nominate there, or end the accreditations there first."
)
NOT_COORDINATOR = "Only a coordinator who serves this State does this."


async def nominate(
    office: Organization, nomination: Nomination, *, actor: Actor, now: datetime
) -> Membership:
    """Propose somebody for a role at a State authority, and invite them.

    Focal points and alternates wait for accreditation; drafters and observers do not.
    """
    async with transaction():
        if not may_nominate(actor, office, nomination.role) or office.state_id is None:
            raise NotAllowed(MAY_NOT_NOMINATE)
        if nomination.role in FOCAL_POINTS:
            await _check_one_office(office, office.state_id)
        seat = Seating(organization_id=office.id, role=nomination.role)
        person = await admit(
            Invitation(
                email=nomination.email, name=nomination.name, seat=seat, locale=nomination.locale
            ),
            actor=actor,
            now=now,
        )
        membership = await Membership.get(
            person_id=person.id, organization_id=office.id, role=nomination.role
        )
        if nomination.role in FOCAL_POINTS:
            await _ask_for_accreditation(membership, office, actor=actor, now=now)
        await _record("membership.nominated", membership, actor=actor, now=now)
    return membership


async def accredit(
    membership: Membership, note: NoteVerbale, file: File, *, actor: Actor, now: datetime
) -> None:
    """A nominee may bind the State from now on; the note verbale is kept with it."""
    async with transaction():
        membership, state = await _locked(membership)
        if not may_accredit(actor, membership, state):
            _refuse("accredit", membership)
        kept = await store_attachment(
            file,
            subject_kind="accreditation",
            subject_id=membership.id,
            actor=actor,
            now=now,
        )
        membership.accreditation = Accreditation.ACCREDITED.value
        membership.note_reference, membership.note_date = note.reference, note.date
        membership.note_attachment_id = kept.id
        membership.accredited_by_id, membership.accredited_at = actor.person_id, now
        await membership.save()
        await _settle(membership, now=now)
        granted = AccreditationGranted(state=state, role=_focal(membership.role))
        await _tell(membership, granted, now=now)
        await _record("membership.accredited", membership, actor=actor, now=now)


async def end_accreditation(
    membership: Membership, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Somebody no longer acts for the State: the seat is closed, its sessions end."""
    async with transaction():
        membership, state = await _locked(membership)
        if not may_end_accreditation(actor, membership, state):
            _refuse("end", membership)
        membership.accreditation, membership.ended_at = Accreditation.ENDED.value, now
        membership.ended_note = reason
        await membership.save()
        await Session.filter(membership_id=membership.id, ended_at=None).update(ended_at=now)
        await hand_over(
            Departure(
                person_id=membership.person_id,
                membership_ids=frozenset({membership.id}),
                roles=frozenset({membership.role}),
            ),
            now=now,
        )
        if membership.role in FOCAL_POINTS:
            await _settle(membership, now=now)
            ended = AccreditationEnded(state=state, role=_focal(membership.role))
            await _tell(membership, ended, now=now)
        await _record("membership.accreditation_ended", membership, actor=actor, now=now)


def _refuse(verb: str, membership: Membership) -> NoReturn:
    """`Conflict` when the membership has moved on, `NotAllowed` when the actor never may."""
    ACCREDITATION.check(verb, accreditation_of(membership))
    raise NotAllowed(NOT_COORDINATOR)


async def _check_one_office(office: Organization, state: str) -> None:
    """Hold the State, so that two offices cannot be opened at once."""
    await State.select_for_update(no_key=True).get(code=state)
    present = await office_of(state)
    if present is not None and present.id != office.id:
        raise Conflict(OTHER_OFFICE, office=present.name)


async def _locked(membership: Membership) -> tuple[Membership, str]:
    """The membership FOR UPDATE, and the State whose authority it is at."""
    locked = await Membership.select_for_update().get(id=membership.id)
    office = await Organization.get(id=locked.organization_id)
    return locked, office.state_id or ""


async def _ask_for_accreditation(
    membership: Membership, office: Organization, *, actor: Actor, now: datetime
) -> None:
    state = office.state_id or ""
    await open_task(
        "accredit_focal_point",
        subject_kind="organization",
        subject_id=membership.id,
        subject_public_id=office.public_id,
        roles={Role.COORDINATOR},
        state=state,
        now=now,
    )
    await tell(
        FocalPointNominated(
            organization=office.public_id, state=state, role=_focal(membership.role)
        ),
        case=Case(lead_state=state, actor=actor.person_id),
        event=f"membership:{membership.id}:nominated:{now.isoformat()}",
        now=now,
    )


async def _settle(membership: Membership, *, now: datetime) -> None:
    """Nobody waits any longer for this nomination."""
    await close_tasks(membership.id, "accredit_focal_point", now=now)


async def _tell(membership: Membership, message: Message, *, now: datetime) -> None:
    await tell(
        message,
        case=Case(person=membership.person_id),
        event=f"membership:{membership.id}:{now.isoformat()}",
        now=now,
    )


async def _record(action: str, membership: Membership, *, actor: Actor, now: datetime) -> None:
    await audit.record(
        action,
        actor=actor,
        subject_kind="membership",
        subject_id=membership.id,
        now=now,
        role_given=membership.role.value,
        organization=str(membership.organization_id),
    )


def _focal(role: Role) -> Literal["focal_point", "alternate"]:
    return "alternate" if role is Role.ALTERNATE else "focal_point"
