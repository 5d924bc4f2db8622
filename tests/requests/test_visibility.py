"""Who sees which request at all: role by class by state, and what comes with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from concord.actor import PUBLIC, Actor, Role
from concord.errors import NotFound
from concord.organizations.models import Organization
from concord.requests.models import Request
from concord.requests.queries import level_of, request_for, summaries, visible_to
from concord.requests.states import OPEN_STATES, SUMMARIZED, Confidentiality, RequestState
from concord.requests.values import Level
from tests.conftest import NOW
from tests.factories import people
from tests.factories import requests as make
from tests.factories.people import actor, member, organization, provider

pytestmark = pytest.mark.usefixtures("database")
S = RequestState
C = Confidentiality
BEFORE = {S.DRAFT}
ARRIVED = set(S) - BEFORE
Expect = Callable[[S, C], bool]

SEES: dict[str, Expect] = {
    "focal point of the State": lambda state, kind: True,
    "alternate of the State": lambda state, kind: True,
    "observer of the State": lambda state, kind: True,
    "drafter who filed it": lambda state, kind: True,
    "drafter of its authority": lambda state, kind: True,
    "other drafter of the State": lambda state, kind: False,
    "nominee of the State": lambda state, kind: False,
    "focal point of a co-State": lambda state, kind: state in ARRIVED,
    "drafter of a co-State": lambda state, kind: False,
    "focal point of another State": lambda state, kind: False,
    "provider": lambda state, kind: state in OPEN_STATES and kind in {C.PUBLIC, C.PARTNERS},
    "provider not verified": lambda state, kind: False,
    "excluded provider": lambda state, kind: False,
    "coordinator of every State": lambda state, kind: state in ARRIVED and kind is not C.SEALED,
    "coordinator of the State": lambda state, kind: state in ARRIVED and kind is not C.SEALED,
    "coordinator of a co-State": lambda state, kind: state in ARRIVED and kind is not C.SEALED,
    "coordinator of another State": lambda state, kind: False,
    "assigned coordinator": lambda state, kind: state in ARRIVED,
    "approver": lambda state, kind: state in ARRIVED and kind is not C.SEALED,
    "assigned approver": lambda state, kind: state in ARRIVED,
    "auditor": lambda state, kind: state in ARRIVED,
    "admin": lambda state, kind: False,
    "due diligence": lambda state, kind: False,
    "donor": lambda state, kind: False,
    "public": lambda state, kind: False,
}


async def everybody() -> dict[str, Actor]:
    """One actor for each line of the table."""
    office, ministry, other = [await organization() for _ in range(3)]
    abroad = await organization(state="QNN")
    found = {
        "focal point of the State": await actor(await member(Role.FOCAL_POINT, office)),
        "alternate of the State": await actor(await member(Role.ALTERNATE, office)),
        "observer of the State": await actor(await member(Role.OBSERVER, other)),
        "drafter who filed it": await actor(await member(Role.DRAFTER, other)),
        "drafter of its authority": await actor(await member(Role.DRAFTER, ministry)),
        "other drafter of the State": await actor(
            await member(Role.DRAFTER, await organization())
        ),
        "nominee of the State": await actor(
            await member(Role.FOCAL_POINT, office, accreditation="nominated")
        ),
        "focal point of a co-State": await actor(await member(Role.FOCAL_POINT, abroad)),
        "drafter of a co-State": await actor(await member(Role.DRAFTER, abroad)),
        "focal point of another State": await people.focal_point("QPP"),
        "provider": await people.partner_admin(),
        "provider not verified": replace(
            await people.partner_admin(), organization_verified=False
        ),
        "excluded provider": await people.partner_admin(),
        "coordinator of every State": await people.coordinator(),
        "coordinator of the State": await people.coordinator("QMM", "QPP"),
        "coordinator of a co-State": await people.coordinator("QNN"),
        "coordinator of another State": await people.coordinator("QPP"),
        "assigned coordinator": await people.coordinator(),
        "approver": await people.approver(),
        "assigned approver": await people.approver(),
        "public": PUBLIC,
    }
    for name in ("auditor", "admin", "due_diligence", "donor"):
        found[name.replace("_", " ")] = await actor(await member(Role(name)))
    return found


async def one_of_each(actors: dict[str, Actor]) -> dict[tuple[S, C], Request]:
    """A joint request in every state and class, with somebody excluded and somebody assigned."""
    excluded = await Organization.get(id=actors["excluded provider"].organization_id)
    ministry = await Organization.get(id=actors["drafter of its authority"].organization_id)
    found = {}
    for state in S:
        for kind in C:
            left = state is not S.DRAFT
            before: dict[str, Any] = {} if left else {"submitted_at": None, "circulated_at": None}
            request = await make.open_request(
                confidentiality=kind,
                co_states=["QNN"],
                authority=ministry,
                excluded=[excluded],
                coordinators=[actors["assigned coordinator"].person_id],
                approver=actors["assigned approver"].person_id,
                created_by_id=actors["drafter who filed it"].person_id,
                stage=state,
                **before,
            )
            found[state, kind] = request
    return found


async def test_everybody_sees_exactly_what_the_table_says() -> None:
    actors = await everybody()
    requests = await one_of_each(actors)
    assert set(actors) == set(SEES)

    for name, who in actors.items():
        seen = {request.public_id for request in await visible_to(who)}
        expected = {
            request.public_id
            for (state, kind), request in requests.items()
            if SEES[name](state, kind)
        }
        assert seen == expected, name
        assert await visible_to(who).count() == len(expected)


async def with_consent(request: Request, who: Actor) -> None:
    at = await Organization.get(id=who.organization_id)
    await make.disclosed(request, at, basis="consent")


async def test_consent_shows_a_sealed_request_to_that_provider_alone() -> None:
    request = await make.open_request(confidentiality=C.SEALED)
    named, other = await people.partner_admin(), await people.partner_admin()
    await with_consent(request, named)

    assert await visible_to(named).values_list("id", flat=True) == [request.id]
    assert await level_of(named, request) is Level.FULL
    assert await visible_to(other).count() == 0


async def test_naming_a_provider_never_opens_a_sealed_request() -> None:
    named = await provider()
    who = await people.partner_admin(named)
    restricted = await make.open_request(confidentiality=C.RESTRICTED)
    sealed = await make.open_request(confidentiality=C.SEALED)
    for request in (restricted, sealed):
        await make.disclosed(request, named, basis="named_by_state")

    assert await visible_to(who).values_list("id", flat=True) == [restricted.id]


async def test_exclusion_outweighs_a_disclosure() -> None:
    excluded = await provider()
    request = await make.open_request(excluded=[excluded])
    await make.disclosed(request, excluded)

    assert await visible_to(await people.partner_admin(excluded)).count() == 0


async def test_ended_disclosure_hides_the_request_again() -> None:
    named = await provider()
    request = await make.open_request(confidentiality=C.RESTRICTED)
    disclosure = await make.disclosed(request, named)
    disclosure.ended_at = NOW
    await disclosure.save()

    assert await visible_to(await people.partner_admin(named)).count() == 0


async def test_levels_follow_the_role() -> None:
    request = await make.open_request()
    actors = await everybody()
    levels = {name: await level_of(who, request) for name, who in actors.items()}

    assert {name for name, level in levels.items() if level is Level.CIRCULATION} == {
        "provider",
        "provider not verified",
        "excluded provider",
    }
    assert levels["auditor"] is Level.TRAIL
    assert levels["public"] is Level.PUBLIC
    assert levels["focal point of the State"] is Level.FULL
    assert levels["approver"] is Level.FULL


async def test_summaries_are_public_once_every_state_agreed() -> None:
    shown = set()
    for state in S:
        for kind in C:
            for agreed in (None, NOW):
                request = await make.open_request(
                    stage=state,
                    confidentiality=kind,
                    public_summary="Training in digital evidence is sought.",
                    publish_agreed_at=agreed,
                )
                if agreed and kind is C.PUBLIC and state in SUMMARIZED:
                    shown.add(request.id)

    assert set(await summaries().values_list("id", flat=True)) == shown


@pytest.mark.parametrize("public_id", ["REQ-0000-00", "", "OFR-1234-56", "x" * 4000, "REQ-\u202e"])
async def test_unknown_and_unseen_are_the_same(public_id: str) -> None:
    request = await make.draft()
    stranger = await people.focal_point("QNN")
    with pytest.raises(NotFound) as unknown:
        await request_for(stranger, public_id)
    with pytest.raises(NotFound) as unseen:
        await request_for(stranger, request.public_id)

    assert str(unknown.value) == str(unseen.value)
