"""Questions, answers, disclosures, assignments, readings and imports."""

from dataclasses import replace
from datetime import timedelta

import pytest

from concord.actor import Actor, Role
from concord.errors import Conflict, InvalidInput, NotAllowed, NotFound
from concord.inbox.models import Task
from concord.requests.actions import (
    answer_clarification,
    ask_clarification,
    assign,
    disclose,
    end_disclosures,
    import_request,
    name_provider,
    note_reading,
    submit,
)
from concord.requests.models import Clarification, Disclosure, Request, RequestReading
from concord.requests.queries import visible_to
from concord.requests.states import Confidentiality, RequestState
from concord.requests.values import Level
from tests.conftest import NOW
from tests.factories import people
from tests.factories import requests as make
from tests.factories.people import actor, member, organization
from tests.requests.told import audited, jobs_named, open_tasks, owed

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality


async def ask(request: Request, who: Actor) -> Clarification:
    return await ask_clarification(
        request, question="How many officers?", language="en", actor=who, now=NOW
    )


async def answer(
    request: Request, asked: Clarification, who: Actor, *, shared: bool = False
) -> Clarification:
    return await answer_clarification(
        request, asked, answer="Forty.", language="en", shared=shared, actor=who, now=NOW
    )


async def test_a_question_waits_for_the_state_and_its_answer_for_the_asker() -> None:
    focal, office = await people.focal_point(), await people.coordinator()
    other = await people.partner_admin()
    request = await make.open_request()

    asked = await ask(request, office)
    assert await open_tasks(request) == [("request_clarification", "QMM")]
    assert await owed("clarification_asked_of_state") == {focal.person_id}
    answered = await answer(request, asked, focal)

    assert (answered.answer, answered.shared) == ("Forty.", False)
    assert await open_tasks(request) == []
    assert await owed("clarification_answered") == {office.person_id}
    assert await owed("clarification_shared") == set() != {other.person_id}
    with pytest.raises(Conflict):
        await answer(request, asked, focal)
    assert await audited(request) == ["request.ask", "request.answer"]


async def test_a_shared_answer_goes_to_everyone_who_sees_the_text() -> None:
    focal, partner, other = (
        await people.focal_point(),
        await people.partner_admin(),
        await people.partner_admin(),
    )
    request = await make.open_request()

    await answer(request, await ask(request, partner), focal, shared=True)

    assert await owed("clarification_shared") == {partner.person_id, other.person_id}


async def test_providers_ask_about_what_they_see_and_not_too_often() -> None:
    partner = await people.partner_admin()
    request = await make.open_request()
    for _ in range(5):
        await ask(request, partner)
    with pytest.raises(Conflict):
        await ask(request, partner)
    with pytest.raises(NotAllowed):
        await ask(await make.open_request(stage=RequestState.CLOSED), partner)


async def test_states_do_not_ask_themselves_and_others_do_not_answer() -> None:
    request = await make.open_request()
    with pytest.raises(NotAllowed):
        await ask(request, await people.focal_point())
    asked = await ask(request, await people.coordinator())
    for who in (await people.coordinator(), await people.focal_point("QNN")):
        with pytest.raises(NotAllowed):
            await answer(request, asked, who)
    drafter = await actor(await member(Role.DRAFTER, await organization()))
    with pytest.raises(NotAllowed):
        await answer(request, asked, drafter)
    await Request.filter(id=request.id).update(created_by_id=drafter.person_id)
    assert (await answer(request, asked, drafter)).answer == "Forty."


async def test_disclosure_is_kept_once_and_ends_with_a_date_to_delete() -> None:
    request, at = await make.open_request(confidentiality=C.SEALED), await people.provider()
    match_id = request.id  # any id
    for parts in ((), ("outcome",)):
        await disclose(
            request,
            at.id,
            level=Level.FULL,
            basis="consent",
            match_id=match_id,
            parts=parts,
            now=NOW,
        )

    assert await Disclosure.all().count() == 1
    assert await visible_to(await people.partner_admin(at)).count() == 1
    assert await end_disclosures(match_id, now=NOW) == 1
    assert await end_disclosures(match_id, now=NOW) == 0
    kept = await Disclosure.get(request_id=request.id)
    assert (kept.parts, (kept.delete_by or NOW) - NOW) == (["outcome"], timedelta(days=30))
    assert await visible_to(await people.partner_admin(at)).count() == 0


