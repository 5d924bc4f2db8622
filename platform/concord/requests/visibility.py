"""Which requests somebody may see at all: one condition, without joins, for every list."""

from tortoise.expressions import Q, Subquery

from concord.actor import STATE_ROLES, Actor, Role
from concord.requests.models import Disclosure, RequestAssignment, RequestExclusion
from concord.requests.states import (
    CIRCULATED_CLASSES,
    DISCLOSABLE,
    OPEN_STATES,
    SUMMARIZED,
    Confidentiality,
)
from concord.requests.values import Level

NOTHING = Q(id__isnull=True)
_SEALED = Confidentiality.SEALED


def visible_q(actor: Actor) -> Q:
    """What this actor may see of `Request`; nothing, for whoever has no part in requests."""
    if actor.role in STATE_ROLES and actor.state:
        return _of_state(actor)
    if actor.is_provider:
        return _of_provider(actor)
    if actor.role is Role.COORDINATOR:
        return _of_coordinator(actor)
    if actor.role is Role.APPROVER:
        return (_arrived(actor) & ~Q(confidentiality=_SEALED)) | _assigned(actor)
    if actor.role is Role.AUDITOR:
        return Q(submitted_at__isnull=False)
    return NOTHING


def published_q() -> Q:
    """Requests whose public summary every requesting State agreed to publish."""
    return Q(
        confidentiality=Confidentiality.PUBLIC,
        publish_agreed_at__isnull=False,
        state__in=SUMMARIZED,
    ) & ~Q(public_summary="")


def common_level(actor: Actor) -> Level:
    """The level at which an actor sees what it sees; a provider's may be higher by disclosure."""
    if actor.is_provider:
        return Level.CIRCULATION
    if actor.role is Role.AUDITOR:
        return Level.TRAIL
    return Level.FULL if actor.is_state or actor.is_secretariat else Level.PUBLIC


def _of_state(actor: Actor) -> Q:
    """An accredited office sees its State's requests; others what their authority filed."""
    lead = Q(lead_state_id=actor.state)
    if actor.role is Role.DRAFTER or not actor.accredited:
        mine = Q(created_by_id=actor.person_id) | Q(authority_id=actor.organization_id)
        return lead & mine
    return lead | Q(co_states__contains=[actor.state], submitted_at__isnull=False)


def _of_provider(actor: Actor) -> Q:
    """Verified providers see what is circulated or disclosed, unless they are excluded."""
    if not actor.organization_verified:
        return NOTHING
    circulated = Q(
        circulated_at__isnull=False,
        confidentiality__in=CIRCULATED_CLASSES,
        state__in=OPEN_STATES,
    )
    named = Q(id__in=_disclosed(actor, basis="named_by_state"), state__in=OPEN_STATES)
    named &= ~Q(confidentiality=_SEALED)
    consented = Q(id__in=_disclosed(actor, basis="consent"), state__in=DISCLOSABLE)
    excluded = RequestExclusion.filter(organization_id=actor.organization_id).values("request_id")
    return (circulated | named | consented) & ~Q(id__in=Subquery(excluded))


def _disclosed(actor: Actor, *, basis: str) -> Subquery:
    return Subquery(
        Disclosure.filter(
            organization_id=actor.organization_id, ended_at=None, basis=basis
        ).values("request_id")
    )


def _of_coordinator(actor: Actor) -> Q:
    open_to_all = _arrived(actor) & ~Q(confidentiality=_SEALED)
    if actor.states:
        served = Q(lead_state_id__in=actor.states) | Q(co_states__overlap=sorted(actor.states))
        open_to_all &= served
    return open_to_all | _assigned(actor)


def _arrived(actor: Actor) -> Q:
    """A draft is its State's own until it is submitted; imported ones came through UNODC."""
    return Q(submitted_at__isnull=False) | Q(import_source__isnull=False)


def _assigned(actor: Actor) -> Q:
    named = RequestAssignment.filter(person_id=actor.person_id, role=actor.role).values(
        "request_id"
    )
    return Q(confidentiality=_SEALED, submitted_at__isnull=False, id__in=Subquery(named))
