"""Who may do what to organizations, accreditations, acts on behalf and code lists."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from concord.accounts.models import Membership
from concord.actor import FOCAL_POINTS, SECRETARIAT_ROLES, Actor, Role
from concord.organizations.models import ActOnBehalf, Organization
from concord.organizations.states import (
    ACCREDITATION,
    SCREENED_KINDS,
    VERIFICATION,
    Accreditation,
    OrganizationKind,
    Verification,
)

SEES_EVERYTHING = SECRETARIAT_ROLES
SEES_SCREENING = frozenset({Role.DUE_DILIGENCE, Role.COORDINATOR, Role.APPROVER})
SEES_ACTS = frozenset({Role.COORDINATOR, Role.APPROVER, Role.AUDITOR})
NOMINATED_BY_FOCAL_POINT = (Role.ALTERNATE, Role.DRAFTER, Role.OBSERVER)
NOMINATED_BY_COORDINATOR = (Role.FOCAL_POINT, Role.ALTERNATE, Role.DRAFTER, Role.OBSERVER)


# Organizations


def may_list(actor: Actor) -> bool:
    return actor.is_signed_in and actor.role is not None


def may_create(actor: Actor) -> bool:
    return actor.role is Role.ADMIN


def may_edit_profile(actor: Actor, organization: Organization) -> bool:
    """A provider's administrator its own, UNODC's administrator every one."""
    return actor.role is Role.ADMIN or _administers(actor, organization)


def may_see_people(actor: Actor, organization: Organization) -> bool:
    """UNODC, and the people of the same State or organization."""
    if organization.kind is OrganizationKind.STATE_AUTHORITY and actor.is_state:
        return actor.state == organization.state_id
    return actor.is_secretariat or actor.organization_id == organization.id


def may_see_documents(actor: Actor, organization: Organization) -> bool:
    return actor.role in SEES_SCREENING or _administers(actor, organization)


def may_add_document(actor: Actor, organization: Organization) -> bool:
    """Papers for the screening: from the provider, or from the officer's own enquiries."""
    if organization.kind not in SCREENED_KINDS:
        return False
    return actor.role is Role.DUE_DILIGENCE or _administers(actor, organization)


# Verification


def may_provide(organization: Organization, *, now: datetime) -> bool:
    """Verified now: screened, or recognized where nobody is screened; whatever the kind."""
    until = organization.verified_until
    return organization.verification is Verification.VERIFIED and (until is None or until > now)


def may_see_screening(actor: Actor) -> bool:
    return actor.role in SEES_SCREENING


def may_see_queue(actor: Actor) -> bool:
    return actor.role is Role.DUE_DILIGENCE


def screens(actor: Actor, organization: Organization) -> bool:
    """An officer or the provider's administrator, wherever the verification stands."""
    return actor.role is Role.DUE_DILIGENCE or _administers(actor, organization)


def may_open_screening(actor: Actor, organization: Organization) -> bool:
    """An officer, or the provider: at first, again, or before a verification runs out."""
    opens = organization.verification in VERIFICATION.rules["screen"].sources
    renews = organization.verification is Verification.VERIFIED
    able = screens(actor, organization)
    return organization.kind in SCREENED_KINDS and (opens or renews) and able


def may_decide(actor: Actor, organization: Organization) -> bool:
    """Verify, renew or reject an open review, and fill in the answers before."""
    return any(_may_verify_by(verb, actor, organization) for verb in ("verify", "renew"))


def may_ever(verb: str, actor: Actor) -> bool:
    """Whether a role may say `verb` to any verification at all."""
    return actor.role in VERIFICATION.rules[verb].roles


def may_recognize(actor: Actor, organization: Organization) -> bool:
    """States and intergovernmental organizations are recognized, never screened."""
    return (
        organization.kind not in SCREENED_KINDS
        and organization.kind is not OrganizationKind.SECRETARIAT
        and VERIFICATION.may("recognize", organization.verification, actor.role)
    )


def may_suspend(actor: Actor, organization: Organization) -> bool:
    return _may_verify_by("suspend", actor, organization)


def may_reinstate(actor: Actor, organization: Organization) -> bool:
    return _may_verify_by("reinstate", actor, organization)


# Accreditation


def nominable(actor: Actor, office: Organization) -> Collection[Role]:
    """The roles for which the actor may propose people at a State authority."""
    if office.kind is not OrganizationKind.STATE_AUTHORITY or office.state_id is None:
        return ()
    if actor.serves(office.state_id):
        return NOMINATED_BY_COORDINATOR
    if actor.is_focal_point and actor.organization_id == office.id:
        return NOMINATED_BY_FOCAL_POINT
    return ()


def may_nominate(actor: Actor, office: Organization, role: Role) -> bool:
    return role in nominable(actor, office)


def may_accredit(actor: Actor, membership: Membership, state: str) -> bool:
    """A coordinator who serves the State, on a focal point or alternate."""
    return (
        membership.role in FOCAL_POINTS
        and actor.serves(state)
        and ACCREDITATION.may("accredit", accreditation_of(membership), actor.role)
    )


def may_end_accreditation(actor: Actor, membership: Membership, state: str) -> bool:
    serves = actor.serves(state) or actor.role is Role.ADMIN
    return serves and ACCREDITATION.may("end", accreditation_of(membership), actor.role)


def accreditation_of(membership: Membership) -> Accreditation:
    """Where a State role stands; one that was taken away is ended, whatever it was before."""
    if membership.ended_at is not None:
        return Accreditation.ENDED
    return Accreditation(membership.accreditation)


# Acts on behalf of a State


def may_list_acts(actor: Actor) -> bool:
    return actor.role in SEES_ACTS or actor.is_state


def may_record_act(actor: Actor, state: str, assigned: Collection[UUID] | None = None) -> bool:
    return actor.serves(state) and (assigned is None or actor.person_id in assigned)


def may_confirm_act(actor: Actor, act: ActOnBehalf) -> bool:
    """Four eyes: another person than the recorder, who may work on the case."""
    waits = act.confirmed_at is None and act.refused_at is None
    able = actor.role is Role.APPROVER or actor.serves(act.state_id)
    named = act.assigned is None or actor.person_id in act.assigned
    return waits and able and named and actor.person_id != act.recorded_by_id


# Code lists


def may_edit_code_lists(actor: Actor) -> bool:
    return actor.role is Role.ADMIN


def _administers(actor: Actor, organization: Organization) -> bool:
    return actor.role is Role.PARTNER_ADMIN and actor.organization_id == organization.id


def _may_verify_by(verb: str, actor: Actor, organization: Organization) -> bool:
    return organization.kind in SCREENED_KINDS and VERIFICATION.may(
        verb, organization.verification, actor.role
    )
