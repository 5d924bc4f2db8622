"""The first page of every role, the pages of words, statistics, and who may see the trail."""

import pytest

from concord import audit, jobs
from concord.actor import CLOCK, SECRETARIAT_ROLES, Role
from concord.inbox.actions import open_task
from tests.conftest import NOW, Client, SignIn
from tests.factories import people

WORDS = ("help", "contact", "about", "accessibility", "privacy")


async def test_visitors_learn_what_this_is(client: Client) -> None:
    response = await client.get("/")
    assert response.status_code == 200
    assert "on the basis of what States need" in response.text


@pytest.mark.parametrize("name", WORDS)
async def test_pages_of_words_are_open_to_everyone(client: Client, name: str) -> None:
    response = await client.get(f"/{name}")
    assert (response.status_code, response.text.count("<h1")) == (200, 1)


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_has_a_first_page(sign_in: SignIn, role: Role) -> None:
    place = await people.organization() if role not in SECRETARIAT_ROLES else None
    response = await (await sign_in(await people.member(role, place))).get("/")
    assert response.status_code == 200
    assert "Nothing waits for you" in response.text


async def test_what_waits_is_shown_to_those_who_may_take_it(sign_in: SignIn) -> None:
    subject = (await people.organization()).id
    await open_task(
        "propose_match",
        subject_kind="request",
        subject_id=subject,
        subject_public_id="REQ-7K3Q-9D",
        roles=[Role.COORDINATOR],
        state="QMM",
        now=NOW,
    )
    serving = await sign_in(await people.member(Role.COORDINATOR, states=("QMM",)))
    other = await sign_in(await people.member(Role.COORDINATOR, states=("QNN",)))
    approver = await sign_in(await people.member(Role.APPROVER))
    shown = [
        ("/requests/REQ-7K3Q-9D/pairings" in (await b.get("/")).text)
        for b in (serving, other, approver)
    ]
    assert shown == [True, False, False]


async def test_small_cells_are_not_told(client: Client) -> None:
    response = await client.get("/statistics")
    assert response.status_code == 200
    assert response.text.count(">few<") == 9
    table = (await client.get("/statistics?format=csv")).text
    assert table.splitlines()[1].endswith(",,0")


async def test_the_trail_is_for_auditors_alone(sign_in: SignIn) -> None:
    organization = await people.organization()
    await audit.record(
        "request.submitted",
        actor=CLOCK,
        subject_kind="request",
        subject_id=organization.id,
        now=NOW,
    )
    auditor = await sign_in(await people.member(Role.AUDITOR))
    page = await auditor.get("/audit")
    assert (page.status_code, "request.submitted" in page.text) == (200, True)
    assert str(organization.id) in (await auditor.get("/audit?format=csv")).text
    assert "request.submitted" not in (await auditor.get("/audit?action=offer")).text
    for role in (Role.ADMIN, Role.COORDINATOR, Role.APPROVER):
        browser = await sign_in(await people.member(role))
        assert (await browser.get("/audit")).status_code == 404


async def test_an_admin_sends_a_dead_row_again(sign_in: SignIn) -> None:
    await jobs.enqueue("mail", now=NOW, dedup="dead", n=1)
    await jobs.Outbox.all().update(dead_at=NOW, attempts=8, error="Permanent")
    row = await jobs.Outbox.get()
    browser = await sign_in(await people.member(Role.ADMIN))
    assert "Permanent" in (await browser.get("/admin/outbox")).text
    response = await browser.post(f"/admin/outbox/{row.id}/repetition")
    assert response.status_code == 303
    await row.refresh_from_db()
    assert (row.dead_at, row.attempts, row.next_at) == (None, 0, NOW)
    assert (await browser.post(f"/admin/outbox/{row.id}/repetition")).status_code == 404


async def test_the_mails_of_the_demo_exist_in_the_demo_alone(client: Client) -> None:
    assert (await client.get("/demo/mail")).status_code == 404
