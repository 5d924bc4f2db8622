"""What is done already where a request asks: flagged, told, answered before a proposal."""

from datetime import date
from typing import Any

import pytest

from concord import jobs
from concord.activities.models import ExternalActivity
from concord.actor import Role
from concord.duplicates.models import DuplicateAnswer, DuplicateFlag
from concord.errors import Conflict
from concord.inbox.models import Notice, Task
from concord.matches.models import Match
from concord.pairings.repetition import repetitions_of
from concord.requests.models import Request, RequestAssignment, RequestItem
from concord.requests.states import Confidentiality
from tests.conftest import NOW, SignIn
from tests.factories import matches, people, requests
from tests.matches.test_proposal_pages import typed
from tests.workers.conftest import context, pool, work
from workers.context import Context

__all__ = ["context", "pool"]


async def activity(identifier: str = "X-1", **changes: Any) -> ExternalActivity:
    """On the topic of the sample requests, in their State, at their time."""
    facts: dict[str, Any] = {
        "title": "A project of others",
        "description": "Officers are trained.",
        "source": "Concord",
        "provider": "Illustrative Agency",
        "state_id": "QMM",
        "states": ["QMM"],
        "topics": ["INV.02"],
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2027, 12, 31),
    }
    return await ExternalActivity.create(identifier=identifier, **facts | changes)


async def topic_of(request: Request) -> str:
    return (await RequestItem.filter(request_id=request.id))[0].topic_id


async def checked(request: Request, context: Context) -> None:
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=NOW, request_id=request.id)
    await work(context)


@pytest.mark.parametrize(
    ("changes", "nearness"),
    [
        ({}, "same_topic"),
        ({"starts_on": None, "ends_on": None}, "same_topic"),
        ({"topics": ["INV.03"]}, "same_group"),
        ({"topics": ["INV"]}, "same_group"),
        ({"topics": ["PRE.01"]}, None),
        ({"topics": []}, None),
        ({"state_id": "QNN", "states": ["QNN", "QMM"]}, "same_topic"),
        ({"state_id": "QNN", "states": ["QNN"]}, None),
        ({"starts_on": date(2020, 1, 1), "ends_on": date(2020, 12, 31)}, None),
        ({"status": "cancelled"}, None),
    ],
)
async def test_an_activity_is_near_by_state_topic_and_period(
    database: None, changes: dict[str, Any], nearness: str | None
) -> None:
    request = await requests.open_request()
    assert await topic_of(request) == "INV.02"
    await activity(**changes)

    found = await repetitions_of(await Request.get(id=request.id))

    assert [each.nearness.value for each in found] == ([nearness] if nearness else [])


async def test_warnings_are_told_once_and_asked_in_one_task(context: Context) -> None:
    coordinator = await people.coordinator("QMM")
    request = await requests.open_request()
    await activity()
    await activity("X-2", topics=["INV.03"])

    for _ in range(2):
        await checked(request, context)

    flags = await DuplicateFlag.all().order_by("-score")
    assert [(each.kind, each.verdict) for each in flags] == [
        ("match_activity", "likely"),
        ("match_activity", "possible"),
    ]
    assert {each.left_id for each in flags} == {request.id}
    heard = await Notice.filter(person_id=coordinator.person_id, message="repetition_flagged")
    assert [each.payload for each in heard] == [{"request": request.public_id, "warnings": 2}]
    tasks = await Task.filter(kind="answer_repetition", closed_at=None)
    assert [(each.subject_id, each.state_code) for each in tasks] == [(request.id, "QMM")]


async def test_what_is_no_longer_so_is_no_longer_asked(context: Context) -> None:
    request = await requests.open_request()
    one = await activity()
    answered = await activity("X-2")
    await checked(request, context)
    await DuplicateFlag.filter(right_id=answered.id).update(answer="same", answered_at=NOW)

    await ExternalActivity.all().update(status="cancelled")
    await checked(request, context)

    assert [each.right_id for each in await DuplicateFlag.all()] == [answered.id]
    assert one.id != answered.id
    assert await Task.filter(kind="answer_repetition", closed_at=None).count() == 0


async def test_an_import_is_held_against_the_requests_of_its_states(context: Context) -> None:
    request, other = await requests.open_request(), await requests.open_request("QNN")
    await activity()

    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=NOW, name_key="atlantis")
    await work(context)
    assert await DuplicateFlag.all().count() == 0
    await ExternalActivity.all().update(names=["atlantis"])
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=NOW, name_key="atlantis")
    while await work(context):
        pass

    assert [each.left_id for each in await DuplicateFlag.all()] == [request.id]
    assert other.id != request.id


async def test_nothing_is_proposed_before_the_answer(sign_in: SignIn, context: Context) -> None:
    players = await matches.cast()
    request, offer = await matches.open_request(), await matches.offered(players.provider)
    await activity(topics=[await topic_of(request)])
    browser = await sign_in(await people.member(Role.COORDINATOR))
    proposal = await typed(request, offer)

    refused = await browser.post(f"/requests/{request.public_id}/matches", data=proposal)

    assert refused.status_code == 409
    assert "Answer the warnings on this request first" in refused.text
    assert f"/duplicates?request={request.public_id}" in refused.text
    assert await Match.all().count() == 0
    flag = await DuplicateFlag.get()
    with pytest.raises(Conflict):
        await matches.proposed(players, request=request, offer=offer)
    page = (await browser.get(f"/duplicates?request={request.public_id}")).text
    for words in ("A project of others", "Does the activity serve the same need?", "100% alike"):
        assert words in page
    answered = await browser.post(f"/duplicates/{flag.id}/answer", data={"answer": "different"})
    assert answered.status_code == 303
    taken = await browser.post(f"/requests/{request.public_id}/matches", data=proposal)
    assert taken.status_code == 303, taken.text
    await checked(request, context)
    assert (await DuplicateFlag.get()).answer == "different"


