"""Two requests become one: asked by a coordinator, confirmed by each State, and what follows."""

import asyncio
from typing import Any

import pytest

from concord.errors import Conflict, NotAllowed, StaleVersion
from concord.inbox.models import Task
from concord.matches import actions
from concord.matches.states import MatchState
from concord.requests import actions as request_actions
from concord.requests.models import Disclosure, RequestParty
from concord.requests.states import Confidentiality, RequestState
from tests.conftest import NOW
from tests.factories import people
from tests.factories import requests as make
from tests.factories.matches import (
    accepted,
    approved,
    cast,
    consented,
    fresh,
    offered,
    open_request,
    proposed,
)
from tests.matches.mergers import LATER, again, ask, confirm, merge
from tests.matches.seen import counts, forget_told, live_disclosures, told
from tests.requests.told import audited, open_tasks, owed, steps

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality
S = RequestState


async def test_each_focal_point_is_asked_and_nobody_else() -> None:
    players = await cast()
    second = await people.focal_point("QNN")
    await people.focal_point("QPP")
    one, other = [await open_request(co_states=["QNN"]) for _ in range(2)]

    await ask(one, other, players.coordinator)

    assert await owed("request_merge_asked") == {players.focal_point.person_id, second.person_id}
    assert await open_tasks(one) == [("request_merge", "QMM"), ("request_merge", "QNN")]
    assert (await again(one)).merge_asked_into_id == other.id
    assert (await audited(one), await steps(one)) == (
        ["request.ask_merge"],
        [("ask_merge", "open", "open")],
    )


async def test_the_last_word_merges() -> None:
    players = await cast()
    second = await people.focal_point("QNN")
    one, other = [await open_request(co_states=["QNN"]) for _ in range(2)]
    await ask(one, other, players.coordinator)

    assert not await confirm(one, second)
    assert (await again(one)).state is S.OPEN
    assert await open_tasks(one) == [("request_merge", "QMM")]
    with pytest.raises(Conflict):
        await confirm(one, second)
    assert await confirm(one, players.focal_point)

    merged = await again(one)
    assert (merged.state, merged.merged_into_id, merged.merge_asked_into_id) == (
        S.MERGED,
        other.id,
        None,
    )
    assert await open_tasks(one) == []
    assert (await again(other)).state is S.OPEN
    assert await owed("request_merged") == {second.person_id}
    assert await owed("request_merged_to_coordinators") == {players.coordinator.person_id}
    assert await audited(one) == [
        "request.ask_merge",
        "request.confirm_merge",
        "request.confirm_merge",
        "request.merge",
    ]


async def test_what_was_being_decided_ends_with_every_effect_of_an_exit() -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    matches = [
        await stage(players, request=one, offer=await offered(players.provider))
        for stage in (proposed, consented, accepted)
    ]
    kept = await consented(players, request=other, offer=await offered(players.provider))
    await forget_told()

    await merge(players, one, other)

    assert [(await fresh(match)).state for match in matches] == [MatchState.CANCELLED] * 3
    for match in matches:
        assert await counts(match) == {"slot": (0, 0), "item": (0, 0)}
        assert await live_disclosures(match) == 0
        assert not await Task.filter(subject_id=match.id, closed_at=None).exists()
    assert await told(matches[1], players) == {
        ("match_ended_to_providers", "partner"),
        ("match_cancelled", "coordinator"),
    }
    assert (await fresh(kept)).state is MatchState.STATE_CONSENTED
    assert await live_disclosures(kept) == 1
    assert await owed("request_no_longer_open") == {players.partner.person_id}


async def test_no_consent_carries_over() -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    await accepted(players, request=one)
    await make.disclosed(one, players.provider, basis="named_by_state")

    await merge(players, one, other)

    assert await Disclosure.filter(request_id=one.id, ended_at=None).count() == 0
    assert await Disclosure.filter(request_id=other.id).count() == 0


async def test_what_is_approved_goes_on_by_itself() -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    await approved(players, request=one)
    with pytest.raises(Conflict, match="approved"):
        await ask(one, other, players.coordinator)

    await merge(players, other, one)
    assert (await again(other)).state is S.MERGED


async def test_an_approval_after_the_question_stops_the_merger() -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    match = await accepted(players, request=one)
    await ask(one, other, players.coordinator)
    await actions.approve(match, funding_note="UNODC", actor=players.approver, now=NOW)

    with pytest.raises(Conflict, match="approved"):
        await confirm(one, players.focal_point)
    assert (await again(one)).lead_merge_confirmed_at is None
    assert (await fresh(match)).state is MatchState.APPROVED


