"""The inbox: order, unread, reading, and nobody else's notices."""

from concord.accounts.models import Membership
from concord.actor import Role
from concord.inbox.models import Notice
from notifications.messages import dump
from notifications.messages.requests import RequestOpened
from tests.conftest import NOW, Client, SignIn
from tests.factories import people

OPENED = RequestOpened(request="REQ-7K3Q-9D")


async def notice(to: Membership, *, dedup: str = "opened") -> Notice:
    return await Notice.create(
        person_id=to.person_id,
        message=OPENED.name,
        payload=dump(OPENED),
        dedup=dedup,
        told_at=NOW,
    )


async def test_inbox_shows_what_one_was_told(sign_in: SignIn) -> None:
    me, other = await people.member(Role.COORDINATOR), await people.member(Role.COORDINATOR)
    await notice(me)
    response = await (await sign_in(me)).get("/inbox")
    assert response.status_code == 200
    assert '<a href="/requests/REQ-7K3Q-9D"' in response.text
    assert "Mark as read" in response.text
    assert "REQ-7K3Q-9D" not in (await (await sign_in(other)).get("/inbox")).text


async def test_reading_one_marks_one(sign_in: SignIn) -> None:
    me = await people.member(Role.COORDINATOR)
    first, second = await notice(me, dedup="a"), await notice(me, dedup="b")
    response = await (await sign_in(me)).post("/inbox/reading", data={"notice": str(first.id)})
    assert (response.status_code, response.headers["location"]) == (303, "/inbox")
    await first.refresh_from_db()
    await second.refresh_from_db()
    assert (first.read_at, second.read_at) == (NOW, None)


async def test_reading_all_leaves_others_alone(sign_in: SignIn) -> None:
    me, other = await people.member(Role.COORDINATOR), await people.member(Role.COORDINATOR)
    await notice(me)
    theirs = await notice(other)
    await (await sign_in(me)).post("/inbox/reading", data={"all": "yes"})
    assert await Notice.filter(person_id=me.person_id, read_at=None).count() == 0
    await theirs.refresh_from_db()
    assert theirs.read_at is None


async def test_somebody_elses_notice_stays_unread(sign_in: SignIn) -> None:
    me, other = await people.member(Role.COORDINATOR), await people.member(Role.COORDINATOR)
    theirs = await notice(other)
    await (await sign_in(me)).post("/inbox/reading", data={"notice": str(theirs.id)})
    await theirs.refresh_from_db()
    assert theirs.read_at is None


async def test_a_broken_number_is_unknown(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    for data in ({"notice": "x"}, {}):
        assert (await browser.post("/inbox/reading", data=data)).status_code == 404


async def test_visitors_are_sent_to_sign_in(client: Client) -> None:
    response = await client.get("/inbox")
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in?next=/inbox")
