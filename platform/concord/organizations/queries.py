"""Every read of organizations, their people, screenings and attachments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from concord.accounts.models import Membership, Person
from concord.actor import FOCAL_POINTS, STATE_ROLES, Actor
from concord.errors import NotFound
from concord.organizations.models import Attachment, Organization, Screening
from concord.organizations.policy import SEES_EVERYTHING, SEES_SCREENING, may_see_documents
from concord.organizations.states import (
    PROVIDER_KINDS,
    SCREENED_KINDS,
    OrganizationKind,
    Verification,
)
from concord.organizations.visibility import attachment_policies
from concord.reference.identifiers import normalized_public_id

LIST_ORDERS = {
    "name": "name_key",
    "kind": "kind",
    "state": "state_id",
    "verification": "verification",
    "registered": "created_at",
    "until": "verified_until",
}
QUEUE = (Verification.REGISTERED, Verification.SCREENING)
EXPIRES_SOON = timedelta(days=60)
_FILE_COLUMNS = ("id", "filename", "media_type", "size", "created_at", "secretariat_only")


def visible_to(actor: Actor) -> QuerySet[Organization]:
    """UNODC sees all; a State its own authorities and verified providers; others their own."""
    if actor.role in SEES_EVERYTHING:
        return Organization.all()
    if not actor.is_signed_in or actor.organization_id is None:
        return Organization.filter(id=None)
    seen = Q(id=actor.organization_id)
    if actor.is_state:
        seen |= Q(kind=OrganizationKind.STATE_AUTHORITY, state_id=actor.state)
        seen |= Q(kind__in=PROVIDER_KINDS, verification=Verification.VERIFIED)
    return Organization.filter(seen)


async def organization_for(actor: Actor, public_id: str) -> Organization:
    """NotFound for what the actor may not see and for what does not exist, alike."""
    wanted = normalized_public_id(public_id) or ""
    found = await visible_to(actor).filter(public_id=wanted).first()
    if found is None:
        raise NotFound
    return found


def organizations(
    actor: Actor, *, search: str = "", kind: str = "", verification: str = "", state: str = ""
) -> QuerySet[Organization]:
    """Of the visible: those whose name or id holds `search`, filtered."""
    found = visible_to(actor)
    if search:
        found = found.filter(Q(name__icontains=search) | Q(public_id__icontains=search))
    if kind:
        found = found.filter(kind=kind)
    if verification:
        found = found.filter(verification=verification)
    if state:
        found = found.filter(state_id=state)
    return found


async def lock(organization_id: UUID) -> Organization:
    """SELECT … FOR UPDATE, inside the caller's transaction."""
    return await Organization.select_for_update(no_key=True).get(id=organization_id)


def providers() -> QuerySet[Organization]:
    """Verified providers of every kind."""
    return Organization.filter(
        kind__in=PROVIDER_KINDS, verification=Verification.VERIFIED
    ).order_by("name_key", "id")


async def alike(organization: Organization) -> list[Organization]:
    """Others under the same normalized name in the same country, or where one names none."""
    same_place = (
        Q()
        if organization.state_id is None
        else (Q(state_id=organization.state_id) | Q(state_id=None))
    )
    return (
        await Organization.filter(same_place, name_key=organization.name_key)
        .exclude(id=organization.id)
        .order_by("id")
    )


# State authorities and their people


async def authorities_of(state: str) -> list[Organization]:
    return await Organization.filter(
        kind=OrganizationKind.STATE_AUTHORITY, state_id=state
    ).order_by("name_key", "id")


async def office_of(state: str) -> Organization | None:
    """The one authority whose focal points speak for the State."""
    return (
        await Organization.filter(
            kind=OrganizationKind.STATE_AUTHORITY,
            state_id=state,
            id__in=Subquery(
                Membership.filter(role__in=FOCAL_POINTS, ended_at=None).values("organization_id")
            ),
        )
        .order_by("created_at", "id")
        .first()
    )


async def members_of(organization: Organization, *, ended: bool = False) -> list[Membership]:
    """Who belongs to an organization, with their persons; `ended` adds those who left."""
    found = Membership.filter(organization_id=organization.id)
    if not ended:
        found = found.filter(ended_at=None)
    return await found.select_related("person").order_by("ended_at", "person__name", "id")


