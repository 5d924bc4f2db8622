"""Who has left is forgotten; what they decided stays, and the trail stays whole."""

from datetime import timedelta

import pytest

from concord.accounts import actions, clocks
from concord.accounts.models import Membership, Person, RecoveryCode, Session, Token
from concord.accounts.states import PersonState
from concord.actor import Role
from concord.audit import AuditEntry
from concord.audit.chain import verify
from concord.cli.actors import operator
from concord.cli.user import forget
from concord.errors import Conflict, InvalidInput, NotAllowed
from concord.inbox import clocks as inbox_clocks
from concord.inbox.models import Notice
from concord.jobs import Outbox
from concord.organizations.models import Attachment
from concord.requests import clocks as request_clocks
from concord.requests.models import RequestReading
from tests.conftest import NOW, SignIn
from tests.factories import requests as make
from tests.factories.people import actor, member, organization

pytestmark = pytest.mark.usefixtures("database")
OPERATOR = operator(Role.ADMIN)


async def left() -> Membership:
    """A focal point whose account is closed, with all that is kept of somebody."""
    seat = await member(Role.FOCAL_POINT, await organization())
    note = await Attachment.create(
        subject_kind="accreditation",
        subject_id=seat.id,
        filename="note.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0",
        content=b"names somebody",
    )
    await Membership.filter(id=seat.id).update(
        note_reference="NV 12/Person", note_date=NOW.date(), note_attachment_id=note.id
    )
    await Notice.create(
        person_id=seat.person_id, message="x", payload={}, dedup="one", told_at=NOW
    )
    admin = await actor(await member(Role.ADMIN))
    person = await Person.get(id=seat.person_id)
    await actions.deactivate(person, hand_over_to=None, actor=admin, now=NOW)
    await Membership.filter(id=seat.id).update(ended_note="Moved on")
    return await Membership.get(id=seat.id)


async def test_what_names_a_person_goes_and_their_id_stays() -> None:
    seat = await left()
    before = await Person.get(id=seat.person_id)
    entries = await AuditEntry.filter(subject_id=before.id).count()

    await forget(f" {before.email.upper()}", actor=OPERATOR, now=NOW)

    after, kept = await Person.get(id=before.id), await Membership.get(id=seat.id)
    assert (after.name, after.email, after.state) == (
        "Former user",
        f"{before.id}@erased.invalid",
        PersonState.DEACTIVATED,
    )
    assert (after.password_hash, after.totp_secret, after.activated_at) == (None, None, None)
    assert (kept.note_reference, kept.note_date, kept.note_attachment_id, kept.ended_note) == (
        None,
        None,
        None,
        "",
    )
    for model in (Session, Token, RecoveryCode, Notice):
        assert await model.filter(person_id=before.id).count() == 0
    assert await Attachment.all().count() == 0
    assert await AuditEntry.filter(subject_id=before.id).count() == entries + 1
    assert (await verify()).broken is None


async def test_an_open_account_is_not_erased_and_none_twice() -> None:
    seat = await member(Role.DRAFTER, await organization())
    person = await Person.get(id=seat.person_id)
    with pytest.raises(Conflict, match="Close the account first"):
        await actions.erase(person, actor=OPERATOR, now=NOW)
    gone = await Person.get(id=(await left()).person_id)
    await actions.erase(gone, actor=OPERATOR, now=NOW)
    with pytest.raises(Conflict, match="erased already"):
        await actions.erase(gone, actor=OPERATOR, now=NOW)
    with pytest.raises(InvalidInput):
        await forget("nobody@example.org", actor=OPERATOR, now=NOW)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.APPROVER])
async def test_administrators_alone_erase(role: Role) -> None:
    gone = await Person.get(id=(await left()).person_id)
    with pytest.raises(NotAllowed):
        await actions.erase(gone, actor=await actor(await member(role)), now=NOW)


async def test_an_administrator_erases_in_the_browser(sign_in: SignIn) -> None:
    gone = await left()
    browser = await sign_in(await member(Role.ADMIN))
    address = f"/admin/people/{gone.person_id}"

    shown = await browser.get(address)
    answer = await browser.post(f"{address}/erasure")

    assert "Erase the person" in shown.text
    assert answer.status_code == 303
    assert (await Person.get(id=gone.person_id)).name == "Former user"
    assert "Erase the person" not in (await browser.get(address)).text


async def test_what_served_its_time_is_forgotten() -> None:
    seat, request = await member(Role.DRAFTER, await organization()), await make.draft()
    for age in (1, 100, 1000):
        moment = NOW - timedelta(days=age)
        await Outbox.create(name="x", payload={}, dedup=f"{age}", next_at=moment, done_at=moment)
        await Notice.create(
            person_id=seat.person_id,
            message="x",
            payload={},
            dedup=f"{age}",
            told_at=moment,
            read_at=moment,
        )
        await RequestReading.create(request=request, person_id=seat.person_id, hour=moment)
    await Outbox.create(name="x", payload={}, dedup="waits", next_at=NOW - timedelta(days=1000))
    await Notice.create(
        person_id=seat.person_id,
        message="x",
        payload={},
        dedup="unread",
        told_at=NOW - timedelta(days=1000),
    )

    gone = [await clock.run(NOW) for clock in (clocks, inbox_clocks, request_clocks)]

    assert gone == [2, 1, 1]
    assert {row.dedup for row in await Outbox.all()} == {"1", "waits"}
    assert {row.dedup for row in await Notice.all()} == {"1", "100", "unread"}
    assert await RequestReading.all().count() == 2
