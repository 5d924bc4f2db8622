"""Who may do what to accounts: the whole table."""

from uuid import UUID

from concord.accounts.states import SEATS
from concord.actor import PROVIDER_ROLES, Actor, Role

PEOPLE_KEEPERS = frozenset({Role.ADMIN, Role.PARTNER_ADMIN})


def may_list_people(actor: Actor) -> bool:
    """Administrators see everyone, a provider's administrator the provider's own people."""
    return actor.role in PEOPLE_KEEPERS


def may_invite(actor: Actor, role: Role, organization_id: UUID) -> bool:
    """An administrator anybody; a provider's administrator people of the same provider."""
    if actor.role is Role.ADMIN:
        return True
    return _keeps(actor, organization_id) and role in PROVIDER_ROLES


def may_end_membership(actor: Actor, role: Role, organization_id: UUID) -> bool:
    return may_invite(actor, role, organization_id)


def may_resend_invitation(actor: Actor, organization_ids: frozenset[UUID]) -> bool:
    return actor.role is Role.ADMIN or any(
        _keeps(actor, organization_id) for organization_id in organization_ids
    )


def may_manage_people(actor: Actor) -> bool:
    """Whatever touches the whole person, or the States that a coordinator serves."""
    return actor.role is Role.ADMIN


def may_reset_second_factor(actor: Actor, person_id: UUID) -> bool:
    """Four eyes: nobody takes off their own second factor."""
    return may_manage_people(actor) and actor.person_id != person_id


def may_deactivate(actor: Actor, person_id: UUID) -> bool:
    return may_manage_people(actor) and actor.person_id != person_id


def may_erase(actor: Actor, person_id: UUID) -> bool:
    return may_deactivate(actor, person_id)


def may_keep_account(actor: Actor, person_id: UUID) -> bool:
    """Password, sessions, profile and seat: everyone their own, and nobody else's."""
    return actor.is_signed_in and actor.person_id == person_id


def fits(role: Role, organization_kind: str) -> bool:
    """Whether an organization of that kind has that role."""
    return role in SEATS.get(organization_kind, frozenset())


def _keeps(actor: Actor, organization_id: UUID) -> bool:
    return actor.role is Role.PARTNER_ADMIN and actor.organization_id == organization_id
