"""Duplicates side by side: who sees them, one answer that stays, and how they are raised."""

from datetime import date
from uuid import UUID

import pytest

from concord import jobs
from concord.actor import Role
from concord.audit import AuditEntry
from concord.duplicates.actions import flag
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.values import FlagKind
from concord.inbox.models import Notice, Task
from concord.requests.states import Confidentiality
from tests.conftest import NOW, SignIn
from tests.counting import counted_queries
from tests.factories import offers, people, requests
from tests.workers.conftest import context, pool, work
from workers.context import Context

__all__ = ["context", "pool"]


async def flagged(left: UUID, right: UUID, kind: FlagKind = FlagKind.REQUESTS) -> DuplicateFlag:
    made = await flag(
        kind, left, right, score=0.9, verdict="likely", agreeing=["owner"], model_version="test"
    )
    assert made is not None
    return made


async def test_two_records_stand_side_by_side(sign_in: SignIn) -> None:
    one = await requests.open_request(title="The first of two")
    twin = await requests.submitted(title="The second of two", starts_on=date(2027, 4, 1))
    await flagged(one.id, twin.id)
    browser = await sign_in(await people.member(Role.COORDINATOR))
    page = (await browser.get("/duplicates")).text
    for words in ("The first of two", "The second of two", "90% alike", "Same", "In part"):
        assert words in page
    assert "The first of two" not in (await browser.get("/duplicates?kind=offers")).text


async def test_offers_of_one_provider_have_a_list_of_their_own(sign_in: SignIn) -> None:
    place = await people.provider()
    one, twin = await offers.published(place, title="Course A"), await offers.published(place)
    await flagged(one.id, twin.id, FlagKind.OFFERS)
    browser = await sign_in(await people.member(Role.COORDINATOR))
    assert "Course A" in (await browser.get("/duplicates?kind=offers")).text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
async def test_coordinators_alone_answer(sign_in: SignIn, role: Role) -> None:
    one, twin = await requests.open_request(), await requests.open_request()
    made = await flagged(one.id, twin.id)
    unodc = role in {Role.APPROVER, Role.DUE_DILIGENCE, Role.AUDITOR, Role.ADMIN}
    browser = await sign_in(
        await people.member(role, None if unodc else await people.organization())
    )
    listed = await browser.get("/duplicates")
    assert listed.status_code == (200 if role is Role.DUE_DILIGENCE else 404)
    assert one.public_id not in listed.text
    assert (await browser.get(f"/duplicates/{made.id}")).status_code == 404
    answered = await browser.post(f"/duplicates/{made.id}/answer", data={"answer": "same"})
    assert answered.status_code == 404
    assert (await DuplicateFlag.get(id=made.id)).answer is None


async def test_an_answer_is_kept_once_and_audited(sign_in: SignIn) -> None:
    one, twin = await requests.open_request(), await requests.open_request()
    made = await flagged(one.id, twin.id)
    me = await people.member(Role.COORDINATOR)
    browser = await sign_in(me)
    address = f"/duplicates/{made.id}/answer"
    first = await browser.post(address, data={"answer": "different", "note": "Other regions"})
    assert (first.status_code, first.headers["location"]) == (303, "/duplicates")
    kept = await DuplicateFlag.get(id=made.id)
    assert (kept.answer, kept.answer_note, kept.answered_by_id, kept.answered_at) == (
        "different",
        "Other regions",
        me.person_id,
        NOW,
    )
    second = await browser.post(address, data={"answer": "same"})
    assert second.status_code == 409
    assert (await DuplicateFlag.get(id=made.id)).answer == "different"
    assert await AuditEntry.filter(action="duplicate.answered").count() == 1


@pytest.mark.parametrize("data", [{}, {"answer": "perhaps"}])
async def test_an_answer_is_one_of_two(sign_in: SignIn, data: dict[str, str]) -> None:
    one, twin = await requests.open_request(), await requests.open_request()
    made = await flagged(one.id, twin.id)
    browser = await sign_in(await people.member(Role.COORDINATOR))
    answered = await browser.post(f"/duplicates/{made.id}/answer", data=data)
    assert answered.status_code == 422
    assert (await DuplicateFlag.get(id=made.id)).answer is None


