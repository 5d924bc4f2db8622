"""Review by UNODC, referral, and the State's word on both exact texts."""

from datetime import UTC, datetime, timedelta

import pytest

from concord.actor import Role
from concord.errors import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion
from concord.requests.actions import (
    agree_to_circulation,
    ask_referral,
    decide_referral,
    object_to_circulation,
    open_,
    return_,
    review,
    set_publication,
    submit,
)
from concord.requests.models import Request, RequestParty
from concord.requests.states import Confidentiality, RequestState
from concord.requests.values import CirculatedTexts
from tests.conftest import NOW
from tests.factories import people
from tests.factories import requests as make
from tests.factories.people import actor, member
from tests.requests.told import audited, jobs_named, open_tasks, owed, steps

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality
S = RequestState
TEXTS = CirculatedTexts("A State seeks training.", "Training is sought.", "en")


async def test_acceptance_puts_both_exact_texts_before_the_state() -> None:
    office, focal = await people.coordinator(), await people.focal_point()
    request = await make.submitted(confidentiality=C.PUBLIC)

    found = await review(request, texts=TEXTS, version=1, actor=office, now=NOW)

    assert (found.state, found.circulation_text, found.public_summary) == (
        S.NO_OBJECTION,
        "A State seeks training.",
        "Training is sought.",
    )
    assert found.due_at == datetime(2027, 1, 18, 23, 59, 59, tzinfo=UTC)
    assert found.circulated_at is None
    assert await owed("no_objection_begun") == {focal.person_id}
    assert await open_tasks(found) == [("request_no_objection", "QMM")]
    assert await jobs_named("rank_request") == 0


async def test_the_week_of_the_state_counts() -> None:
    office = await people.coordinator()
    request = await make.submitted(urgent=True)
    found = await review(request, texts=TEXTS, version=1, actor=office, now=NOW)

    assert found.due_at == datetime(2027, 1, 14, 23, 59, 59, tzinfo=UTC)
    assert found.public_summary == ""  # not a public request: nothing to publish


async def test_texts_are_required_where_they_circulate() -> None:
    office = await people.coordinator()
    request = await make.submitted(confidentiality=C.PUBLIC)
    with pytest.raises(InvalidInput) as refused:
        await review(request, texts=CirculatedTexts(), version=1, actor=office, now=NOW)

    assert set(refused.value.fields) == {"circulation_text", "public_summary"}


@pytest.mark.parametrize("kind", [C.RESTRICTED, C.SEALED])
async def test_restricted_and_sealed_open_at_once_and_circulate_to_nobody(kind: C) -> None:
    office, approver = await people.coordinator(), await people.approver()
    await people.partner_admin()
    assert office.person_id
    request = await make.submitted(
        confidentiality=kind, coordinators=[office.person_id], approver=approver.person_id
    )

    found = await review(request, texts=TEXTS, version=1, actor=office, now=NOW)

    assert (found.state, found.opened_at, found.circulated_at) == (S.OPEN, NOW, None)
    assert found.circulation_text == ""
    assert await owed("request_circulated") == set()
    assert (await jobs_named("rank_request"), await jobs_named("check_duplicates")) == (1, 1)


async def test_only_the_named_coordinator_reviews_a_sealed_request() -> None:
    named, other = await people.coordinator(), await people.coordinator()
    assert named.person_id
    request = await make.submitted(confidentiality=C.SEALED, coordinators=[named.person_id])
    with pytest.raises(NotFound):
        await review(request, texts=TEXTS, version=1, actor=other, now=NOW)


async def test_review_waits_for_every_co_requesting_state() -> None:
    office = await people.coordinator()
    request = await make.submitted(co_states=["QNN"])
    await RequestParty.filter(request_id=request.id).update(confirmed_at=None)
    with pytest.raises(Conflict):
        await review(request, texts=TEXTS, version=1, actor=office, now=NOW)


async def test_coordinators_of_other_states_and_other_roles_do_not_review() -> None:
    request = await make.submitted()
    for who in (
        await people.coordinator("QNN"),
        await people.approver(),
        await people.focal_point(),
        await actor(await member(Role.ADMIN)),
    ):
        with pytest.raises(NotAllowed):
            await review(request, texts=TEXTS, version=1, actor=who, now=NOW)


async def test_return_carries_coded_reasons_and_a_note_that_the_state_reads() -> None:
    office, focal = await people.coordinator(), await people.focal_point()
    request = await make.submitted()
    for reasons in ((), ("request_returned.nonsense",), ("request_referred.operational",)):
        with pytest.raises(InvalidInput):
            await return_(request, reasons=reasons, note="", version=1, actor=office, now=NOW)

    found = await return_(
        request,
        reasons=("request_returned.incomplete",),
        note="Name the institution.",
        version=1,
        actor=office,
        now=NOW,
    )

    assert (found.state, found.due_at) == (S.RETURNED, None)
    assert await open_tasks(found) == [("request_returned", "QMM")]
    assert await owed("request_returned") == {focal.person_id}
    again = await submit(found, version=found.version, actor=focal, now=NOW)
    assert await steps(again) == [
        ("return", "submitted", "returned"),
        ("submit", "returned", "submitted"),
    ]


async def test_referral_is_decided_by_an_approver_who_names_the_body() -> None:
    office, approver, focal = (
        await people.coordinator(),
        await people.approver(),
        await people.focal_point(),
    )
    request = await make.submitted()
    asked = await ask_referral(
        request,
        reason="request_referred.operational",
        body="",
        note="Evidence is asked for.",
        version=1,
        actor=office,
        now=NOW,
    )
    assert await open_tasks(asked) == [("request_referral", "QMM")]
    assert await owed("request_referral_asked") == {approver.person_id}
    with pytest.raises(NotAllowed):  # it is with the approver now
        await review(asked, texts=TEXTS, version=asked.version, actor=office, now=NOW)
    with pytest.raises(InvalidInput):
        await decide_referral(
            asked, agreed=True, body="", note="", version=asked.version, actor=approver, now=NOW
        )

    found = await decide_referral(
        asked,
        agreed=True,
        body="The 24/7 contact point",
        note="",
        version=asked.version,
        actor=approver,
        now=NOW,
    )

    assert (found.state, found.referral_body) == (S.REFERRED, "The 24/7 contact point")
    assert await owed("request_referred") == {focal.person_id}
    assert await open_tasks(found) == []
    assert await audited(found) == ["request.ask_referral", "request.refer"]


async def test_a_refused_referral_is_reviewed_after_all() -> None:
    office, approver = await people.coordinator(), await people.approver()
    asked = await ask_referral(
        await make.submitted(),
        reason="request_referred.outside_mandate",
        body="",
        note="",
        version=1,
        actor=office,
        now=NOW,
    )
    back = await decide_referral(
        asked,
        agreed=False,
        body="",
        note="Within the mandate.",
        version=asked.version,
        actor=approver,
        now=NOW,
    )

    assert (back.state, back.referral_reason) == (S.SUBMITTED, None)
    assert await open_tasks(back) == [("request_review", "QMM")]
    found = await review(back, texts=TEXTS, version=back.version, actor=office, now=NOW)
    assert found.state is S.NO_OBJECTION


async def test_who_asked_for_a_referral_does_not_decide_it() -> None:
    person = await people.approver()
    request = await make.submitted(
        referral_asked_by_id=person.person_id, referral_reason="request_referred.operational"
    )
    with pytest.raises(NotAllowed):
        await decide_referral(
            request, agreed=True, body="Someone", note="", version=1, actor=person, now=NOW
        )


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
