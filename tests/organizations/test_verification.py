"""Registration, screening, decision and recognition."""

import asyncio
from datetime import UTC, datetime

import pytest

from concord.accounts.models import Membership, Person
from concord.actor import Actor, Role
from concord.audit import AuditEntry
from concord.errors import Conflict, NotAllowed, StaleVersion
from concord.inbox.models import Task
from concord.jobs import Outbox
from concord.organizations import actions, queries
from concord.organizations.actions.screening import HIT, UNANSWERED, UNSATISFACTORY, UNSCREENED
from concord.organizations.models import Organization, OrganizationStep, Screening
from concord.organizations.states import Finding, OrganizationKind, Sanctions, Verification
from concord.organizations.values import (
    Decision,
    NewOrganization,
    ProfileValues,
    ScreeningValues,
)
from tests.conftest import NOW
from tests.factories import people
from tests.factories.organizations import answers, registered, registration, screened

pytestmark = pytest.mark.usefixtures("database")
YES = Decision(verified=True, note="In order")
NO = Decision(verified=False, note="No register extract", told="Send an extract of the register.")


async def officer() -> Actor:
    return await people.actor(await people.member(Role.DUE_DILIGENCE))


async def told() -> set[tuple[object, object]]:
    """(message, person) of everything owed."""
    rows = await Outbox.filter(name="tell")
    return {(row.payload["message"], row.payload["person"]) for row in rows}


async def open_tasks() -> list[str]:
    return [task.kind for task in await Task.filter(closed_at=None).order_by("kind")]


async def test_a_registration_sent_many_times_at_once_counts_once() -> None:
    await asyncio.gather(*[actions.register(registration(), now=NOW) for _ in range(8)])
    assert (await Organization.all().count(), await Membership.all().count()) == (1, 1)


async def test_registration_makes_organization_administrator_and_task() -> None:
    reviewer = await officer()
    made = await registered("Illustrative Academy, Ltd.")
    seat = await Membership.get(organization_id=made.id).select_related("person")

    assert (made.verification, made.name_key) == (Verification.REGISTERED, "illustrative academy")
    assert (seat.role, seat.person.email) == (Role.PARTNER_ADMIN, "new.admin@example.org")
    assert ("provider_registered", str(reviewer.person_id)) in await told()
    assert ("activation_invited", str(seat.person_id)) in await told()
    assert await open_tasks() == ["screen_provider"]
    job = await Outbox.get(name="check_duplicates")
    assert job.payload == {"organization_id": str(made.id)}


async def test_registration_with_a_known_address_changes_nothing() -> None:
    known = await people.member(Role.PARTNER_ADMIN, await people.provider())
    await known.fetch_related("person")
    before = (await Organization.all().count(), await Membership.all().count())
    await actions.register(registration(email=known.person.email), now=NOW)

    assert (await Organization.all().count(), await Membership.all().count()) == before
    assert await Outbox.all().count() == 0


async def test_a_signed_in_person_administers_what_they_register() -> None:
    actor = await people.partner_admin()
    person = await Person.get(id=actor.person_id)
    await actions.register(registration(email=person.email), now=NOW, actor=actor)
    made = await Organization.get(name="Illustrative Academy")

    assert await Membership.exists(organization_id=made.id, person_id=person.id)


async def test_same_name_and_country_are_found_alike() -> None:
    first = await registered("Illustrative Academy Ltd")
    second = await registered("The Illustrative Academy", email="other@example.org")
    await actions.register(
        registration("Illustrative Academy", email="third@example.org", state="QOO"), now=NOW
    )

    assert [each.id for each in await queries.alike(first)] == [second.id]


