"""What the page of one organization shows to whoever asks."""

from typing import Any

from concord.actor import Actor, Role
from concord.organizations import policy, queries
from concord.organizations.labels import FINDINGS, KINDS, SANCTIONS, VERBS
from concord.organizations.models import Organization
from concord.organizations.questions import QUESTIONS
from concord.organizations.states import SCREENED_KINDS, OrganizationKind, Verification
from concord.web.elements import Progress, Step

STOPPED = frozenset({Verification.REJECTED, Verification.EXPIRED, Verification.SUSPENDED})


async def overview(organization: Organization, actor: Actor) -> dict[str, Any]:
    """Everything that organizations/show.html lays out; at most five queries."""
    is_authority = organization.kind is OrganizationKind.STATE_AUTHORITY
    sees_screening = policy.may_see_screening(actor) and not is_authority
    sees_documents = policy.may_see_documents(actor, organization) and not is_authority
    own = actor.organization_id == organization.id
    return {
        "organization": organization,
        "kinds": KINDS,
        "findings": FINDINGS,
        "sanctions": SANCTIONS,
        "questions": QUESTIONS,
        "is_authority": is_authority,
        "is_screened": organization.kind in SCREENED_KINDS,
        "own": own,
        "screening": await queries.present_screening(organization)
        if (sees_screening or own) and not is_authority
        else None,
        "sees_screening": sees_screening,
        "documents": await queries.attachments_of(actor, organization.id)
        if sees_documents
        else [],
        "sees_documents": sees_documents,
        "people": await _people(organization, actor),
        "steps": await _timeline(organization, actor)
        if sees_screening or (own and not is_authority)
        else [],
        "may": _permissions(organization, actor),
    }


def _permissions(organization: Organization, actor: Actor) -> dict[str, bool]:
    return {
        "edit": policy.may_edit_profile(actor, organization),
        "add_document": policy.may_add_document(actor, organization),
        "open_screening": policy.may_open_screening(actor, organization),
        "decide": policy.may_decide(actor, organization),
        "recognize": policy.may_recognize(actor, organization),
        "suspend": policy.may_suspend(actor, organization),
        "reinstate": policy.may_reinstate(actor, organization),
        "nominate": bool(policy.nominable(actor, organization)),
        "see_people": policy.may_see_people(actor, organization),
        "end": actor.serves(organization.state_id or "") or actor.role is Role.ADMIN,
        "see_acts": policy.may_list_acts(actor)
        and (not actor.is_state or actor.state == organization.state_id),
    }


async def _people(organization: Organization, actor: Actor) -> list[dict[str, Any]]:
    """The people of an authority or a provider, with what may be done about each."""
    if not policy.may_see_people(actor, organization):
        return []
    state = organization.state_id or ""
    return [
        {
            "seat": seat,
            "standing": policy.accreditation_of(seat),
            "may_accredit": policy.may_accredit(actor, seat, state),
            "may_end": policy.may_end_accreditation(actor, seat, state)
            and organization.kind is OrganizationKind.STATE_AUTHORITY,
        }
        for seat in await queries.members_of(organization)
    ]


async def _timeline(organization: Organization, actor: Actor) -> list[Step]:
    """The steps of the verification; names and notes are for UNODC alone."""
    taken = await queries.steps_of(organization)
    inside = policy.may_see_screening(actor)
    return [
        Step(
            VERBS[step.verb],
            _progress(step, last=step is taken[-1]),
            who=step.name if inside else "",
            at=step.at,
            note=step.note if inside else step.told,
        )
        for step in taken
    ]


def _progress(step: queries.Taken, *, last: bool) -> Progress:
    if not last:
        return Progress.DONE
    if step.target in STOPPED:
        return Progress.STOPPED
    return Progress.DONE if step.target == Verification.VERIFIED else Progress.CURRENT
