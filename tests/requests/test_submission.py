"""Drafts, submission, and the word of co-requesting States."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from concord.actor import Role
from concord.errors import Conflict, InvalidInput, NotAllowed, StaleVersion
from concord.requests.actions import confirm_party, create_draft, decline_party, edit, submit
from concord.requests.models import Request, RequestItem, RequestParty
from concord.requests.queries import values_of
from concord.requests.states import Confidentiality, RequestState
from concord.requests.values import DraftValues, ItemValues
from tests.conftest import NOW
from tests.factories import people
from tests.factories import requests as make
from tests.factories.people import actor, member, organization
from tests.requests.told import audited, jobs_named, open_tasks, owed, steps

pytestmark = pytest.mark.usefixtures("database")


async def test_a_draft_keeps_everything_that_was_typed() -> None:
    focal = await people.focal_point()
    excluded = await people.provider()
    values = make.complete_values(
        lead_state="QMM",
        co_states=("QNN",),
        excluded=(excluded.id,),
        tags=("EVD.02",),
        urgent=True,
        urgent_reason="A trial begins.",
        needed_by=datetime(2027, 5, 1, tzinfo=UTC).date(),
    )

    request = await create_draft(values, actor=focal, now=NOW)

    kept = await Request.get(id=request.id)
    assert await values_of(kept) == values
    assert (kept.state, kept.completeness, kept.authority_id) == (
        RequestState.DRAFT,
        100,
        focal.organization_id,
    )
    assert await audited(kept) == ["request.draft"]


async def test_only_writers_of_a_state_draft_and_only_for_their_own() -> None:
    values = make.complete_values()
    for who in (
        await people.coordinator(),
        await people.partner_admin(),
        await actor(await member(Role.OBSERVER, await organization())),
    ):
        with pytest.raises(NotAllowed):
            await create_draft(values, actor=who, now=NOW)
    with pytest.raises(NotAllowed):
        await create_draft(
            replace(values, lead_state="QNN"), actor=await people.focal_point(), now=NOW
        )

    assert await Request.all().count() == 0


async def test_editing_rewrites_items_in_place_and_unconfirms() -> None:
    focal = await people.focal_point()
    request = await make.draft(co_states=["QNN"], items=[make.ITEM, make.ITEM])
    await RequestParty.filter(request_id=request.id).update(confirmed_at=NOW)
    first = (await make.items_of(request))[0]
    values = replace(
        await values_of(request),
        title="Another title",
        items=(ItemValues("INV.02", "mentoring", quantity=3, unit="missions"),),
    )

    saved = await edit(request, values, version=1, actor=focal, now=NOW)

    assert (saved.version, saved.title) == (2, "Another title")
    item = await RequestItem.get(request_id=request.id)
    assert (item.id, item.modality_id, item.quantity) == (first.id, "mentoring", 3)
    assert (await RequestParty.get(request_id=request.id)).confirmed_at is None


async def test_editing_from_an_old_form_changes_nothing() -> None:
    focal = await people.focal_point()
    request = await make.draft(version=4)
    with pytest.raises(StaleVersion):
        await edit(request, make.complete_values(title="Mine"), version=3, actor=focal, now=NOW)

    assert (await Request.get(id=request.id)).title == make.complete_values().title


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"items": (ItemValues("INV", "training_course"),)}, "topic"),
        ({"items": (ItemValues("INV.02", "magic"),)}, "modality"),
        ({"items": (make.ITEM,) * 21}, "items"),
        ({"co_states": ("XXX",)}, "co_states"),
        ({"co_states": ("QMM",)}, "co_states"),
        ({"language": "klingon!"}, "language"),
        ({"working_languages": ("zz-zz",)}, "working_languages"),
        ({"ends_on": datetime(2020, 1, 1, tzinfo=UTC).date()}, "ends_on"),
        ({"tags": ("NOPE",)}, "tags"),
    ],
)
async def test_a_draft_refuses_what_does_not_exist(change: dict[str, Any], field: str) -> None:
    focal = await people.focal_point()
    with pytest.raises(InvalidInput) as refused:
        await create_draft(
            replace(make.complete_values(), **change),
            actor=focal,
            now=NOW,
        )

    assert list(refused.value.fields) == [field]
    assert await Request.all().count() == 0


async def test_naming_somebody_who_holds_no_such_role_is_refused() -> None:
    focal, stranger = await people.focal_point(), await people.partner_admin()
    assert stranger.person_id
    for values in (
        make.complete_values(
            confidentiality=Confidentiality.SEALED, coordinators=(stranger.person_id,)
        ),
        make.complete_values(confidentiality=Confidentiality.SEALED, approver=stranger.person_id),
        make.complete_values(excluded=(stranger.person_id,)),
    ):
        with pytest.raises(InvalidInput):
            await create_draft(values, actor=focal, now=NOW)


async def test_submission_asks_the_coordinators_within_ten_working_days() -> None:
    focal, office = await people.focal_point(), await people.coordinator("QMM")
    elsewhere = await people.coordinator("QPP")
    request = await make.draft()

    sent = await submit(request, version=1, actor=focal, now=NOW)

    assert (sent.state, sent.submitted_at) == (RequestState.SUBMITTED, NOW)
    assert sent.due_at == datetime(2027, 1, 25, 23, 59, 59, tzinfo=UTC)
    assert await open_tasks(sent) == [("request_review", "QMM")]
    assert await owed("request_submitted") == {office.person_id} != {elsewhere.person_id}
    assert await steps(sent) == [("submit", "draft", "submitted")]
    assert await jobs_named("check_duplicates") == 1
    assert await audited(sent) == ["request.submit"]


async def test_an_urgent_request_halves_the_clock() -> None:
    request = await make.draft(urgent=True, urgent_reason="A trial begins.", needed_by=NOW.date())
    sent = await submit(request, version=1, actor=await people.focal_point(), now=NOW)

    assert sent.due_at == datetime(2027, 1, 18, 23, 59, 59, tzinfo=UTC)


async def test_below_the_threshold_a_reason_is_needed_and_kept() -> None:
    focal = await people.focal_point()
    request = await make.draft(
        description="Help.", outcome="", existing="", starts_on=None, ends_on=None
    )
    with pytest.raises(InvalidInput) as refused:
        await submit(request, version=1, actor=focal, now=NOW)
    assert list(refused.value.fields) == ["override_reason"]

    sent = await submit(
        request, version=1, actor=focal, now=NOW, override_reason="Details follow by mail."
    )

    assert sent.state is RequestState.SUBMITTED
    assert sent.override_reason == "Details follow by mail."
    assert sent.completeness < 60


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"title": ""}, "title"),
        ({"description": ""}, "description"),
        ({"items": []}, "items"),
        ({"urgent": True, "needed_by": NOW.date()}, "urgent_reason"),
        ({"urgent": True, "urgent_reason": "Now"}, "needed_by"),
    ],
)
async def test_some_things_no_reason_replaces(columns: dict[str, Any], field: str) -> None:
    request = await make.draft(**columns)
    with pytest.raises(InvalidInput) as refused:
        await submit(
            request, version=1, actor=await people.focal_point(), now=NOW, override_reason="So."
        )

    assert list(refused.value.fields) == [field]


async def test_a_sealed_request_names_its_officers_and_tells_them_alone() -> None:
    focal = await people.focal_point()
    named, other, approver = (
        await people.coordinator(),
        await people.coordinator(),
        await people.approver(),
    )
    assert named.person_id
    bare = await make.draft(confidentiality=Confidentiality.SEALED)
    with pytest.raises(InvalidInput) as refused:
        await submit(bare, version=1, actor=focal, now=NOW)
    assert set(refused.value.fields) == {"coordinators", "approver"}
    request = await make.draft(
        confidentiality=Confidentiality.SEALED,
        coordinators=[named.person_id],
        approver=approver.person_id,
    )

    await submit(request, version=1, actor=focal, now=NOW)

    assert await owed("request_submitted") == {named.person_id}
    assert other.person_id not in await owed("request_submitted")


async def test_nominees_drafters_and_others_do_not_submit() -> None:
    ministry = await organization()
    request = await make.draft(authority=ministry)
    for who in (
        await actor(await member(Role.FOCAL_POINT, ministry, accreditation="nominated")),
        await actor(await member(Role.DRAFTER, ministry)),
        await people.focal_point("QNN"),
        await people.coordinator(),
    ):
        with pytest.raises(NotAllowed):
            await submit(request, version=1, actor=who, now=NOW)

    assert await steps(request) == []


async def test_unodc_submits_on_behalf_of_the_state_and_the_record_says_so() -> None:
    officer = await people.coordinator()
    request = await make.draft()

    await submit(request, version=1, actor=officer, now=NOW, on_behalf_of="QMM")

    with pytest.raises(NotAllowed):
        await submit(await make.draft(), version=1, actor=officer, now=NOW, on_behalf_of="QNN")
    assert await steps(request) == [("submit", "draft", "submitted")]


async def test_submitting_twice_is_a_conflict() -> None:
    focal = await people.focal_point()
    request = await make.draft()
    sent = await submit(request, version=1, actor=focal, now=NOW)
    with pytest.raises(StaleVersion):
        await submit(request, version=1, actor=focal, now=NOW)
    with pytest.raises(Conflict):
        await submit(request, version=sent.version, actor=focal, now=NOW)


async def test_every_co_requesting_state_confirms_before_the_review() -> None:
    lead, second, third = [await people.focal_point(code) for code in ("QMM", "QNN", "QPP")]
    office = await people.coordinator()
    request = await make.draft(co_states=["QNN", "QPP"])

    sent = await submit(request, version=1, actor=lead, now=NOW)
    assert await open_tasks(sent) == [("request_confirm", "QNN"), ("request_confirm", "QPP")]
    assert await owed("request_confirmation_asked") == {second.person_id, third.person_id}
    assert await owed("request_submitted") == set()

    with pytest.raises(NotAllowed):
        await confirm_party(sent, version=sent.version, actor=lead, now=NOW)
    sent = await confirm_party(sent, version=sent.version, actor=second, now=NOW)
    assert await open_tasks(sent) == [("request_confirm", "QPP")]
    sent = await confirm_party(sent, version=sent.version, actor=third, now=NOW)

    assert await open_tasks(sent) == [("request_review", "QMM")]
    assert await owed("request_submitted") == {office.person_id}
    assert sent.due_at == datetime(2027, 1, 25, 23, 59, 59, tzinfo=UTC)


async def test_a_co_requesting_state_that_declines_leaves_and_the_lead_decides() -> None:
    lead, second = await people.focal_point("QMM"), await people.focal_point("QNN")
    request = await make.draft(co_states=["QNN"])
    sent = await submit(request, version=1, actor=lead, now=NOW)

    back = await decline_party(
        sent, version=sent.version, actor=second, now=NOW, note="Not this year."
    )

    assert (back.state, back.co_states) == (RequestState.RETURNED, [])
    assert await RequestParty.filter(request_id=back.id).count() == 0
    assert await open_tasks(back) == [("request_returned", "QMM")]
    assert await owed("request_returned") == {lead.person_id}


async def test_values_default_to_an_empty_draft() -> None:
    request = await create_draft(DraftValues(), actor=await people.focal_point(), now=NOW)

    assert (request.title, request.completeness) == ("", 0)
