"""Review by UNODC: accepted, returned, referred."""

from datetime import UTC, datetime

import pytest

from concord.actor import Role
from concord.errors import Conflict, InvalidInput, NotAllowed, NotFound
from concord.requests.actions import (
    ask_referral,
    decide_referral,
    return_,
    review,
    submit,
)
from concord.requests.models import RequestParty
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
