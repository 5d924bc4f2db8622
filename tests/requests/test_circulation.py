"""The State's word on both exact texts, and the opening."""

from datetime import timedelta

import pytest

from concord.actor import Role
from concord.errors import Conflict, NotAllowed, StaleVersion
from concord.requests.actions import (
    agree_to_circulation,
    object_to_circulation,
    open_,
    set_publication,
)
from concord.requests.models import Request
from concord.requests.states import Confidentiality, RequestState
from tests.conftest import NOW
from tests.factories import people
from tests.factories import requests as make
from tests.factories.people import actor, member
from tests.requests.told import jobs_named, owed, steps

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality
S = RequestState


async def test_agreement_circulates_and_publishing_is_a_word_of_its_own() -> None:
    focal, partner = await people.focal_point(), await people.partner_admin()
    silent = await make.in_no_objection(confidentiality=C.PUBLIC)
    spoken = await make.in_no_objection(confidentiality=C.PUBLIC)

    first = await agree_to_circulation(silent, publish=False, version=1, actor=focal, now=NOW)
    second = await agree_to_circulation(spoken, publish=True, version=1, actor=focal, now=NOW)

    assert (first.state, first.circulated_at, first.publish_agreed_at) == (S.OPEN, NOW, None)
    assert (second.state, second.circulated_at, second.publish_agreed_at) == (S.OPEN, NOW, NOW)
    assert await owed("request_circulated") == {partner.person_id}
    assert await jobs_named("rank_request") == 2
    assert await steps(second) == [
        ("agree", "no_objection", "no_objection"),
        ("open", "no_objection", "open"),
    ]


async def test_excluded_and_unverified_providers_are_not_told() -> None:
    focal = await people.focal_point()
    excluded = await people.provider()
    told = await people.partner_admin()
    await people.partner_admin(excluded)
    request = await make.in_no_objection(excluded=[excluded])

    await agree_to_circulation(request, publish=False, version=1, actor=focal, now=NOW)

    assert await owed("request_circulated") == {told.person_id}


async def test_silence_circulates_and_never_publishes() -> None:
    request = await make.in_no_objection(confidentiality=C.PUBLIC)
    with pytest.raises(Conflict):
        await open_(request, now=NOW)

    found = await open_(request, now=NOW + timedelta(days=8))

    assert found.state is S.OPEN
    assert found.circulated_at == NOW + timedelta(days=8)
    assert found.publish_agreed_at is None
    with pytest.raises(Conflict):
        await open_(request, now=NOW + timedelta(days=8))


async def test_objection_by_any_requesting_state_makes_it_restricted() -> None:
    await people.partner_admin()
    second, office = await people.focal_point("QNN"), await people.coordinator()
    request = await make.in_no_objection(co_states=["QNN"], confidentiality=C.PUBLIC)
    later = NOW + timedelta(hours=1)

    found = await object_to_circulation(
        request, version=1, actor=second, now=later, note="Too much detail."
    )

    assert (found.state, found.confidentiality) == (S.OPEN, C.RESTRICTED)
    assert (found.circulated_at, found.scope_changed_at) == (None, later)
    assert await owed("request_circulated") == set()
    assert await owed("request_objected") == {office.person_id}


async def test_a_joint_request_circulates_with_the_last_word() -> None:
    lead, second = await people.focal_point("QMM"), await people.focal_point("QNN")
    request = await make.in_no_objection(co_states=["QNN"], confidentiality=C.PUBLIC)

    half = await agree_to_circulation(request, publish=True, version=1, actor=lead, now=NOW)
    assert (half.state, half.publish_agreed_at) == (S.NO_OBJECTION, None)
    with pytest.raises(StaleVersion):
        await agree_to_circulation(request, publish=True, version=1, actor=second, now=NOW)
    whole = await agree_to_circulation(
        half, publish=False, version=half.version, actor=second, now=NOW
    )
    assert (whole.state, whole.publish_agreed_at) == (S.OPEN, None)

    published = await set_publication(
        whole, agreed=True, version=whole.version, actor=second, now=NOW
    )
    assert published.publish_agreed_at == NOW
    hidden = await set_publication(
        published, agreed=False, version=published.version, actor=lead, now=NOW
    )
    assert (await Request.get(id=hidden.id)).publish_agreed_at is None


async def test_nobody_else_speaks_for_the_state() -> None:
    request = await make.in_no_objection()
    for who in (
        await people.coordinator(),
        await people.focal_point("QNN"),
        await actor(await member(Role.DRAFTER, await people.organization())),
        await people.partner_admin(),
    ):
        with pytest.raises(NotAllowed):
            await agree_to_circulation(request, publish=True, version=1, actor=who, now=NOW)
        with pytest.raises(NotAllowed):
            await object_to_circulation(request, version=1, actor=who, now=NOW)


async def test_unodc_agrees_on_behalf_of_a_state_that_answered_on_paper() -> None:
    office = await people.coordinator()
    request = await make.in_no_objection()

    found = await agree_to_circulation(
        request, publish=False, version=1, actor=office, now=NOW, on_behalf_of="QMM"
    )

    assert found.state is S.OPEN
