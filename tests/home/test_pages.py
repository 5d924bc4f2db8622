"""The first page of every role, the pages of words, statistics, and who may see the trail."""

from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest

from concord import audit, jobs
from concord.accounts.models import Membership
from concord.actor import CLOCK, SECRETARIAT_ROLES, Role
from concord.inbox.actions import open_task
from concord.inbox.models import Notice
from concord.requests.states import Confidentiality
from concord.requests.values import ItemValues
from tests.conftest import NOW, Client, SignIn
from tests.counting import counted_queries
from tests.factories import offers, people, requests
from tests.sheets import lines_of

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
    table = lines_of((await client.get("/statistics?format=csv")).text)
    assert table[1].endswith(",,0")


async def test_figures_from_which_nothing_can_be_worked_out(client: Client) -> None:
    """Five requests of three States are told; fewer of either, drafts and sealed ones are not."""

    def asked(topic: str) -> list[ItemValues]:
        return [ItemValues(topic=topic, modality="training_course")]

    for state in ("QMM", "QNN", "QOO", "QMM"):
        await requests.open_request(state, items=asked("INV.02"))
    await requests.open_request("QNN", items=asked("INV.03"))
    sealed = Confidentiality.SEALED
    await requests.open_request("QPP", items=asked("INV.03"), confidentiality=sealed)
    for state in ("QMM", "QNN", "QMM", "QNN", "QMM"):
        await requests.open_request(state, items=asked("PRE.01"))
    for state in ("QMM", "QNN", "QOO", "QPP"):
        await requests.open_request(state, items=asked("SUB.01"))
    await requests.draft("QQQ", items=asked("SUB.01"))
    await offers.published()
    await offers.published(directed="QMM")
    table = lines_of((await client.get("/statistics?format=csv")).text)
    assert table[0].endswith("topic_group,requests,offers")
    assert [row for row in table[1:] if not row.endswith(",,0")] == ["Investigation capacity,5,1"]
    page = (await client.get("/statistics")).text
    assert page.count(">few<") == 8
    for state in ("QMM", "QNN", "QOO", "QPP"):
        await requests.open_request(state, items=asked("INV.03"), confidentiality=sealed)
    table = lines_of((await client.get("/statistics?format=csv")).text)
    assert [row for row in table[1:] if not row.endswith(",,0")] == ["Investigation capacity,10,1"]
    assert "14" not in page.partition("<tbody")[2].partition("</tbody>")[0]


FRONT = {
    Role.FOCAL_POINT: 6,
    Role.OBSERVER: 6,
    Role.PARTNER_ADMIN: 7,
    Role.COORDINATOR: 7,
    Role.APPROVER: 6,
    Role.AUDITOR: 3,
    Role.ADMIN: 3,
}


@pytest.mark.parametrize("role", FRONT)
async def test_the_number_of_queries_does_not_grow(sign_in: SignIn, role: Role) -> None:
    place = await people.organization() if role not in SECRETARIAT_ROLES else None
    me = await people.member(role, place)
    browser = await sign_in(me)
    await browser.get("/")  # the code lists are loaded once a process
    counts = []
    for number in (1, 3):
        for one in range(number):
            await waiting(role, f"{number}:{one}")
            await noticed(me, f"{number}:{one}")
            await requests.open_request()
            await offers.published()
        with counted_queries() as queries:
            page = await browser.get("/")
        assert page.text.count("/requests/REQ-7K3Q-9D") >= 2 * number
        counts.append(len(queries))
    assert counts == [FRONT[role], FRONT[role]]


async def waiting(role: Role, name: str) -> None:
    await open_task(
        "request_review",
        subject_kind="request",
        subject_id=uuid5(NAMESPACE_OID, name),
        subject_public_id="REQ-7K3Q-9D",
        roles=[role],
        now=NOW,
    )


async def noticed(me: Membership, name: str) -> None:
    await Notice.create(
        person_id=me.person_id,
        message="request_opened",
        payload={"request": "REQ-7K3Q-9D"},
        dedup=name,
        told_at=NOW,
    )


async def test_long_lists_are_folded(sign_in: SignIn) -> None:
    me = await people.member(Role.APPROVER)
    for number in range(12):
        await waiting(Role.APPROVER, str(number))
    page = (await (await sign_in(me)).get("/")).text
    assert "4 more" in page
    assert page.count("/requests/REQ-7K3Q-9D/review") == 12


async def test_the_number_of_queries_of_public_pages(client: Client) -> None:
    counts = []
    for path in ("/statistics", "/", "/statistics", "/help"):
        with counted_queries() as queries:
            assert (await client.get(path)).status_code == 200
        counts.append(len(queries))
    assert counts[1:] == [3, 2, 0]


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


async def test_the_figures_tell_of_the_outbox(client: Client) -> None:
    for number in range(3):
        await jobs.enqueue("mail", now=NOW, dedup=str(number), n=number)
    await jobs.enqueue("mail", now=NOW, at=NOW + timedelta(hours=1), n=4)
    await jobs.Outbox.filter(dedup="2").update(dead_at=NOW)
    figures = (await client.get("/metrics")).text
    assert 'concord_outbox_rows{result="waiting"} 2.0' in figures
    assert 'concord_outbox_rows{result="dead"} 1.0' in figures