async def test_the_state_names_providers_of_a_restricted_request_alone() -> None:
    focal, at = await people.focal_point(), await people.provider()
    request = await make.open_request(confidentiality=C.RESTRICTED)
    with pytest.raises(NotAllowed):
        await name_provider(
            request, organization_id=at.id, version=1, actor=await people.coordinator(), now=NOW
        )
    with pytest.raises(InvalidInput):
        await name_provider(request, organization_id=request.id, version=1, actor=focal, now=NOW)
    await name_provider(request, organization_id=at.id, version=1, actor=focal, now=NOW)

    assert await visible_to(await people.partner_admin(at)).count() == 1
    with pytest.raises(NotAllowed):
        await name_provider(
            await make.open_request(confidentiality=C.SEALED),
            organization_id=at.id,
            version=1,
            actor=focal,
            now=NOW,
        )


async def test_a_new_officer_on_a_sealed_request_takes_over_what_waits() -> None:
    focal = await people.focal_point()
    first, second, approver = (
        await people.coordinator(),
        await people.coordinator(),
        await people.approver(),
    )
    assert first.person_id
    assert second.person_id
    request = await make.draft(
        confidentiality=C.SEALED, coordinators=[first.person_id], approver=approver.person_id
    )
    sent = await submit(request, version=1, actor=focal, now=NOW)
    with pytest.raises(NotFound):
        await assign(
            sent,
            person_id=second.person_id,
            role=Role.COORDINATOR,
            version=sent.version,
            actor=second,
            now=NOW,
        )

    await assign(
        sent,
        person_id=second.person_id,
        role=Role.COORDINATOR,
        version=sent.version,
        actor=first,
        now=NOW,
    )

    waiting = await Task.filter(subject_id=sent.id, closed_at=None)
    assert {task.person_id for task in waiting} == {first.person_id, second.person_id}
    assert await visible_to(second).count() == 1


async def test_readings_are_kept_once_an_hour_and_not_of_the_state_itself() -> None:
    focal, partner = await people.focal_point(), await people.partner_admin()
    request = await make.open_request()
    for who in (focal, partner, partner):
        await note_reading(request, actor=who, now=NOW)

    rows = await RequestReading.filter(request_id=request.id)
    assert [(row.person_id, row.hour) for row in rows] == [(partner.person_id, NOW)]


async def test_an_import_lands_as_a_draft_once() -> None:
    office = await people.coordinator("QMM")
    values = make.complete_values(lead_state="QMM")
    first = await import_request(
        values, external_id="X-1", source="file.csv", actor=office, now=NOW
    )
    again = await import_request(
        replace(values, title="Other"), external_id="X-1", source="file.csv", actor=office, now=NOW
    )

    assert (first.created, again.created) == (True, False)
    kept = await Request.get(external_id="X-1")
    assert (kept.state, kept.title, kept.import_source) == (
        RequestState.DRAFT,
        values.title,
        "file.csv",
    )
    assert await visible_to(office).count() == 1
    assert await visible_to(await people.focal_point()).count() == 1
    assert await audited(kept) == ["request.import"]


async def test_import_as_open_is_ranked_audited_and_circulated_to_nobody() -> None:
    office = await people.coordinator()
    found = await import_request(
        make.complete_values(lead_state="QMM", items=()),
        external_id="X-2",
        source="file.csv",
        as_open="Agreed by note verbale 12.",
        actor=office,
        now=NOW,
    )

    kept = await Request.get(id=found.request.id)
    assert (kept.state, kept.circulated_at, kept.opened_at) == (RequestState.OPEN, None, NOW)
    assert await jobs_named("rank_request") == 1
    assert await audited(kept) == ["request.import_open"]
    assert await visible_to(await people.partner_admin()).count() == 0


async def test_import_needs_a_source_an_id_a_state_and_a_coordinator_of_it() -> None:
    office, focal = await people.coordinator("QMM"), await people.focal_point()
    values = make.complete_values(lead_state="QMM")
    for external_id, source in (("", "file.csv"), ("X", "")):
        with pytest.raises(InvalidInput):
            await import_request(
                values, external_id=external_id, source=source, actor=office, now=NOW
            )
    with pytest.raises(NotAllowed):
        await import_request(
            replace(values, lead_state="QNN"), external_id="X", source="f", actor=office, now=NOW
        )
    with pytest.raises(NotAllowed):
        await import_request(
            values, external_id="X", source="f", as_open="Because", actor=focal, now=NOW
        )

    assert await Request.all().count() == 0