@pytest.mark.parametrize(
    "changes",
    [{"state": "QNN"}, {"co_states": ["QNN"]}],
)
async def test_only_requests_of_the_same_states_are_merged(changes: dict[str, Any]) -> None:
    office = await people.coordinator()
    one, other = await open_request(), await open_request(**changes)
    for left, right in ((one, other), (other, one), (one, one)):
        with pytest.raises(Conflict):
            await ask(left, right, office)


async def test_who_may_not_ask_confirm_decline_or_drop() -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    strangers = [
        await people.coordinator("QNN"),
        await people.focal_point("QNN"),
        players.approver,
        players.partner,
    ]
    for actor in (*strangers, players.focal_point):
        with pytest.raises(NotAllowed):
            await ask(one, other, actor)
    version = (await ask(one, other, players.coordinator)).version
    for actor in (*strangers, players.coordinator):
        with pytest.raises(NotAllowed):
            await confirm(one, actor)
        with pytest.raises(NotAllowed):
            await request_actions.decline_merge(one, version=version, actor=actor, now=NOW)
    for actor in (*strangers, players.focal_point):
        with pytest.raises(NotAllowed):
            await request_actions.drop_merge(one, version=version, actor=actor, now=NOW)
    assert (await again(one)).state is S.OPEN


async def test_a_state_that_does_not_agree_ends_the_question() -> None:
    players = await cast()
    second = await people.focal_point("QNN")
    one, other = [await open_request(co_states=["QNN"]) for _ in range(2)]
    await ask(one, other, players.coordinator)
    await confirm(one, players.focal_point)
    version = (await again(one)).version

    with pytest.raises(StaleVersion):
        await request_actions.decline_merge(one, version=1, actor=second, now=LATER)
    await request_actions.decline_merge(
        one, version=version, actor=second, note="Other courts.", now=LATER
    )

    found, party = await again(one), await RequestParty.get(request_id=one.id)
    assert (found.merge_asked_into_id, found.lead_merge_confirmed_at) == (None, None)
    assert (party.merge_confirmed_at, await open_tasks(one)) == (None, [])
    assert await owed("request_merge_declined") == {players.coordinator.person_id}
    assert await owed("request_merge_dropped") == {players.focal_point.person_id}
    with pytest.raises(Conflict):
        await confirm(one, players.focal_point)
    await ask(one, other, players.coordinator)


async def test_a_coordinator_takes_the_question_back() -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    version = (await ask(one, other, players.coordinator)).version

    await request_actions.drop_merge(one, version=version, actor=players.coordinator, now=LATER)

    assert (await again(one)).merge_asked_into_id is None
    assert await open_tasks(one) == []
    assert await owed("request_merge_dropped") == {players.focal_point.person_id}


async def test_one_merger_at_a_time() -> None:
    players = await cast()
    one, other, third = [await open_request() for _ in range(3)]
    await ask(one, other, players.coordinator)
    for left, right in ((one, third), (other, third), (third, one), (other, one)):
        with pytest.raises(Conflict):
            await ask(left, right, players.coordinator)
    await ask(third, other, players.coordinator)


async def test_the_question_ends_with_the_request() -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    await ask(one, other, players.coordinator)
    await actions.suspend_request(one, actor=players.focal_point, now=NOW)

    assert (await again(one)).merge_asked_into_id is None
    with pytest.raises(Conflict):
        await confirm(one, players.focal_point)


async def test_a_survivor_that_is_gone_takes_nothing_in() -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    await ask(one, other, players.coordinator)
    await actions.withdraw_request(other, actor=players.focal_point, now=NOW)

    with pytest.raises(Conflict, match="no longer"):
        await confirm(one, players.focal_point)
    assert (await again(one)).state is S.OPEN


async def test_two_states_at_once_merge_once(database: None) -> None:
    players = await cast()
    second = await people.focal_point("QNN")
    one, other = [await open_request(co_states=["QNN"]) for _ in range(2)]
    await ask(one, other, players.coordinator)

    found = await asyncio.gather(
        *(confirm(one, who) for who in (second, players.focal_point, second)),
        return_exceptions=True,
    )

    assert sorted(str(each) for each in found if isinstance(each, bool)) == ["False", "True"]
    assert [type(each) for each in found if isinstance(each, Exception)] == [Conflict]
    assert [verb for verb, *_ in await steps(one)].count("merge") == 1