async def membership_at(organization: Organization, membership_id: str) -> Membership:
    """A State role of a person at this authority; NotFound otherwise."""
    found = (
        await Membership.filter(
            id=uuid_or_nothing(membership_id),
            organization_id=organization.id,
            role__in=STATE_ROLES,
        )
        .select_related("person")
        .first()
    )
    if found is None:
        raise NotFound
    return found


# Verification


async def present_screening(organization: Organization) -> Screening | None:
    """The review that is open, else the last one decided."""
    return (
        await Screening.filter(organization_id=organization.id)
        .order_by("-created_at", "-id")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of a verification, with the name of whoever took it."""

    verb: str
    target: str
    at: datetime
    note: str
    told: str
    name: str


async def steps_of(organization: Organization) -> list[Taken]:
    rows = await get_connection("default").execute_query_dict(
        "SELECT s.verb, s.target, s.at, s.note, s.told, coalesce(p.name, '') AS name"
        " FROM organization_step s LEFT JOIN person p ON p.id = s.person_id"
        " WHERE s.organization_id = $1 ORDER BY s.at, s.created_at, s.id",
        [organization.id],
    )
    return [Taken(**row) for row in rows]


async def names_of(person_ids: Sequence[UUID | None]) -> Mapping[UUID, str]:
    """The names of people that steps and acts mention."""
    wanted = {each for each in person_ids if each is not None}
    rows = await Person.filter(id__in=wanted).only("id", "name") if wanted else []
    return {row.id: row.name for row in rows}


async def email_of(actor: Actor) -> str:
    """The address with which the actor signs in."""
    found = await Person.get(id=actor.person_id)
    return found.email


def awaiting_screening(*, now: datetime) -> QuerySet[Organization]:
    """The officers' queue: new, under review, expired, or about to expire."""
    due = Q(verification__in=QUEUE) | Q(verification=Verification.EXPIRED)
    soon = Q(verification=Verification.VERIFIED, verified_until__lt=now + EXPIRES_SOON)
    return Organization.filter(due | soon, kind__in=SCREENED_KINDS)


def awaiting_recognition() -> QuerySet[Organization]:
    """States and intergovernmental organizations that nobody has recognized yet."""
    return Organization.filter(
        kind__in=PROVIDER_KINDS - SCREENED_KINDS, verification=Verification.REGISTERED
    )


# Attachments


@dataclass(frozen=True, slots=True)
class Listed:
    """An attachment without its content."""

    id: UUID
    filename: str
    media_type: str
    size: int
    created_at: datetime
    secretariat_only: bool


async def attachments_of(actor: Actor, subject_id: UUID) -> list[Listed]:
    """What is attached to a subject that the actor has been shown; contents are not read."""
    found = Attachment.filter(subject_id=subject_id)
    if not actor.is_secretariat:
        found = found.filter(secretariat_only=False)
    rows = await found.order_by("created_at", "id").values(*_FILE_COLUMNS)
    return [Listed(**row) for row in rows]


async def attachment_for(actor: Actor, attachment_id: str) -> Attachment:
    """A file that the actor may open; NotFound for any other and for unknown ids."""
    columns = ("id", "subject_kind", "subject_id", "secretariat_only")
    found = await Attachment.filter(id=uuid_or_nothing(attachment_id)).only(*columns).first()
    if found is None or (found.secretariat_only and not actor.is_secretariat):
        raise NotFound
    may_open = attachment_policies.get(found.subject_kind)
    if may_open is None or not await may_open(actor, found.subject_id):
        raise NotFound
    return await Attachment.get(id=found.id)


async def _may_open_paper(actor: Actor, organization_id: UUID) -> bool:
    found = await visible_to(actor).filter(id=organization_id).first()
    return found is not None and may_see_documents(actor, found)


async def _may_open_note(actor: Actor, membership_id: UUID) -> bool:
    """The note verbale of an accreditation: UNODC's case workers and the State itself."""
    if actor.role in SEES_SCREENING:
        return await Membership.exists(id=membership_id)
    return actor.is_state and await Membership.exists(
        id=membership_id, organization__state_id=actor.state
    )


attachment_policies["organization"] = _may_open_paper
attachment_policies["accreditation"] = _may_open_note


def uuid_or_nothing(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
