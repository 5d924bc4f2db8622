"""Every role against every verb on offers of its own and of others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from concord.actor import PUBLIC, Actor, Role, Seat
from concord.offers import policy
from concord.offers.models import Offer
from concord.offers.states import OfferState
from concord.organizations.states import OrganizationKind
from tests.conftest import NOW

OWNER = UUID(int=1)
AUTHOR = UUID(int=2)
_S = OfferState
EVERY = frozenset(_S)
ACTORS: dict[str, Actor] = {
    "own admin": Actor(person_id=AUTHOR, role=Role.PARTNER_ADMIN, organization_id=OWNER),
    "own member": Actor(person_id=uuid4(), role=Role.PARTNER_MEMBER, organization_id=OWNER),
    "other admin": Actor(person_id=uuid4(), role=Role.PARTNER_ADMIN, organization_id=uuid4()),
    "other member": Actor(person_id=uuid4(), role=Role.PARTNER_MEMBER, organization_id=uuid4()),
    "public": PUBLIC,
    **{
        role.value: Actor(person_id=uuid4(), role=role, organization_id=uuid4(), state="QMM")
        for role in Role
        if role not in {Role.PARTNER_ADMIN, Role.PARTNER_MEMBER}
    },
}
States = frozenset[OfferState]
TABLE: dict[str, dict[str, States]] = {
    "may_see_exclusions": dict.fromkeys(
        ("own admin", "own member", "coordinator", "approver"), EVERY
    ),
    "may_see_steps": dict.fromkeys(
        ("own admin", "own member", "coordinator", "approver", "due_diligence", "auditor"), EVERY
    ),
    "may_edit": dict.fromkeys(("own admin", "own member"), frozenset({_S.DRAFT, _S.RETURNED})),
    "may_submit": {"own admin": frozenset({_S.DRAFT, _S.RETURNED})},
    "may_publish": {"coordinator": frozenset({_S.SUBMITTED})},
    "may_return": {"coordinator": frozenset({_S.SUBMITTED})},
    "may_change_scope": {"own admin": frozenset({_S.PUBLISHED})},
    "may_reconfirm": {"own admin": frozenset({_S.PUBLISHED, _S.EXPIRED})},
    "may_withdraw": dict.fromkeys(("own admin", "coordinator"), EVERY - {_S.WITHDRAWN}),
    "may_ask": {
        "coordinator": frozenset({_S.SUBMITTED, _S.RETURNED, _S.PUBLISHED}),
        **dict.fromkeys(("focal_point", "alternate", "drafter"), frozenset({_S.PUBLISHED})),
    },
    "may_answer": dict.fromkeys(("own admin", "own member"), EVERY - {_S.WITHDRAWN}),
}


def offer(state: OfferState, *, submitted_at: datetime | None = NOW) -> Offer:
    """Not from a database: foreign keys are set as plain attributes."""
    made = Offer(created_by_id=AUTHOR, state=state, submitted_at=submitted_at)
    made.organization_id = OWNER
    return made


@pytest.mark.parametrize("verb", TABLE)
def test_roles_may_exactly_this(verb: str) -> None:
    may: Callable[[Actor, Offer], bool] = getattr(policy, verb)
    found = {
        name: frozenset(state for state in _S if may(actor, offer(state)))
        for name, actor in ACTORS.items()
    }

    assert {name: states for name, states in found.items() if states} == TABLE[verb]


def test_drafts_are_made_by_members_of_providers_alone() -> None:
    def sitting(actor: Actor, kind: OrganizationKind) -> Actor:
        return replace(actor, organization_kind=kind.value)

    able = {
        (name, kind)
        for name, actor in ACTORS.items()
        for kind in OrganizationKind
        if policy.may_draft(sitting(actor, kind))
    }
    members = {"own admin", "own member", "other admin", "other member"}

    assert able == {
        (name, kind)
        for name in members
        for kind in OrganizationKind
        if kind is not OrganizationKind.STATE_AUTHORITY
    }


def test_coordinator_never_sees_to_a_draft_that_was_not_submitted() -> None:
    unseen = offer(_S.DRAFT, submitted_at=None)

    assert not policy.may_withdraw(ACTORS["coordinator"], unseen)
    assert policy.may_withdraw(ACTORS["own admin"], unseen)


def test_whoever_has_a_part_in_an_offer_does_not_review_it() -> None:
    seat = Seat(uuid4(), Role.PARTNER_MEMBER, OWNER, "Programme")
    coordinator = ACTORS["coordinator"]
    involved = (replace(coordinator, seats=(seat,)), replace(coordinator, person_id=AUTHOR))

    assert [policy.may_publish(actor, offer(_S.SUBMITTED)) for actor in involved] == [False] * 2
    assert [policy.may_return(actor, offer(_S.SUBMITTED)) for actor in involved] == [False] * 2


def test_importing_is_for_the_provider_and_unodc() -> None:
    able = {name for name, actor in ACTORS.items() if policy.may_import(actor, OWNER)}

    assert able == {"own admin", "own member", "coordinator", "admin"}
