"""The actor that a person is in one seat, for commands that come from no browser."""

from collections.abc import Collection

from concord.accounts.models import Membership
from concord.accounts.states import PersonState
from concord.actor import STATE_ROLES, Actor, Role, Seat
from concord.errors import NotFound


async def actor_of(membership: Membership) -> Actor:
    """What a session in this seat would load; three queries."""
    await membership.fetch_related("person", "organization")
    person, place = membership.person, membership.organization
    held = await Membership.filter(person_id=person.id, ended_at=None).select_related(
        "organization"
    )
    return Actor(
        person_id=person.id,
        name=person.name,
        role=membership.role,
        membership_id=membership.id,
        organization_id=place.id,
        organization_name=place.name,
        organization_kind=place.kind.value,
        organization_verified=place.verification == "verified",
        state=place.state_id if membership.role in STATE_ROLES else None,
        states=frozenset(membership.states),
        accredited=membership.accreditation == "accredited",
        locale=person.locale,
        seats=tuple(
            Seat(each.id, each.role, each.organization_id, each.organization.name)
            for each in sorted(held, key=lambda each: (each.organization.name, each.role))
        ),
    )


async def actor_named(email: str, *, roles: Collection[Role]) -> Actor:
    """The active person with this address, in a seat of one of the roles; NotFound otherwise."""
    seat = (
        await Membership.filter(
            person__email=email.strip().lower(),
            person__state=PersonState.ACTIVE,
            role__in=list(roles),
            ended_at=None,
        )
        .order_by("created_at", "id")
        .first()
    )
    if seat is None:
        words = " or ".join(sorted(role.value.replace("_", " ") for role in roles))
        raise NotFound(f"There is no active {words} with the address {email}.")
    return await actor_of(seat)
