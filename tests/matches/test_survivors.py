"""What goes on after a merger: the stricter class, every exclusion, and those named alone."""

import pytest

from concord.actor import Actor, Role
from concord.audit import AuditEntry
from concord.duplicates.models import DuplicateFlag
from concord.errors import NotFound
from concord.inbox.actions import open_task
from concord.inbox.models import Task
from concord.matches.states import MatchState
from concord.requests import actions as request_actions
from concord.requests.models import Request, RequestExclusion
from concord.requests.queries import assigned, visible_to
from concord.requests.states import Confidentiality, RequestState
from tests.conftest import NOW
from tests.factories import people
from tests.factories import requests as make
from tests.factories.matches import (
    Cast,
    accepted,
    cast,
    consented,
    fresh,
    open_request,
)
from tests.matches.mergers import LATER, again, ask, merge
from tests.matches.seen import live_disclosures
from tests.requests.told import owed

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality
S = RequestState


@pytest.mark.parametrize(
    ("merged_class", "kept_class", "expected"),
    [
        (C.PUBLIC, C.PARTNERS, C.PARTNERS),
        (C.PARTNERS, C.PUBLIC, C.PARTNERS),
        (C.RESTRICTED, C.PUBLIC, C.RESTRICTED),
        (C.PARTNERS, C.RESTRICTED, C.RESTRICTED),
    ],
)
async def test_the_stricter_class_wins(merged_class: C, kept_class: C, expected: C) -> None:
    players = await cast()
    one = await make.open_request(confidentiality=merged_class)
    other = await make.open_request(
        confidentiality=kept_class, publish_agreed_at=NOW, lead_publish_agreed_at=NOW
    )

    await merge(players, one, other)

    kept = await again(other)
    narrowed = kept_class is not expected
    assert kept.confidentiality is expected
    assert (kept.publish_agreed_at is None) is narrowed
    assert kept.scope_changed_at == (LATER if narrowed else NOW)
    seen = await visible_to(players.partner).filter(id=other.id).exists()
    assert seen is (expected is not C.RESTRICTED)


async def test_a_narrower_class_asks_for_every_consent_anew() -> None:
    players = await cast()
    one = await open_request(confidentiality=C.RESTRICTED)
    other = await open_request()
    match = await accepted(players, request=other)

    await merge(players, one, other)

    assert (await fresh(match)).state is MatchState.PROPOSED
    assert await live_disclosures(match) == 0


async def test_the_survivor_of_a_period_of_objection_opens_without_circulating() -> None:
    players = await cast()
    one = await make.open_request(confidentiality=C.RESTRICTED)
    other = await make.in_no_objection()

    await merge(players, one, other)

    kept = await again(other)
    assert (kept.state, kept.circulated_at, kept.confidentiality) == (S.OPEN, None, C.RESTRICTED)
    assert await owed("request_circulated") == set()
    entries = await AuditEntry.filter(subject_id=kept.id).order_by("seq")
    assert [entry.action for entry in entries] == ["request.open"]


async def test_exclusions_are_united_and_end_what_they_touch() -> None:
    players = await cast()
    unwanted = await people.provider()
    one, other = await open_request(), await open_request()
    await RequestExclusion.create(request=one, organization=players.provider)
    await RequestExclusion.create(request=one, organization=unwanted)
    await RequestExclusion.create(request=other, organization=unwanted)
    match = await consented(players, request=other)

    await merge(players, one, other)

    rows = await RequestExclusion.filter(request_id=other.id).values_list(
        "organization_id", flat=True
    )
    assert set(rows) == {players.provider.id, unwanted.id}
    assert (await fresh(match)).state is MatchState.CANCELLED


async def test_the_warning_that_they_repeat_each_other_is_answered() -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    left, right = sorted((one.id, other.id))
    flag = await DuplicateFlag.create(
        kind="request_request", left_id=left, right_id=right, score=0.9, verdict="likely"
    )

    await merge(players, one, other)

    await flag.refresh_from_db()
    assert (flag.answer, flag.answered_by_id) == ("same", players.focal_point.person_id)


async def sealed_pair() -> tuple[Cast, Actor, Request, Request]:
    """A sealed request with its named officers, an open one, and a coordinator not named."""
    players = await cast()
    stranger = await people.coordinator()
    sealed = await open_request(
        confidentiality=C.SEALED,
        circulated_at=None,
        assigned=[
            (players.coordinator, Role.COORDINATOR),
            (players.approver, Role.APPROVER),
        ],
    )
    return players, stranger, sealed, await open_request()


async def test_a_sealed_request_is_merged_by_those_named_alone() -> None:
    players, stranger, sealed, other = await sealed_pair()
    for left, right in ((sealed, other), (other, sealed)):
        with pytest.raises(NotFound):
            await ask(left, right, stranger)
    version = (await ask(sealed, other, players.coordinator)).version
    with pytest.raises(NotFound):
        await request_actions.drop_merge(sealed, version=version, actor=stranger, now=NOW)


async def test_the_survivor_of_a_sealed_one_is_sealed_and_its_tasks_are_named() -> None:
    players, stranger, sealed, other = await sealed_pair()
    await open_task(
        "propose_match",
        subject_kind="request",
        subject_id=other.id,
        subject_public_id=other.public_id,
        roles=[Role.COORDINATOR],
        state="QMM",
        now=NOW,
    )

    await merge(players, sealed, other)

    kept = await again(other)
    assert kept.confidentiality is C.SEALED
    assert {(row.person_id, row.role) for row in await assigned(other.id)} == {
        (players.coordinator.person_id, "coordinator"),
        (players.approver.person_id, "approver"),
    }
    waiting = await Task.filter(subject_id=other.id, closed_at=None)
    assert [(task.kind, task.person_id) for task in waiting] == [
        ("propose_match", players.coordinator.person_id)
    ]
    assert await owed("request_merged_to_coordinators") == {players.coordinator.person_id}
    for actor in (stranger, players.partner):
        assert not await visible_to(actor).filter(id=other.id).exists()


async def test_one_who_drafted_only_the_merged_one_hears_no_other_id() -> None:
    players = await cast()
    drafter = await people.actor(
        await people.member(Role.DRAFTER, await people.organization(state="QMM"))
    )
    one = await open_request(created_by_id=drafter.person_id)
    other = await open_request()

    await merge(players, one, other)

    assert drafter.person_id not in await owed("request_merged")
