"""Every read of people, their memberships, links and sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.expressions import Q
from tortoise.functions import Max
from tortoise.query_utils import Prefetch
from tortoise.queryset import QuerySet

from concord.accounts.models import Membership, Person, RecoveryCode, Session, Token
from concord.accounts.policy import may_list_people
from concord.accounts.secrets import digest
from concord.accounts.states import PersonState, TokenPurpose
from concord.actor import FOCAL_POINTS, SECRETARIAT_ROLES, Actor, Role
from concord.errors import NotFound

PEOPLE_ORDERS = {
    "name": "name",
    "email": "email",
    "state": "state",
    "joined": "created_at",
    "seen": "seen",
}


@dataclass(frozen=True, slots=True)
class Place:
    """An organization that may be chosen in a form."""

    id: UUID
    name: str
    kind: str
    state: str | None


def visible_to(actor: Actor) -> QuerySet[Person]:
    """The people whom the actor keeps: all, those of the own provider, or none."""
    if actor.role is Role.ADMIN:
        return Person.all()
    if may_list_people(actor):
        return Person.filter(
            memberships__organization_id=actor.organization_id, memberships__ended_at=None
        ).distinct()
    return Person.filter(id=None)


def people(actor: Actor, *, search: str = "", role: str = "", state: str = "") -> QuerySet[Person]:
    """Of the visible: those whose name, address or organization holds `search`."""
    found = visible_to(actor)
    if search:
        found = found.filter(
            Q(name__icontains=search)
            | Q(email__icontains=search)
            | Q(memberships__organization__name__icontains=search)
        )
    if role:
        found = found.filter(memberships__role=role, memberships__ended_at=None)
    if state:
        found = found.filter(state=state)
    return found.distinct()


async def people_rows(
    found: QuerySet[Person], actor: Actor, *, order: Sequence[str], offset: int, limit: int
) -> list[Person]:
    """One window of a list, each with its memberships and when it was last `seen`."""
    return (
        await found.annotate(seen=Max("sessions__seen_at"))
        .order_by(*order)
        .offset(offset)
        .limit(limit)
        .prefetch_related(_memberships_shown_to(actor))
    )


async def person_for(actor: Actor, person_id: str) -> Person:
    """One person with memberships; NotFound alike for the unseen and the unknown."""
    try:
        wanted = UUID(person_id)
    except ValueError:
        wanted = UUID(int=0)
    found = await (
        visible_to(actor)
        .filter(id=wanted)
        .annotate(seen=Max("sessions__seen_at"))
        .prefetch_related(_memberships_shown_to(actor))
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _memberships_shown_to(actor: Actor) -> Prefetch:
    shown = Membership.filter(ended_at=None)
    if actor.role is not Role.ADMIN:
        shown = shown.filter(organization_id=actor.organization_id)
    return Prefetch(
        "memberships", shown.select_related("organization").order_by("created_at", "id")
    )


async def colleagues(person: Person) -> list[Person]:
    """Active people who may take over: who holds one of the same roles at the same place."""
    own = await Membership.filter(person_id=person.id, ended_at=None)
    alike = Q(id=None)
    for membership in own:
        place = Q(memberships__role=membership.role)
        if membership.role not in SECRETARIAT_ROLES:
            place &= Q(memberships__organization_id=membership.organization_id)
        alike |= place
    return (
        await Person.filter(alike, state=PersonState.ACTIVE, memberships__ended_at=None)
        .exclude(id=person.id)
        .distinct()
        .order_by("name", "id")
    )


async def places(actor: Actor) -> list[Place]:
    """The organizations to which the actor may invite."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT id, name, kind, state_id FROM organization"
        " WHERE $1::uuid IS NULL OR id = $1 ORDER BY name, id",
        [None if actor.role is Role.ADMIN else actor.organization_id],
    )
    return [Place(row["id"], row["name"], row["kind"], row["state_id"]) for row in rows]


async def place(organization_id: UUID) -> Place | None:
    rows = await get_connection("default").execute_query_dict(
        "SELECT id, name, kind, state_id FROM organization WHERE id = $1", [organization_id]
    )
    return Place(*rows[0].values()) if rows else None


async def other_office(chosen: Place) -> str | None:
    """The name of another authority of the same State at which its focal points are."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT o.name FROM organization o JOIN membership m ON m.organization_id = o.id"
        " WHERE o.kind = 'state_authority' AND o.state_id = $1 AND o.id <> $2"
        " AND m.role = ANY($3) AND m.ended_at IS NULL ORDER BY o.name LIMIT 1",
        [chosen.state, chosen.id, sorted(FOCAL_POINTS)],
    )
    return str(rows[0]["name"]) if rows else None


async def person_by_email(email: str) -> Person | None:
    """The person who signs in with an address, in lower case; for sign-in and reset alone."""
    return await Person.get_or_none(email=email)


async def open_link(token: str, *purposes: TokenPurpose, now: datetime) -> Token | None:
    """The unused, unexpired link of a raw token, with its person."""
    return (
        await Token.filter(
            digest=digest(token), purpose__in=purposes, used_at=None, expires_at__gt=now
        )
        .select_related("person")
        .first()
    )


async def sessions_of(person_id: UUID, *, now: datetime, idle_since: datetime) -> list[Session]:
    """The browsers that are signed in, the one used last first."""
    return await Session.filter(
        person_id=person_id, ended_at=None, expires_at__gt=now, seen_at__gt=idle_since
    ).order_by("-seen_at", "id")


async def recovery_codes_left(person_id: UUID) -> int:
    return await RecoveryCode.filter(person_id=person_id, used_at=None).count()


async def has_recovery_code(person_id: UUID, digest: str) -> bool:
    """Whether it is the digest of an unused recovery code."""
    return await RecoveryCode.exists(person_id=person_id, digest=digest, used_at=None)
