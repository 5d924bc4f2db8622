"""Who may do what: every permission for every role, state by state."""

from collections.abc import Callable
from typing import Any

import pytest

from concord.actor import PUBLIC, Actor, Role
from concord.requests import policy
from concord.requests.models import Request
from concord.requests.states import Confidentiality, RequestState
from concord.requests.values import Level
from tests.factories import people
from tests.factories import requests as make
from tests.factories.people import actor, member, organization

pytestmark = pytest.mark.usefixtures("database")
S = RequestState
OPEN = {S.OPEN, S.PARTIALLY_MET, S.MET}
LIVE = set(S) - {S.FOLLOWED_UP, S.REFERRED, S.WITHDRAWN, S.MERGED}
MERGEABLE = OPEN | {S.SUBMITTED, S.NO_OBJECTION, S.SUSPENDED}
LEAD = {"focal point", "alternate"}
CO = {"co focal point"}
WRITERS = LEAD | {"drafter", "nominee"}
OFFICE = {"coordinator", "coordinator of the State", "coordinator of the co-State"}

Permission = Callable[[Actor, Request], bool]
TABLE: dict[str, tuple[Permission, set[str], set[S]]] = {
    "edit": (policy.may_edit, WRITERS, {S.DRAFT, S.RETURNED}),
    "attach": (policy.may_attach, WRITERS, LIVE),
    "submit": (policy.may_submit, LEAD, {S.DRAFT, S.RETURNED}),
    "confirm": (policy.may_confirm, CO, {S.SUBMITTED}),
    "review": (policy.may_review, OFFICE, {S.SUBMITTED}),
    "return": (policy.may_return, OFFICE, {S.SUBMITTED}),
    "ask referral": (policy.may_ask_referral, OFFICE, {S.SUBMITTED}),
    "decide referral": (policy.may_decide_referral, set(), set()),
    "agree": (policy.may_agree, LEAD | CO, {S.NO_OBJECTION}),
    "object": (policy.may_object, LEAD | CO, {S.NO_OBJECTION}),
    "publish": (policy.may_publish, LEAD | CO, OPEN | {S.CLOSED, S.FOLLOWED_UP}),
    "close": (policy.may_close, LEAD, OPEN),
    "follow up": (policy.may_follow_up, LEAD, {S.CLOSED}),
    "suspend": (policy.may_suspend, LEAD, OPEN | {S.NO_OBJECTION}),
    "resume": (policy.may_resume, LEAD, {S.SUSPENDED}),
    "withdraw": (policy.may_withdraw, LEAD | OFFICE, LIVE - {S.CLOSED}),
    "change scope": (policy.may_change_scope, LEAD, OPEN),
    "ask to merge": (policy.may_ask_merge, OFFICE, MERGEABLE),
    "merge": (policy.may_merge, LEAD | CO, MERGEABLE),
    "answer": (policy.may_answer, LEAD | CO | {"drafter", "nominee"}, LIVE),
    "assign": (policy.may_assign, set(), set()),
    "name a provider": (policy.may_name_provider, set(), set()),
    "read the log": (
        policy.may_read_log,
        LEAD | CO | {"observer", "drafter", "other drafter"},
        set(S),
    ),
}


async def everybody() -> dict[str, Actor]:
    ministry = await organization()
    office = await member(Role.FOCAL_POINT, ministry, accreditation="nominated")
    found = {
        "focal point": await people.focal_point(),
        "alternate": await actor(await member(Role.ALTERNATE, await organization())),
        "drafter": await actor(await member(Role.DRAFTER, ministry)),
        "nominee": await actor(office),
        "other drafter": await actor(await member(Role.DRAFTER, await organization())),
        "observer": await actor(await member(Role.OBSERVER, await organization())),
        "co focal point": await people.focal_point("QNN"),
        "focal point elsewhere": await people.focal_point("QPP"),
        "coordinator": await people.coordinator(),
        "coordinator of the State": await people.coordinator("QMM"),
        "coordinator of the co-State": await people.coordinator("QNN"),
        "coordinator elsewhere": await people.coordinator("QPP"),
        "approver": await people.approver(),
        "provider": await people.partner_admin(),
        "public": PUBLIC,
    }
    for role in (Role.AUDITOR, Role.ADMIN, Role.DUE_DILIGENCE, Role.DONOR, Role.PARTNER_MEMBER):
        found[role.value] = await actor(await member(role))
    return found


async def a_request(actors: dict[str, Actor], **columns: Any) -> Request:
    request = await make.open_request(
        co_states=["QNN"],
        confidentiality=Confidentiality.PUBLIC,
        public_summary="Training is sought.",
        **columns,
    )
    request.authority_id = actors["drafter"].organization_id
    return request


async def test_each_permission_is_for_the_roles_and_states_of_the_table() -> None:
    actors = await everybody()
    request = await a_request(actors)
    for name, (may, roles, states) in TABLE.items():
        found = set()
        for state in S:
            request.state = state
            found |= {(who, state) for who, one in actors.items() if may(one, request)}
        expected = {(who, state) for who in roles for state in states}
        assert found == expected, name


async def test_an_approver_decides_a_referral_that_another_asked_for() -> None:
    actors = await everybody()
    request = await a_request(actors, stage=S.SUBMITTED)
    request.referral_asked_by_id = actors["coordinator"].person_id

    assert {w for w, a in actors.items() if policy.may_decide_referral(a, request)} == {"approver"}
    assert not any(policy.may_review(one, request) for one in actors.values())
    request.referral_asked_by_id = actors["approver"].person_id
    assert not policy.may_decide_referral(actors["approver"], request)


async def test_drafts_are_begun_by_those_who_write_for_a_state() -> None:
    actors = await everybody()

    assert {who for who, one in actors.items() if policy.may_draft(one)} == {
        *WRITERS,
        "other drafter",
        "co focal point",
        "focal point elsewhere",
    }


async def test_only_restricted_requests_have_named_providers_and_only_sealed_ones_officers() -> (
    None
):
    actors = await everybody()
    for kind in Confidentiality:
        request = await make.open_request(confidentiality=kind)
        naming = {w for w, a in actors.items() if policy.may_name_provider(a, request)}
        assigning = {w for w, a in actors.items() if policy.may_assign(a, request)}
        assert naming == (LEAD if kind is Confidentiality.RESTRICTED else set())
        sealed = kind is Confidentiality.SEALED
        assert assigning == (LEAD | OFFICE | {"coordinator elsewhere"} if sealed else set())


@pytest.mark.parametrize("state", S)
async def test_providers_ask_while_it_is_open_and_officers_while_it_lives(state: S) -> None:
    actors = await everybody()
    request = await a_request(actors, stage=state)
    found = {w for w, a in actors.items() if policy.may_ask(a, request, Level.CIRCULATION)}
    expected = OFFICE | {"approver"} if state in LIVE - {S.DRAFT, S.RETURNED} else set()
    expected |= {"provider", "partner_member"} if state in OPEN else set()

    assert found == expected
