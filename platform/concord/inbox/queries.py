"""What people were told and what waits for them."""

from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from concord.accounts.models import Membership as Seat
from concord.accounts.states import PersonState
from concord.actor import SECRETARIAT_ROLES, Actor
from concord.inbox.models import Notice, Task
from notifications.recipients import Case, Membership


async def memberships_for(case: Case[UUID]) -> list[Membership[UUID]]:
    """The active people whom a message about this case might concern, one entry a role."""
    organizations = {case.owner, *case.asked, *case.circulated_to} - {None}
    states = {case.lead_state, *case.co_states} - {None}
    concerned = Q(role__in=SECRETARIAT_ROLES) | Q(organization_id__in=organizations)
    concerned |= Q(organization__state_id__in=states, organization__kind="state_authority")
    named = {case.person, *case.authors} - {None}
    concerned |= Q(person_id__in=named)
    rows = (
        await Seat.filter(concerned, person__state__not=PersonState.DEACTIVATED, ended_at=None)
        .select_related("person", "organization")
        .order_by("id")
    )
    return [
        Membership(
            person=row.person_id,
            role=row.role,
            organization=row.organization_id,
            state=row.organization.state_id,
            coordinated_states=frozenset(row.states),
            accredited=row.accreditation == "accredited",
            wants_email=row.person.wants_email,
        )
        for row in rows
    ]


def waiting_for(actor: Actor) -> QuerySet[Task]:
    """Open tasks that this actor may take, the most urgent first."""
    if not actor.is_signed_in or actor.role is None:
        return Task.filter(id=None)
    mine = Q(person_id=None) | Q(person_id=actor.person_id)
    place = Q(organization_id=None, state_code=None) | Q(organization_id=actor.organization_id)
    if actor.is_state:
        place |= Q(state_code=actor.state)
    elif actor.is_coordinator and actor.states:
        place |= Q(state_code__in=actor.states)
    elif actor.is_secretariat:
        place |= Q(state_code__isnull=False)
    return Task.filter(mine, place, roles__contains=[actor.role.value], closed_at=None).order_by(
        "due_at", "opened_at", "id"
    )


def notices_of(actor: Actor) -> QuerySet[Notice]:
    return Notice.filter(person_id=actor.person_id).order_by("-told_at", "id")
