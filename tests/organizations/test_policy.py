"""Role × action, over organizations of one's own and of others."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from concord.accounts.models import Membership
from concord.actor import PUBLIC, STATE_ROLES, Actor, Role
from concord.organizations import policy
from concord.organizations.models import ActOnBehalf, Organization
from concord.organizations.states import OrganizationKind, Verification

HOME, OTHER = UUID(int=1), UUID(int=2)
NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
EVERYBODY = list(Role)
OFFICER, COORDINATOR, APPROVER = Role.DUE_DILIGENCE, Role.COORDINATOR, Role.APPROVER
PARTNER, ADMIN, AUDITOR = Role.PARTNER_ADMIN, Role.ADMIN, Role.AUDITOR


@dataclass(frozen=True)
class Case:
    """Who may, of those at home, and of those elsewhere."""

    home: frozenset[Role]
    elsewhere: frozenset[Role]


def actor(role: Role, *, at: UUID = HOME, state: str = "QMM") -> Actor:
    return Actor(
        person_id=uuid4(),
        role=role,
        organization_id=at,
        state=state if role in STATE_ROLES else None,
        states=frozenset({state}) if role is COORDINATOR else frozenset(),
        accredited=True,
    )


def provider(verification: Verification) -> Organization:
    return Organization(
        id=HOME, kind=OrganizationKind.ACADEMIA, verification=verification, state_id="QMM"
    )


def authority() -> Organization:
    return Organization(
        id=HOME,
        kind=OrganizationKind.STATE_AUTHORITY,
        verification=Verification.VERIFIED,
        state_id="QMM",
    )


def membership(role: Role = Role.FOCAL_POINT, accreditation: str = "nominated") -> Membership:
    return Membership(role=role, accreditation=accreditation, organization_id=HOME)


V = Verification
TABLE = {
    "may_edit_profile": (provider(V.VERIFIED), {ADMIN, PARTNER}, {ADMIN}),
    "may_see_documents": (
        provider(V.VERIFIED),
        {OFFICER, COORDINATOR, APPROVER, PARTNER},
        {OFFICER, COORDINATOR, APPROVER},
    ),
    "may_add_document": (provider(V.REGISTERED), {OFFICER, PARTNER}, {OFFICER}),
    "may_open_screening": (provider(V.REGISTERED), {OFFICER, PARTNER}, {OFFICER}),
    "may_decide": (provider(V.SCREENING), {OFFICER}, {OFFICER}),
    "may_suspend": (provider(V.VERIFIED), {OFFICER}, {OFFICER}),
    "may_reinstate": (provider(V.SUSPENDED), {OFFICER}, {OFFICER}),
}


@pytest.mark.parametrize("name", sorted(TABLE))
@pytest.mark.parametrize("role", EVERYBODY)
def test_what_each_role_may_do_to_a_provider(name: str, role: Role) -> None:
    subject, home, elsewhere = TABLE[name]
    may = getattr(policy, name)

    assert may(actor(role), subject) == (role in home)
    assert may(actor(role, at=OTHER), subject) == (role in elsewhere)
    assert not may(PUBLIC, subject)


@pytest.mark.parametrize("role", EVERYBODY)
def test_pages_of_the_whole_area_by_role(role: Role) -> None:
    asked = actor(role)

    assert policy.may_create(asked) == (role is ADMIN)
    assert policy.may_edit_code_lists(asked) == (role is ADMIN)
    assert policy.may_see_queue(asked) == (role is OFFICER)
    assert policy.may_see_screening(asked) == (role in {OFFICER, COORDINATOR, APPROVER})
    assert policy.may_list_acts(asked) == (role in {COORDINATOR, APPROVER, AUDITOR} | STATE_ROLES)


@pytest.mark.parametrize("kind", list(OrganizationKind))
@pytest.mark.parametrize("role", EVERYBODY)
def test_states_and_intergovernmental_organizations_are_recognized(
    kind: OrganizationKind, role: Role
) -> None:
    found = Organization(id=HOME, kind=kind, verification=V.REGISTERED, state_id="QMM")
    recognized = kind in {"state", "intergovernmental", "state_authority"}

    assert policy.may_recognize(actor(role), found) == (
        recognized and role in {OFFICER, COORDINATOR}
    )


@pytest.mark.parametrize("kind", ["state", "state_authority", "intergovernmental", "secretariat"])
def test_only_non_state_providers_are_screened_or_suspended(kind: str) -> None:
    found = Organization(
        id=HOME, kind=OrganizationKind(kind), verification=V.VERIFIED, state_id="QMM"
    )

    assert not policy.may_suspend(actor(OFFICER), found)
    assert not policy.may_open_screening(actor(OFFICER), found)
    assert not policy.may_open_screening(actor(PARTNER), found)
    assert not policy.may_add_document(actor(PARTNER), found)


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_proposes_whom_at_a_state_authority(role: Role) -> None:
    proposed = {
        COORDINATOR: {Role.FOCAL_POINT, Role.ALTERNATE, Role.DRAFTER, Role.OBSERVER},
        Role.FOCAL_POINT: {Role.ALTERNATE, Role.DRAFTER, Role.OBSERVER},
        Role.ALTERNATE: {Role.ALTERNATE, Role.DRAFTER, Role.OBSERVER},
    }

    assert set(policy.nominable(actor(role), authority())) == proposed.get(role, set())
    assert policy.nominable(actor(role, at=OTHER, state="QNN"), authority()) == ()
    assert policy.nominable(actor(role), provider(V.VERIFIED)) == ()


def test_a_mere_nominee_proposes_nobody() -> None:
    nominee = Actor(person_id=uuid4(), role=Role.FOCAL_POINT, organization_id=HOME, state="QMM")

    assert policy.nominable(nominee, authority()) == ()


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_accredits_and_ends(role: Role) -> None:
    nominee = membership()

    assert policy.may_accredit(actor(role), nominee, "QMM") == (role is COORDINATOR)
    assert not policy.may_accredit(actor(role), nominee, "QNN")
    assert not policy.may_accredit(actor(role), membership(Role.DRAFTER), "QMM")
    assert policy.may_end_accreditation(actor(role), nominee, "QMM") == (
        role in {COORDINATOR, ADMIN}
    )
    ended = membership()
    ended.ended_at = NOW
    assert not policy.may_accredit(actor(role), ended, "QMM")
    assert not policy.may_end_accreditation(actor(role), ended, "QMM")


def act(recorder: UUID, assigned: list[UUID] | None = None) -> ActOnBehalf:
    return ActOnBehalf(
        state_id="QMM", recorded_by_id=recorder, assigned=assigned, note_date=date(2027, 1, 1)
    )


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_second_person_of_unodc_confirms(role: Role) -> None:
    asked = actor(role)
    assert asked.person_id is not None
    may = role in {COORDINATOR, APPROVER}

    assert policy.may_record_act(asked, "QMM") == (role is COORDINATOR)
    assert not policy.may_record_act(asked, "QNN")
    assert policy.may_confirm_act(asked, act(uuid4())) == may
    assert not policy.may_confirm_act(asked, act(asked.person_id))
    assert not policy.may_confirm_act(asked, act(uuid4(), assigned=[uuid4()]))
    assert policy.may_confirm_act(asked, act(uuid4(), assigned=[asked.person_id])) == may


def test_a_coordinator_of_other_states_confirms_nothing() -> None:
    assert not policy.may_confirm_act(actor(COORDINATOR, state="QNN"), act(uuid4()))
