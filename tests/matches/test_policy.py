"""Every verb against every role, on the right side and on the wrong one."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from concord.actor import PROVIDER_ROLES, SECRETARIAT_ROLES, STATE_ROLES, Actor, Role
from concord.matches.policy import TABLE, Sides, may, may_propose, offered
from concord.matches.states import PENDING, MatchState

ORGANIZATION, PROPOSER, NAMED = UUID(int=1), UUID(int=2), UUID(int=3)
SIDES = Sides(
    state=MatchState.PARTNER_ACCEPTED,
    states=frozenset({"QMM", "QNN"}),
    lead_state="QMM",
    asked=frozenset({ORGANIZATION}),
    providing=frozenset({ORGANIZATION}),
    proposed_by=PROPOSER,
)
FOCAL = {Role.FOCAL_POINT, Role.ALTERNATE}
PENDING_TABLE: dict[str, set[Role]] = {
    "undo": set(),
    "consent": FOCAL,
    "decline_by_state": FOCAL,
    "withdraw_consent": FOCAL,
    "accept": {Role.PARTNER_ADMIN},
    "decline_by_partner": {Role.PARTNER_ADMIN},
    "approve": {Role.APPROVER},
    "reject": {Role.APPROVER},
    "cancel": {Role.COORDINATOR},
    "stop_sharing": FOCAL,
    "draft_terms": {*FOCAL, Role.PARTNER_ADMIN, Role.COORDINATOR},
    "agree": {*FOCAL, Role.PARTNER_ADMIN},
    "start": {Role.PARTNER_ADMIN},
    "evaluate": {*FOCAL, Role.PARTNER_ADMIN},
    "close": {Role.COORDINATOR},
    "suspend": {*FOCAL, Role.PARTNER_ADMIN, Role.APPROVER},
    "resume": {Role.APPROVER},
    "end_suspension": {Role.APPROVER},
}


def someone(role: Role, *, state: str = "QMM", organization: UUID = ORGANIZATION) -> Actor:
    """An accredited person in this role, on the match's side unless said otherwise."""
    return Actor(
        person_id=uuid4(),
        role=role,
        organization_id=organization,
        state=state if role in STATE_ROLES else None,
        states=frozenset({state}) if role is Role.COORDINATOR else frozenset(),
        accredited=True,
    )


@pytest.mark.parametrize("role", Role)
def test_while_it_is_decided(role: Role) -> None:
    actor = someone(role)
    assert {verb for verb in TABLE if may(verb, actor, SIDES)} == {
        verb for verb, roles in PENDING_TABLE.items() if role in roles
    }


@pytest.mark.parametrize("role", Role)
def test_once_approved_either_side_cancels(role: Role) -> None:
    sides = replace(SIDES, state=MatchState.APPROVED)
    assert may("cancel", someone(role), sides) is (role in {*FOCAL, Role.PARTNER_ADMIN})


@pytest.mark.parametrize("state", [MatchState.AGREED, MatchState.IN_DELIVERY])
@pytest.mark.parametrize("role", Role)
def test_once_agreed_an_approver_cancels_too(role: Role, state: MatchState) -> None:
    cancelling = {*FOCAL, Role.PARTNER_ADMIN, Role.APPROVER}
    assert may("cancel", someone(role), replace(SIDES, state=state)) is (role in cancelling)


def test_who_only_pays_or_hosts_does_not_start() -> None:
    assert not may("start", someone(Role.PARTNER_ADMIN), replace(SIDES, providing=frozenset()))


@pytest.mark.parametrize(
    ("before", "verb"),
    [
        (MatchState.APPROVED, "withdraw_consent"),
        (MatchState.AGREED, "stop_sharing"),
        (MatchState.IN_DELIVERY, "stop_sharing"),
    ],
)
def test_what_a_consent_can_still_do_while_suspended(before: MatchState, verb: str) -> None:
    sides = replace(SIDES, state=MatchState.SUSPENDED, before=before)
    shown = {
        each
        for each in ("withdraw_consent", "stop_sharing")
        if offered(each, someone(Role.FOCAL_POINT), sides)
    }
    assert shown == {verb}


@pytest.mark.parametrize("role", sorted(STATE_ROLES | PROVIDER_ROLES | {Role.COORDINATOR}))
def test_the_other_side_of_the_world_may_nothing(role: Role) -> None:
    stranger = someone(role, state="QZZ", organization=UUID(int=9))
    assert [verb for verb in TABLE if may(verb, stranger, SIDES)] == []


def test_a_nominee_may_nothing() -> None:
    nominee = replace(someone(Role.FOCAL_POINT), accredited=False)
    assert [verb for verb in TABLE if may(verb, nominee, SIDES)] == []


def test_the_proposer_never_approves() -> None:
    proposer = replace(someone(Role.APPROVER), person_id=PROPOSER)
    assert not may("approve", proposer, SIDES)


def test_the_proposer_undoes() -> None:
    proposer = replace(someone(Role.COORDINATOR), person_id=PROPOSER)
    assert offered("undo", proposer, replace(SIDES, state=MatchState.PROPOSED))
    assert not offered("undo", proposer, SIDES)


@pytest.mark.parametrize("role", sorted(SECRETARIAT_ROLES))
def test_a_sealed_request_admits_only_those_named(role: Role) -> None:
    sealed = replace(SIDES, assigned=frozenset({NAMED}))
    assert [verb for verb in TABLE if may(verb, someone(role), sealed)] == []
    named = replace(someone(role), person_id=NAMED)
    expected = {verb for verb, roles in PENDING_TABLE.items() if role in roles}
    assert {verb for verb in TABLE if may(verb, named, sealed)} == expected


@pytest.mark.parametrize(
    ("holder", "resumes"),
    [
        ("state", {*FOCAL, Role.APPROVER}),
        ("request", {*FOCAL, Role.APPROVER}),
        ("provider", {Role.PARTNER_ADMIN, Role.APPROVER}),
        ("approver", {Role.APPROVER}),
        ("verification", {Role.APPROVER}),
    ],
)
def test_who_suspended_resumes(holder: str, resumes: set[Role]) -> None:
    sides = replace(SIDES, state=MatchState.SUSPENDED, suspended_for=holder)
    assert {role for role in Role if may("resume", someone(role), sides)} == resumes


@pytest.mark.parametrize("role", Role)
def test_who_proposes(role: Role) -> None:
    assert may_propose(someone(role), "QMM", None) is (role is Role.COORDINATOR)


def test_a_coordinator_of_other_states_does_not_propose() -> None:
    assert not may_propose(someone(Role.COORDINATOR, state="QZZ"), "QMM", None)
    assert not may_propose(someone(Role.COORDINATOR), "QMM", frozenset({NAMED}))


@pytest.mark.parametrize("state", MatchState)
def test_forms_are_offered_only_where_the_machine_allows(state: MatchState) -> None:
    sides = replace(SIDES, state=state)
    assert offered("consent", someone(Role.FOCAL_POINT), sides) is (state is MatchState.PROPOSED)
    assert offered("cancel", someone(Role.COORDINATOR), sides) is (state in PENDING)
