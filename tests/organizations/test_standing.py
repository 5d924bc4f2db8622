"""A verification is suspended, reinstated, renewed, and runs out."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from concord.actor import Actor, Role
from concord.errors import Conflict, DomainError
from concord.inbox.models import Task
from concord.jobs import Outbox
from concord.organizations import actions, clocks
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from concord.organizations.values import (
    Decision,
)
from tests.conftest import NOW
from tests.factories import people
from tests.factories.organizations import screened

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


async def verified(until: datetime | None = None) -> Organization:
    made = await people.provider()
    made.verified_until = until or NOW + timedelta(days=900)
    await made.save()
    await people.member(Role.PARTNER_ADMIN, made)
    return made


async def test_a_suspension_tells_without_reason_and_is_taken_back() -> None:
    reviewer, made = await officer(), await verified()
    coordinator = await people.coordinator("QMM")
    await actions.mark_suspended(made, reason="CANARY", actor=reviewer, now=NOW)
    owed = await told()

    assert made.verification.value == "suspended"
    assert ("provider_suspended_to_coordinators", str(coordinator.person_id)) in owed
    assert "CANARY" not in str([row.payload for row in await Outbox.all()])
    await actions.reinstate(made, reason="Cleared", actor=reviewer, now=NOW)
    await made.refresh_from_db()
    assert made.verification is Verification.VERIFIED
    assert made.verified_until == NOW + timedelta(days=900)


async def test_the_clock_warns_once_and_then_expires() -> None:
    made = await verified(NOW + timedelta(days=59))

    assert [await clocks.run(NOW), await clocks.run(NOW)] == [1, 0]
    assert await open_tasks() == ["renew_verification"]
    assert {message for message, _person in await told()} == {"verification_expires_soon"}
    later = NOW + timedelta(days=60)
    assert sum(await asyncio.gather(clocks.run(later), clocks.run(later))) == 1
    await made.refresh_from_db()
    assert made.verification is Verification.EXPIRED
    assert ("verification_expired") in {message for message, _person in await told()}


async def test_the_clock_leaves_the_recognized_and_the_distant_alone() -> None:
    await verified(NOW + timedelta(days=61))
    await people.provider(kind=OrganizationKind.STATE)

    assert await clocks.run(NOW) == 0


async def test_a_renewal_keeps_the_provider_verified_meanwhile() -> None:
    reviewer, made = await officer(), await verified(NOW + timedelta(days=30))
    made = await screened(made, reviewer)
    assert made.verification is Verification.VERIFIED
    await actions.decide(made, YES, actor=reviewer, now=NOW)
    await made.refresh_from_db()

    assert made.verified_until == datetime(2030, 1, 11, 9, 0, tzinfo=UTC)


async def test_a_refused_renewal_changes_nothing_before_the_end() -> None:
    reviewer, made = await officer(), await verified(NOW + timedelta(days=30))
    made = await screened(made, reviewer)
    await actions.decide(made, NO, actor=reviewer, now=NOW)
    await made.refresh_from_db()

    assert (made.verification, made.verified_until) == (
        Verification.VERIFIED,
        NOW + timedelta(days=30),
    )


async def test_a_verification_that_runs_out_under_review_stays_under_review() -> None:
    reviewer, made = await officer(), await verified(NOW + timedelta(days=30))
    await screened(made, reviewer)
    await clocks.run(NOW + timedelta(days=31))
    await made.refresh_from_db()

    assert made.verification is Verification.SCREENING
    await actions.decide(made, YES, actor=reviewer, now=NOW + timedelta(days=31))


async def test_a_command_on_a_state_that_moved_is_a_conflict() -> None:
    reviewer, made = await officer(), await verified()
    await actions.mark_suspended(made, reason="x", actor=reviewer, now=NOW)

    for command in (
        actions.mark_suspended(made, reason="x", actor=reviewer, now=NOW),
        actions.decide(made, YES, actor=reviewer, now=NOW),
        actions.open_screening(made, actor=reviewer, now=NOW),
        actions.recognize(made, actor=reviewer, now=NOW),
    ):
        with pytest.raises(DomainError) as refused:
            await command
        assert isinstance(refused.value, Conflict)