async def test_a_provider_is_screened_and_verified_for_three_years() -> None:
    reviewer = await officer()
    made = await screened(await registered(), reviewer)
    await actions.decide(made, YES, actor=reviewer, now=NOW)
    await made.refresh_from_db()
    admin = await Membership.get(organization_id=made.id)

    assert made.verification is Verification.VERIFIED
    assert made.verified_until == datetime(2030, 1, 11, 9, 0, tzinfo=UTC)
    assert ("provider_verified", str(admin.person_id)) in await told()
    assert await open_tasks() == []
    steps = await OrganizationStep.filter(organization_id=made.id).order_by("created_at")
    assert [step.verb for step in steps] == ["register", "screen", "verify"]
    trail = [row.action for row in await AuditEntry.all().order_by("seq")]
    assert trail[-4:] == [
        "organization.registered",
        "organization.screening",
        "organization.screening_saved",
        "organization.verified",
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (ScreeningValues(answers={}), UNANSWERED),
        (answers(Finding.UNSATISFACTORY), UNSATISFACTORY),
        (answers(sanctions=None), UNSCREENED),
        (answers(sanctions=Sanctions.HIT), HIT),
    ],
)
async def test_a_provider_is_not_verified_while_something_speaks_against_it(
    values: ScreeningValues, message: str
) -> None:
    reviewer = await officer()
    made = await registered()
    await actions.open_screening(made, actor=reviewer, now=NOW)
    await actions.save_screening(made, values, version=1, actor=reviewer, now=NOW)
    with pytest.raises(Conflict) as refused:
        await actions.decide(made, YES, actor=reviewer, now=NOW)
    await made.refresh_from_db()

    assert str(refused.value) == message
    assert made.verification is Verification.SCREENING


async def test_an_adjudicated_hit_does_not_block() -> None:
    reviewer = await officer()
    made = await registered()
    await actions.open_screening(made, actor=reviewer, now=NOW)
    cleared = answers(Finding.CONCERN, sanctions=Sanctions.CLEARED)
    await actions.save_screening(made, cleared, version=1, actor=reviewer, now=NOW)
    await actions.decide(made, YES, actor=reviewer, now=NOW)
    await made.refresh_from_db()

    assert made.verification is Verification.VERIFIED


async def test_a_rejected_provider_applies_again() -> None:
    reviewer = await officer()
    made = await screened(await registered(), reviewer)
    await actions.decide(made, NO, actor=reviewer, now=NOW)
    admin = await people.actor(await Membership.get(organization_id=made.id))
    await actions.open_screening(made, actor=admin, now=NOW)
    await made.refresh_from_db()

    assert made.verification is Verification.SCREENING
    assert await Screening.filter(organization_id=made.id).count() == 2
    assert await open_tasks() == ["screen_provider"]


async def test_two_officers_at_once_open_one_review() -> None:
    reviewer = await officer()
    made = await registered()

    async def opened() -> bool:
        try:
            await actions.open_screening(made, actor=reviewer, now=NOW)
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(*[opened() for _ in range(5)])) == [False] * 4 + [True]
    assert await Screening.filter(organization_id=made.id).count() == 1


async def test_two_officers_at_once_decide_once() -> None:
    reviewer = await officer()
    made = await screened(await registered(), reviewer)

    async def decided(decision: Decision) -> bool:
        try:
            await actions.decide(made, decision, actor=reviewer, now=NOW)
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(decided(YES), decided(NO))) == [False, True]


async def test_answers_of_an_older_form_are_refused() -> None:
    reviewer = await officer()
    made = await screened(await registered(), reviewer)

    with pytest.raises(StaleVersion):
        await actions.save_screening(made, answers(), version=1, actor=reviewer, now=NOW)


async def test_a_provider_does_not_decide_about_itself() -> None:
    reviewer = await officer()
    made = await screened(await registered(), reviewer)
    admin = await people.actor(await Membership.get(organization_id=made.id))

    with pytest.raises(NotAllowed):
        await actions.decide(made, YES, actor=admin, now=NOW)


async def test_a_coordinator_recognizes_a_state_without_end() -> None:
    coordinator = await people.coordinator("QMM")
    admin = await people.actor(await people.member(Role.ADMIN))
    values = NewOrganization(
        kind=OrganizationKind.STATE, profile=ProfileValues(name="Illustrative State", state="QMM")
    )
    made = await actions.create(values, actor=admin, now=NOW)
    await actions.recognize(made, actor=coordinator, now=NOW)
    await made.refresh_from_db()

    assert (made.verification, made.verified_until) == (Verification.VERIFIED, None)
    assert await open_tasks() == []