@pytest.mark.parametrize("back", ["", "/duplicates?request=REQ"])
@pytest.mark.parametrize(
    ("answer", "note", "wrong"),
    [
        ("same", "y" * 2001, "Shorten this to 2000 characters or fewer"),
        ("different", "tw\u202eo", "Remove the invisible characters"),
        ("perhaps", "They differ in the region", "Choose one of the options"),
        ("", "They differ in the region", "Choose one of the options"),
    ],
)
async def test_a_refused_answer_keeps_what_was_typed(
    sign_in: SignIn, answer: str, note: str, wrong: str, back: str
) -> None:
    """From the list of a request, from that of all, and from its own page."""
    one, twin = await requests.open_request(), await requests.open_request()
    made = await flagged(one.id, twin.id)
    browser = await sign_in(await people.member(Role.COORDINATOR))
    typed = {"answer": answer, "note": note, "next": back}
    page = await browser.post(f"/duplicates/{made.id}/answer", data=typed)
    assert page.status_code == 422
    place = "note" if answer in {"same", "different"} else "answer"
    assert f'href="#field-{place}"' in page.text
    assert f'id="error-{place}"' in page.text
    assert wrong in page.text
    assert note in page.text
    assert (f'value="{answer}" checked' in page.text) == (place == "note")
    assert (f'name="next" value="{back}"' in page.text) == bool(back)
    assert (await DuplicateFlag.get(id=made.id)).answer is None


@pytest.mark.parametrize(
    ("note", "wrong"), [("", "Enter a value"), ("tw\u202eo", "Remove the invisible characters")]
)
async def test_a_refused_opening_keeps_the_note(sign_in: SignIn, note: str, wrong: str) -> None:
    one, twin = await requests.open_request(), await requests.open_request()
    made = await flagged(one.id, twin.id)
    browser = await sign_in(await people.member(Role.COORDINATOR))
    await browser.post(f"/duplicates/{made.id}/answer", data={"answer": "same"})
    page = await browser.post(f"/duplicates/{made.id}/opening", data={"note": note})
    assert page.status_code == 422
    assert 'href="#field-note"' in page.text
    assert 'id="error-note"' in page.text
    assert wrong in page.text
    assert note in page.text
    assert (await DuplicateFlag.get(id=made.id)).answer == "same"


async def test_a_number_that_was_never_used_is_unknown(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    for number in ("x", "00000000-0000-0000-0000-000000000000"):
        answered = await browser.post(f"/duplicates/{number}/answer", data={"answer": "same"})
        assert answered.status_code == 404


async def test_the_number_of_queries_does_not_grow(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    await browser.get("/duplicates")
    counts = []
    for size in (1, 3):
        for _ in range(size):
            one, twin = await requests.open_request(), await requests.open_request()
            await flagged(one.id, twin.id)
        with counted_queries() as queries:
            await browser.get("/duplicates")
        counts.append(len(queries))
    assert counts == [5, 5]  # one of them notes that the requests were read


async def test_a_request_filed_again_is_flagged_once(context: Context) -> None:
    coordinator = await people.coordinator("QMM")
    await requests.open_request()
    twin = await requests.open_request()
    await requests.open_request("QNN")  # another State's is no repetition
    for _ in range(2):
        await jobs.enqueue(jobs.CHECK_DUPLICATES, now=NOW, request_id=twin.id)
        await work(context)
    made = await DuplicateFlag.get()
    assert (made.kind, made.verdict, made.answer) == ("request_request", "likely", None)
    assert (
        await Notice.filter(person_id=coordinator.person_id, message="duplicate_flagged").count()
        == 1
    )
    tasks = await Task.filter(kind="answer_duplicate", closed_at=None)
    assert [(task.subject_id, task.state_code) for task in tasks] == [(made.id, "QMM")]


async def test_of_a_sealed_request_those_named_are_asked_alone(context: Context) -> None:
    named, other = await people.coordinator("QMM"), await people.coordinator("QMM")
    assert named.person_id
    await requests.open_request()
    sealed = await requests.open_request(
        confidentiality=Confidentiality.SEALED, coordinators=[named.person_id]
    )
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=NOW, request_id=sealed.id)
    await work(context)
    heard = {notice.person_id for notice in await Notice.filter(message="duplicate_flagged")}
    assert heard == {named.person_id}
    assert other.person_id not in heard
    tasks = await Task.filter(kind="answer_duplicate")
    assert [task.person_id for task in tasks] == [named.person_id]


async def test_organizations_of_one_name_are_flagged(context: Context) -> None:
    one = await people.provider("Twin Institute")
    twin = await people.provider("Twin Institute")
    await people.provider("Another Institute")
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=NOW, organization_id=twin.id)
    await work(context)
    made = await DuplicateFlag.get()
    assert (made.kind, {made.left_id, made.right_id}) == ("organization", {one.id, twin.id})
