"""The whole table of who may do what to accounts."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from concord.accounts.policy import (
    fits,
    may_deactivate,
    may_end_membership,
    may_invite,
    may_keep_account,
    may_list_people,
    may_manage_people,
    may_resend_invitation,
    may_reset_second_factor,
)
from concord.actor import (
    CLOCK,
    PROVIDER_ROLES,
    PUBLIC,
    SECRETARIAT_ROLES,
    STATE_ROLES,
    Actor,
    Role,
)

HOME, ELSEWHERE, PERSON = uuid4(), uuid4(), uuid4()


def of(role: Role | None) -> Actor:
    return Actor(person_id=PERSON, role=role, organization_id=HOME)


@pytest.mark.parametrize("actor", [PUBLIC, CLOCK, *(of(role) for role in Role)])
def test_only_keepers_see_people_and_only_administrators_manage_them(actor: Actor) -> None:
    admin = actor.role is Role.ADMIN
    keeper = actor.role in {Role.ADMIN, Role.PARTNER_ADMIN}

    assert may_list_people(actor) is keeper
    assert may_manage_people(actor) is admin
    assert may_reset_second_factor(actor, uuid4()) is admin
    assert may_deactivate(actor, uuid4()) is admin
    assert may_resend_invitation(actor, frozenset({HOME})) is keeper
    assert may_resend_invitation(actor, frozenset({ELSEWHERE})) is admin
    assert may_resend_invitation(actor, frozenset()) is admin


@pytest.mark.parametrize("given", list(Role))
@pytest.mark.parametrize("actor", [PUBLIC, CLOCK, *(of(role) for role in Role)])
def test_who_gives_and_takes_which_role_where(actor: Actor, given: Role) -> None:
    admin = actor.role is Role.ADMIN
    own = actor.role is Role.PARTNER_ADMIN and given in PROVIDER_ROLES

    for allowed in (may_invite, may_end_membership):
        assert allowed(actor, given, HOME) is (admin or own)
        assert allowed(actor, given, ELSEWHERE) is admin


def test_nobody_touches_their_own_second_factor_or_account_as_administrator() -> None:
    admin = of(Role.ADMIN)

    assert not may_reset_second_factor(admin, PERSON)
    assert not may_deactivate(admin, PERSON)


@pytest.mark.parametrize("role", list(Role))
def test_everyone_keeps_their_own_account_and_no_other(role: Role) -> None:
    assert may_keep_account(of(role), PERSON)
    assert not may_keep_account(of(role), uuid4())
    assert not may_keep_account(replace(of(role), person_id=None), UUID(int=0))


@pytest.mark.parametrize("role", list(Role))
def test_roles_belong_to_kinds_of_organizations(role: Role) -> None:
    donor = role is Role.DONOR
    expected = {
        "state_authority": role in STATE_ROLES or donor,
        "secretariat": role in SECRETARIAT_ROLES | PROVIDER_ROLES,
        "nonsense": False,
        **dict.fromkeys(
            ("state", "intergovernmental", "private_sector", "civil_society", "academia"),
            role in PROVIDER_ROLES or donor,
        ),
    }

    assert {kind: fits(role, kind) for kind in expected} == expected
