"""Focal points: nominated, accredited on a note verbale, ended."""

import asyncio
import secrets
from datetime import date

import pytest

from concord.accounts.models import Membership, Session
from concord.actor import Actor, Role
from concord.audit import AuditEntry
from concord.errors import Conflict, InvalidInput, NotAllowed
from concord.inbox.models import Task
from concord.jobs import Outbox
from concord.organizations import actions
from concord.organizations.models import Attachment, Organization
from concord.organizations.queries import office_of
from concord.organizations.values import Nomination, NoteVerbale
from tests.conftest import NOW
from tests.factories import people
from tests.factories.organizations import Sent

pytestmark = pytest.mark.usefixtures("database")
NOTE = NoteVerbale(reference="NV/2027/001", date=date(2027, 1, 8))


def nomination(role: Role, email: str = "nominee@example.org") -> Nomination:
    return Nomination(name="Nominee", email=email, role=role)


async def told() -> set[tuple[object, object]]:
    rows = await Outbox.filter(name="tell")
    return {(row.payload["message"], row.payload["person"]) for row in rows}


async def nominated(
    office: Organization, coordinator: Actor, *, email: str = "nominee@example.org"
) -> Membership:
    return await actions.nominate(
        office, nomination(Role.FOCAL_POINT, email), actor=coordinator, now=NOW
    )


async def test_a_nominee_waits_until_a_coordinator_accredits() -> None:
    office, coordinator = await people.organization(), await people.coordinator("QMM")
    other = await people.coordinator("QNN")
    seat = await nominated(office, coordinator)

    assert seat.accreditation == "nominated"
    task = await Task.get(kind="accredit_focal_point", closed_at=None)
    assert (task.state_code, task.subject_public_id) == ("QMM", office.public_id)
    owed = await told()
    assert ("focal_point_nominated", str(coordinator.person_id)) in owed
    assert ("focal_point_nominated", str(other.person_id)) not in owed

    await actions.accredit(seat, NOTE, Sent(), actor=coordinator, now=NOW)
    await seat.refresh_from_db()
    assert (seat.accreditation, seat.note_reference, seat.note_date) == (
        "accredited",
        "NV/2027/001",
        date(2027, 1, 8),
    )
    kept = await Attachment.get(id=seat.note_attachment_id)
    assert (kept.subject_kind, kept.subject_id) == ("accreditation", seat.id)
    assert ("accreditation_granted", str(seat.person_id)) in await told()
    assert await Task.filter(closed_at=None).count() == 0
    last = await AuditEntry.all().order_by("-seq").first()
    assert last is not None
    assert last.action == "membership.accredited"


async def test_a_note_that_is_no_document_accredits_nobody() -> None:
    office, coordinator = await people.organization(), await people.coordinator("QMM")
    seat = await nominated(office, coordinator)
    with pytest.raises(InvalidInput) as refused:
        await actions.accredit(seat, NOTE, Sent("note.pdf", b"<html>"), actor=coordinator, now=NOW)
    await seat.refresh_from_db()

    assert set(refused.value.fields) == {"file"}
    assert seat.accreditation == "nominated"


async def test_a_focal_point_nominates_an_alternate_and_a_drafter() -> None:
    focal_point = await people.focal_point("QMM")
    office = await Organization.get(id=focal_point.organization_id)
    alternate = await actions.nominate(
        office, nomination(Role.ALTERNATE), actor=focal_point, now=NOW
    )
    drafter = await actions.nominate(
        office, nomination(Role.DRAFTER, "drafter@example.org"), actor=focal_point, now=NOW
    )

    assert (alternate.accreditation, drafter.accreditation) == ("nominated", "accredited")
    with pytest.raises(NotAllowed):
        await actions.nominate(
            office,
            nomination(Role.FOCAL_POINT, "x@example.org"),
            actor=focal_point,
            now=NOW,
        )


async def test_one_office_speaks_for_a_state() -> None:
    coordinator = await people.coordinator("QMM")
    first, second = await people.organization(), await people.organization()
    seat = await nominated(first, coordinator)

    with pytest.raises(Conflict, match="One office speaks for a State"):
        await nominated(second, coordinator, email="second@example.org")
    await actions.end_accreditation(seat, reason="Moved", actor=coordinator, now=NOW)
    await nominated(second, coordinator, email="second@example.org")
    found = await office_of("QMM")
    assert found is not None
    assert found.id == second.id


async def test_two_offices_nominating_at_once_end_with_one() -> None:
    coordinator = await people.coordinator("QMM")
    offices = [await people.organization() for _ in range(4)]

    async def tried(office: Organization) -> bool:
        try:
            await nominated(office, coordinator, email=f"{office.public_id.lower()}@example.org")
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(*map(tried, offices))) == [False, False, False, True]


async def test_two_coordinators_at_once_accredit_once() -> None:
    office = await people.organization()
    first, second = await people.coordinator("QMM"), await people.coordinator("QMM")
    seat = await nominated(office, first)

    async def tried(actor: Actor) -> bool:
        try:
            await actions.accredit(seat, NOTE, Sent(), actor=actor, now=NOW)
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(tried(first), tried(second))) == [False, True]
    assert await Attachment.all().count() == 1


async def test_ending_closes_sessions_and_tells_the_person() -> None:
    coordinator = await people.coordinator("QMM")
    seat = await people.member(Role.FOCAL_POINT, await people.organization())
    session = await Session.create(
        digest="d",
        person_id=seat.person_id,
        membership=seat,
        csrf_token=secrets.token_hex(4),
        seen_at=NOW,
        expires_at=NOW,
    )
    await actions.end_accreditation(seat, reason="NV/2", actor=coordinator, now=NOW)
    await seat.refresh_from_db()
    await session.refresh_from_db()

    assert (seat.accreditation, seat.ended_at, seat.ended_note) == ("ended", NOW, "NV/2")
    assert session.ended_at == NOW
    assert ("accreditation_ended", str(seat.person_id)) in await told()
    with pytest.raises(Conflict):
        await actions.accredit(seat, NOTE, Sent(), actor=coordinator, now=NOW)


async def test_a_coordinator_of_other_states_does_nothing_here() -> None:
    office = await people.organization()
    seat = await nominated(office, await people.coordinator("QMM"))
    stranger = await people.coordinator("QNN")

    with pytest.raises(NotAllowed):
        await nominated(office, stranger, email="x@example.org")
    with pytest.raises(NotAllowed):
        await actions.accredit(seat, NOTE, Sent(), actor=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        await actions.end_accreditation(seat, reason="x", actor=stranger, now=NOW)
