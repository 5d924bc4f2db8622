"""Withdrawal, suspension, merging, change of scope: the parts that belong to the request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from concord.actor import Role
from concord.errors import Conflict, InvalidInput, NotAllowed, StaleVersion
from concord.requests.actions import (
    change_scope,
    mark_resumed,
    mark_suspended,
    mark_withdrawn,
)
from concord.requests.models import Disclosure, Request, RequestItem, RequestParty
from concord.requests.queries import lock, values_of
from concord.requests.states import Confidentiality, RequestState
from tests.conftest import NOW
from tests.factories import people
from tests.factories import requests as make
from tests.factories.people import actor, member, organization
from tests.requests.told import audited, jobs_named, open_tasks, owed, steps

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality
S = RequestState
LATER = NOW + timedelta(days=1)


@asynccontextmanager
async def locked(request: Request) -> AsyncIterator[Request]:
    async with in_transaction():
        yield await lock(request.id)


async def test_withdrawal_tells_both_sides_and_one_neutral_sentence_to_providers() -> None:
    focal, other, office = (
        await people.focal_point(),
        await people.focal_point(),
        await people.coordinator(),
    )
    partner = await people.partner_admin()
    request = await make.open_request()

    async with locked(request) as found:
        await mark_withdrawn(found, actor=focal, now=LATER, note="Met by other means.")

    kept = await Request.get(id=request.id)
    assert (kept.state, kept.state_since, kept.version) == (S.WITHDRAWN, LATER, 2)
    assert await owed("request_withdrawn_to_state") == {other.person_id}
    assert await owed("request_withdrawn_to_coordinators") == {office.person_id}
    assert await owed("request_no_longer_open") == {partner.person_id}
    assert await steps(kept) == [("withdraw", "open", "withdrawn")]
    assert await audited(kept) == ["request.withdraw"]


async def test_a_restricted_request_leaves_without_a_word_to_those_who_never_saw_it() -> None:
    focal, named = await people.focal_point(), await people.provider()
    told = await people.partner_admin(named)
    await people.partner_admin()
    request = await make.open_request(confidentiality=C.RESTRICTED)
    disclosure = await make.disclosed(request, named, basis="named_by_state")

    async with locked(request) as found:
        await mark_withdrawn(found, actor=focal, now=LATER)

    assert await owed("request_no_longer_open") == {told.person_id}
    assert (await Disclosure.get(id=disclosure.id)).ended_at == LATER


async def test_a_draft_is_withdrawn_without_telling_unodc() -> None:
    await people.coordinator()
    request = await make.draft()
    async with locked(request) as found:
        await mark_withdrawn(found, actor=await people.focal_point(), now=LATER)

    assert await owed("request_withdrawn_to_coordinators") == set()


async def test_drafters_and_other_states_do_not_withdraw() -> None:
    request = await make.open_request()
    for who in (
        await actor(await member(Role.DRAFTER, await organization())),
        await people.focal_point("QNN"),
        await people.coordinator("QNN"),
        await people.partner_admin(),
        await people.approver(),
    ):
        with pytest.raises(NotAllowed):
            async with locked(request) as found:
                await mark_withdrawn(found, actor=who, now=LATER)


async def test_suspension_goes_back_to_where_it_was() -> None:
    focal, partner = await people.focal_point(), await people.partner_admin()
    request = await make.open_request(stage=S.PARTIALLY_MET)

    async with locked(request) as found:
        await mark_suspended(found, actor=focal, now=LATER, note="Elections.")
    assert (await Request.get(id=request.id)).state is S.SUSPENDED
    assert await owed("request_no_longer_open") == {partner.person_id}
    async with locked(request) as found:
        await mark_resumed(found, actor=focal, now=LATER)

    assert (await Request.get(id=request.id)).state is S.PARTIALLY_MET
    assert await owed("request_open_again") == {partner.person_id}
    assert await jobs_named("rank_request") == 1


async def test_a_no_objection_period_begins_anew_after_a_suspension() -> None:
    focal = await people.focal_point()
    request = await make.in_no_objection()
    async with locked(request) as found:
        await mark_suspended(found, actor=focal, now=NOW)
    async with locked(request) as found:
        await mark_resumed(found, actor=focal, now=NOW + timedelta(days=30))

    kept = await Request.get(id=request.id)
    assert (kept.state, kept.due_at and kept.due_at.day) == (S.NO_OBJECTION, 17)
    assert await open_tasks(kept) == [("request_no_objection", "QMM")]


async def changed(request: Request, version: int = 1, **changes: Any) -> bool:
    focal = await people.focal_point()
    async with locked(request) as found:
        values = replace(await values_of(found), **changes)
        return await change_scope(found, values, version=version, actor=focal, now=LATER)


async def test_words_alone_leave_the_scope_and_the_confirmations() -> None:
    request = await make.open_request(co_states=["QNN"])

    assert await changed(request, description="Said better.") is False

    kept = await Request.get(id=request.id)
    assert (kept.description, kept.scope_changed_at) == ("Said better.", NOW)
    assert (await RequestParty.get(request_id=request.id)).confirmed_at == NOW


async def test_a_change_of_scope_asks_everyone_again_and_ranks() -> None:
    second = await people.focal_point("QNN")
    request = await make.open_request(co_states=["QNN"])

    assert await changed(request, items=(replace(make.ITEM, quantity=60),)) is True

    kept = await Request.get(id=request.id)
    assert (kept.scope_changed_at, kept.version) == (LATER, 2)
    assert (await RequestParty.get(request_id=request.id)).confirmed_at is None
    assert await owed("request_confirmation_asked") == {second.person_id}
    assert (await jobs_named("rank_request"), await jobs_named("check_duplicates")) == (1, 1)


@pytest.mark.parametrize(
    "items",
    [(), (replace(make.ITEM, quantity=29),), (replace(make.ITEM, topic="EVD.02"),)],
)
async def test_what_matches_have_taken_stays_asked_for(items: tuple[Any, ...]) -> None:
    request = await make.open_request()
    await RequestItem.filter(request_id=request.id).update(reserved=20, delivered=10)
    with pytest.raises((Conflict, InvalidInput)):
        await changed(request, items=items)

    assert (await RequestItem.get(request_id=request.id)).quantity == 40
    assert await changed(request, items=(replace(make.ITEM, quantity=30),)) is True


async def test_an_open_request_only_becomes_more_confidential() -> None:
    request = await make.open_request()
    with pytest.raises(InvalidInput):
        await changed(request, confidentiality=C.PUBLIC)

    assert await changed(request, confidentiality=C.RESTRICTED) is True
    assert (await Request.get(id=request.id)).circulated_at is None


async def test_an_old_form_changes_nothing() -> None:
    request = await make.open_request(version=3)
    with pytest.raises(StaleVersion):
        await changed(request, version=2, title="Mine")