async def test_an_approved_delivery_warns_the_next_request(context: Context) -> None:
    players = await matches.cast()
    match = await matches.approved(players)
    later = await matches.open_request()
    while await work(context):
        pass
    await checked(later, context)

    flag = await DuplicateFlag.get(kind="match_undertaking")
    first = await Request.get(id=match.request_id)
    assert (flag.left_id, flag.verdict) == (later.id, "likely")
    assert [each.kind for each in await repetitions_of(first)] == []
    asked = await jobs.Outbox.filter(
        name=jobs.CHECK_DUPLICATES, payload__contains={"approved_of": str(first.id)}
    )
    assert len(asked) == 1


async def test_both_stand_side_by_side_with_their_history(
    sign_in: SignIn, context: Context
) -> None:
    players = await matches.cast()
    match = await matches.approved(players)
    later = await matches.open_request()
    await checked(later, context)
    flag = await DuplicateFlag.get(kind="match_undertaking")
    browser = await sign_in(await people.member(Role.COORDINATOR))
    address = f"/duplicates/{flag.id}"

    page = (await browser.get(address)).text
    assert match.public_id in page
    assert "Does the delivery serve the same need?" in page
    assert "0 of the 50 answers" in page
    await browser.post(f"{address}/answer", data={"answer": "same", "note": "One cohort"})
    assert (await browser.post(f"{address}/opening", data={})).status_code == 422
    opened = await browser.post(f"{address}/opening", data={"note": "Two cohorts after all"})
    assert opened.headers["location"] == address
    again = await browser.post(f"{address}/answer", data={"answer": "different"})
    assert again.status_code == 303
    page = (await browser.get(address)).text
    for words in ("One cohort", "Two cohorts after all", "Opened again", "Not the same"):
        assert words in page
    assert await DuplicateAnswer.filter(flag_id=flag.id).count() == 3
    assert (
        "Answered: not the same"
        in (await browser.get("/duplicates?kind=undertakings&view=answered")).text
    )


async def test_a_sealed_delivery_is_not_named_and_its_officers_are_told(
    sign_in: SignIn, context: Context
) -> None:
    named = await people.coordinator("QMM")
    assert named.person_id
    players = await matches.cast()
    match = await matches.approved(players)
    await Request.filter(id=match.request_id).update(confidentiality=Confidentiality.SEALED)
    await RequestAssignment.create(
        request_id=match.request_id, person_id=named.person_id, role="coordinator"
    )
    later = await matches.open_request()
    await checked(later, context)
    flag = await DuplicateFlag.get(kind="match_undertaking")
    outsider = await sign_in(await people.member(Role.COORDINATOR))

    page = (await outsider.get(f"/duplicates/{flag.id}")).text

    assert "An existing delivery; ask UNODC" in page
    assert match.public_id not in page
    heard = await Notice.filter(message="duplicate_flagged")
    assert {each.person_id for each in heard} == {named.person_id}
    assert match.public_id in {each.payload["subject"] for each in heard}


async def test_of_a_sealed_request_nothing_is_shown_to_others(
    sign_in: SignIn, context: Context
) -> None:
    named = await people.coordinator("QMM")
    assert named.person_id
    sealed = await requests.open_request(
        confidentiality=Confidentiality.SEALED, coordinators=[named.person_id]
    )
    await activity()
    await checked(sealed, context)
    flag = await DuplicateFlag.get()
    outsider = await sign_in(await people.member(Role.COORDINATOR))

    assert (await outsider.get(f"/duplicates/{flag.id}")).status_code == 404
    assert sealed.public_id not in (await outsider.get("/duplicates?kind=activities")).text
    assert (await outsider.get(f"/duplicates?request={sealed.public_id}")).status_code == 404
    heard = await Notice.filter(message="repetition_flagged")
    assert {each.person_id for each in heard} == {named.person_id}
    tasks = await Task.filter(kind="answer_repetition")
    assert [each.person_id for each in tasks] == [named.person_id]


async def test_organizations_are_answered_by_due_diligence_too(
    sign_in: SignIn, context: Context
) -> None:
    one, twin = await people.provider("Twin Institute"), await people.provider("Twin Institute")
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=NOW, organization_id=twin.id)
    await work(context)
    flag = await DuplicateFlag.get()
    browser = await sign_in(await people.member(Role.DUE_DILIGENCE))

    page = (await browser.get("/duplicates")).text
    assert one.public_id in page
    assert twin.public_id in page
    answered = await browser.post(f"/duplicates/{flag.id}/answer", data={"answer": "same"})
    assert answered.status_code == 303
    assert "reject or suspend the other" in (await browser.get(f"/duplicates/{flag.id}")).text
