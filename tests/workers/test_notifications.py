"""What is owed reaches the inbox once and the mailbox once, and nobody who left."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest

from concord import jobs
from concord.accounts.models import Membership, Person
from concord.accounts.states import PersonState
from concord.actor import Role
from concord.inbox.models import Notice
from concord.settings import Settings
from notifications.channels.folder import FolderMailbox, Letter
from notifications.messages import Message, dump
from notifications.messages.accounts import ActivationInvited, PasswordResetAsked
from notifications.messages.requests import RequestOpened
from tests.conftest import NOW, Clock, SignIn, make_settings
from tests.factories import people
from tests.servers import Servers
from tests.workers.conftest import work
from tests.workers.mail_server import Postbox
from workers.context import Context

OPENED = RequestOpened(request="REQ-7K3Q-9D")
TOKEN = "tok" + "en" * 20
INVITED = ActivationInvited(token=TOKEN, due=NOW.date())


async def owe(message: Message, to: UUID, *, dedup: str = "event") -> None:
    await jobs.owe(message.name, dump(message), to=[to], dedup=dedup, now=NOW)


def letters(context: Context) -> list[Letter]:
    return FolderMailbox(context.settings.data_folder / "mail").letters()


async def someone() -> Membership:
    return await people.member(Role.FOCAL_POINT, await people.organization())


async def test_what_is_owed_stands_in_the_inbox_and_in_the_mailbox_once(context: Context) -> None:
    me = await someone()
    for _ in range(2):
        await owe(OPENED, me.person_id)
    await work(context)
    notice = await Notice.get()
    assert (notice.person_id, notice.message, notice.payload, notice.told_at, notice.read_at) == (
        me.person_id,
        "request_opened",
        {"request": "REQ-7K3Q-9D"},
        NOW,
        None,
    )
    letter = letters(context)[0]
    assert "REQ-7K3Q-9D" in letter.text
    assert await jobs.Outbox.filter(done_at=None).count() == 0


async def test_carrying_out_a_row_again_changes_nothing(context: Context) -> None:
    """A worker that is killed after its work and before the row is done repeats the work."""
    me = await someone()
    await owe(OPENED, me.person_id)
    await work(context)
    await jobs.Outbox.all().update(done_at=None, lease_until=None)
    await work(context)
    assert await Notice.all().count() == 1
    assert len(letters(context)) == 1
    assert await jobs.Outbox.filter(name=jobs.MAIL).count() == 1


async def test_a_letter_is_the_same_letter_however_often_it_is_tried(
    context: Context, clock: Clock
) -> None:
    me = await someone()
    await owe(OPENED, me.person_id)
    await work(context)
    first = letters(context)[0].message_id
    FolderMailbox(context.settings.data_folder / "mail")
    for path in (context.settings.data_folder / "mail").iterdir():
        path.unlink()
    clock.forward(hours=1)
    await jobs.Outbox.filter(name=jobs.MAIL).update(done_at=None, lease_until=None)
    await work(context)
    assert [letter.message_id for letter in letters(context)] == [first]


async def test_whoever_wants_no_mail_gets_those_of_the_account_alone(context: Context) -> None:
    me = await someone()
    await Person.filter(id=me.person_id).update(wants_email=False)
    await owe(OPENED, me.person_id)
    await owe(PasswordResetAsked(token=TOKEN, minutes=30), me.person_id, dedup="reset")
    await work(context)
    assert await Notice.all().count() == 1
    assert [TOKEN in letter.text for letter in letters(context)] == [True]


async def test_whoever_left_hears_nothing(context: Context) -> None:
    before, between = await someone(), await someone()
    await Person.filter(id=before.person_id).update(state=PersonState.DEACTIVATED)
    await owe(OPENED, before.person_id)
    await owe(OPENED, between.person_id)
    await jobs.enqueue_payload(
        jobs.MAIL,
        {
            "message": OPENED.name,
            "person": str(before.person_id),
            "payload": dump(OPENED),
            "dedup": "already owed",
        },
        dedup="mail",
        now=NOW,
    )
    await work(context)
    assert [notice.person_id for notice in await Notice.all()] == [between.person_id]
    assert len(letters(context)) == 1
    assert await jobs.Outbox.filter(done_at=None).count() == 0


async def test_links_are_forgotten_once_they_were_sent(context: Context) -> None:
    me = await someone()
    await owe(INVITED, me.person_id)
    assert TOKEN in str((await jobs.Outbox.get()).payload)
    await work(context)
    assert TOKEN in letters(context)[0].text
    assert await Notice.all().count() == 0
    rows = await jobs.Outbox.all()
    assert {row.name for row in rows} == {jobs.TELL, jobs.MAIL}
    assert [TOKEN in str(row.payload) for row in rows] == [False, False]


async def test_what_is_taken_back_within_its_time_is_never_told(
    context: Context, clock: Clock
) -> None:
    me = await someone()
    await jobs.owe(
        OPENED.name,
        dump(OPENED),
        to=[me.person_id],
        dedup="match:1:proposed",
        now=NOW,
        at=NOW + timedelta(seconds=60),
    )
    assert await work(context) == 0
    assert await jobs.forget("tell:match:1:proposed") == 1
    clock.forward(seconds=61)
    assert await work(context) == 0
    assert await Notice.all().count() == 0


async def test_a_message_of_a_newer_release_waits(context: Context) -> None:
    me = await someone()
    await jobs.owe("from_tomorrow", {}, to=[me.person_id], dedup="event", now=NOW)
    await work(context)
    row = await jobs.Outbox.get()
    assert (row.done_at, row.dead_at, row.error) == (None, None, "UnknownMessage")


@pytest.fixture
def smtp_settings(
    servers: Servers, database_url: str, tmp_path: Path, postbox: Postbox
) -> Settings:
    return make_settings(servers, database_url, tmp_path, CONCORD_SMTP_URL=postbox.url)


@pytest.fixture
def mailing(context: Context, smtp_settings: Settings) -> Context:
    return Context(smtp_settings, context.clock, context.pool)


async def test_letters_reach_the_mail_server(mailing: Context, postbox: Postbox) -> None:
    me = await someone()
    await owe(OPENED, me.person_id)
    await work(mailing)
    letter: EmailMessage = postbox.letters[0]
    person = await Person.get(id=me.person_id)
    assert (letter["To"], letter["From"]) == (
        f"{person.name} <{person.email}>",
        mailing.settings.mail_from,
    )
    assert letter["Message-ID"].endswith("@concord.test>")
    assert {part.get_content_type() for part in letter.walk()} == {
        "multipart/alternative",
        "text/plain",
        "text/html",
    }
    assert not (mailing.settings.data_folder / "mail").exists()


@pytest.mark.parametrize(("answer", "dead"), [("550 no such user", True), ("451 later", False)])
async def test_a_refusal_is_final_or_tried_again(
    mailing: Context, postbox: Postbox, answer: str, dead: bool, sign_in: SignIn
) -> None:
    postbox.answer = answer
    me = await someone()
    await owe(OPENED, me.person_id)
    await work(mailing)
    row = await jobs.Outbox.get(name=jobs.MAIL)
    assert (row.done_at, row.dead_at is not None) == (None, dead)
    page = await (await sign_in(await people.member(Role.ADMIN))).get("/admin/outbox")
    assert (f"/admin/outbox/{row.id}/repetition" in page.text) is dead
    person = await Person.get(id=me.person_id)
    assert person.email not in page.text
    assert await Notice.all().count() == 1  # the inbox has it all the same


async def test_a_dead_letter_that_is_sent_again_arrives(
    mailing: Context, postbox: Postbox, sign_in: SignIn
) -> None:
    postbox.answer = "550 no such user"
    await owe(OPENED, (await someone()).person_id)
    await work(mailing)
    row = await jobs.Outbox.get(name=jobs.MAIL)
    postbox.answer = "250 OK"
    admin = await sign_in(await people.member(Role.ADMIN))
    await admin.post(f"/admin/outbox/{row.id}/repetition")
    await work(mailing)
    assert len(postbox.letters) == 1


async def test_a_mail_server_that_is_away_is_tried_again(
    mailing: Context, postbox: Postbox
) -> None:
    await postbox.stop()
    await owe(OPENED, (await someone()).person_id)
    await work(mailing)
    row = await jobs.Outbox.get(name=jobs.MAIL)
    assert (row.done_at, row.dead_at, row.error) == (None, None, "Retryable")


async def test_many_are_told_by_several_workers_at_once(context: Context) -> None:
    everyone = [await someone() for _ in range(30)]
    for number in range(3):
        await jobs.owe(
            OPENED.name,
            dump(OPENED),
            to=[one.person_id for one in everyone],
            dedup=f"event:{number}",
            now=NOW,
        )
    await asyncio.gather(*(work(context) for _ in range(4)))
    assert await Notice.all().count() == 90
    assert len({letter.message_id for letter in letters(context)}) == 90
