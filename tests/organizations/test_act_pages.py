"""The pages on which acts of a State are recorded, read, confirmed and refused."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import pytest

from concord.actor import Actor, Role
from concord.errors import Conflict, NotFound
from concord.organizations import on_behalf
from concord.organizations.models import ActOnBehalf
from concord.organizations.on_behalf import Field, Subject
from tests.conftest import Client, SignIn
from tests.counting import counted_queries
from tests.factories import people
from tests.factories.organizations import PDF

pytestmark = pytest.mark.usefixtures("database", "carried_out")
COMMAND = "tests.submit"
SUBJECT = "REQ-2B3C-4D"
NEW = f"/acts-on-behalf/new?command={COMMAND}&subject={SUBJECT}"
FILE = {"file": ("note.pdf", PDF, "application/pdf")}
NOTE = {"note_reference": "NV/7", "note_date": "2027-01-08"}
SENT = {"command": COMMAND, "subject": SUBJECT, "state": "QMM", "reason": "As typed", **NOTE}


async def resolve(actor: Actor, public_id: str) -> Subject:
    """One request of QMM that its coordinators see."""
    if public_id != SUBJECT or not actor.serves("QMM"):
        raise NotFound
    return Subject(kind="request", id=UUID(int=5), public_id=SUBJECT, states=frozenset({"QMM"}))


async def parts() -> Sequence[tuple[str, str]]:
    return [("outcome", "The expected outcome"), ("existing", "What exists already")]


@pytest.fixture
def carried_out() -> Iterator[list[object]]:
    calls: list[object] = []

    async def handler(
        arguments: Mapping[str, object], /, *, actor: Actor, state: str, now: datetime
    ) -> None:
        if arguments["reason"] == "moved":
            raise Conflict("The request has moved on.")
        calls.append((arguments["reason"], arguments["parts"], arguments["sure"]))

    on_behalf.register(
        COMMAND,
        handler,
        label="Submit the request",
        subject=resolve,
        fields=(
            Field("reason", "Reason", "prose"),
            Field("parts", "What may be shared", "choices", parts, required=False),
            Field("sure", "The note says so", "yes"),
        ),
    )
    yield calls
    del on_behalf.commands[COMMAND]


async def coordinator(sign_in: SignIn, *states: str) -> Client:
    return await sign_in(await people.member(Role.COORDINATOR, states=states or ("QMM",)))


async def recorded(sign_in: SignIn, **more: str) -> str:
    """The address of an act that a coordinator has recorded."""
    browser = await coordinator(sign_in)
    answer = await browser.post("/acts-on-behalf", data=SENT | more, files=FILE)
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_an_act_is_recorded_confirmed_and_carried_out(
    sign_in: SignIn, carried_out: list[object]
) -> None:
    browser = await coordinator(sign_in)
    assert on_behalf.address(COMMAND, SUBJECT) == NEW
    page = await browser.get(NEW)
    assert "The expected outcome" in page.text
    data = {**SENT, "parts": ["outcome"], "sure": "yes"}
    answer = await browser.post("/acts-on-behalf", data=data, files=FILE)
    address = answer.headers["location"]
    own = await browser.get(address)
    assert "Waiting for a second person" in own.text
    assert "The expected outcome" in own.text
    assert (await browser.post(f"{address}/confirmation", data={})).status_code == 403

    approver = await sign_in(await people.member(Role.APPROVER))
    assert SUBJECT in (await approver.get("/acts-on-behalf?status=waiting")).text
    done = await approver.post(f"{address}/confirmation", data={})
    assert done.headers["location"] == address
    assert carried_out == [("As typed", ["outcome"], True)]
    assert "Confirmed" in (await approver.get(address)).text
    again = await approver.post(f"{address}/confirmation", data={})
    assert (again.status_code, "decided already" in again.text) == (409, True)
    assert len(carried_out) == 1


async def test_what_was_typed_stays_when_something_is_missing(sign_in: SignIn) -> None:
    browser = await coordinator(sign_in)
    sent = {**SENT, "reason": "Kept words", "note_reference": "", "parts": ["existing"]}
    answer = await browser.post("/acts-on-behalf", data=sent)

    assert answer.status_code == 422
    assert set(re.findall(r'id="error-(\w+)"', answer.text)) == {"note_reference", "file"}
    assert "Kept words" in answer.text
    assert re.search(r'value="existing" checked', answer.text)
    assert await ActOnBehalf.all().count() == 0


async def test_a_command_that_refuses_shows_why_and_stays_open(sign_in: SignIn) -> None:
    address = await recorded(sign_in, reason="moved")
    approver = await sign_in(await people.member(Role.APPROVER))
    answer = await approver.post(f"{address}/confirmation", data={})

    assert (answer.status_code, "The request has moved on." in answer.text) == (409, True)
    assert "Confirm and carry out" in answer.text


async def test_a_refusal_needs_a_reason_that_the_recorder_reads(
    sign_in: SignIn, carried_out: list[object]
) -> None:
    address = await recorded(sign_in)
    approver = await sign_in(await people.member(Role.APPROVER))
    missing = await approver.post(f"{address}/refusal", data={"reason": ""})
    assert (missing.status_code, 'id="error-reason"' in missing.text) == (422, True)
    refused = await approver.post(f"{address}/refusal", data={"reason": "Another request"})
    assert refused.headers["location"] == address
    assert "Another request" in (await approver.get(address)).text
    assert carried_out == []


async def test_an_unseen_act_or_subject_is_like_an_unknown_one(sign_in: SignIn) -> None:
    address = await recorded(sign_in)
    other = await coordinator(sign_in, "QNN")
    state = await sign_in(
        await people.member(Role.FOCAL_POINT, await people.organization(state="QNN"))
    )
    for browser in (other, state):
        for path in (address, "/acts-on-behalf/ACT-0000-00"):
            assert (await browser.get(path)).status_code == 404
            assert (await browser.post(f"{path}/confirmation", data={})).status_code == 404
    assert (await other.get(NEW)).status_code == 404
    assert (await other.post("/acts-on-behalf", data=SENT, files=FILE)).status_code == 404
    assert (await state.get(NEW)).status_code == 403
    partner = await sign_in(await people.member(Role.PARTNER_ADMIN, await people.provider()))
    assert (await partner.get("/acts-on-behalf")).status_code == 403


async def test_the_state_reads_what_was_done_for_it(sign_in: SignIn) -> None:
    address = await recorded(sign_in)
    browser = await sign_in(
        await people.member(Role.FOCAL_POINT, await people.organization(state="QMM"))
    )

    assert SUBJECT in (await browser.get("/acts-on-behalf")).text
    page = await browser.get(address)
    assert "NV/7" in page.text
    assert "Confirm and carry out" not in page.text
    file = re.search(r"/attachments/[\w-]+", page.text)
    assert file is not None
    assert (await browser.get(file[0])).content == PDF


@pytest.mark.parametrize("rows", [1, 3])
async def test_lists_and_pages_of_acts_cost_few_queries(sign_in: SignIn, rows: int) -> None:
    for _ in range(rows):
        address = await recorded(sign_in)
    approver = await sign_in(await people.member(Role.APPROVER))
    for path, most in (("/acts-on-behalf", 3), (address, 4)):
        with counted_queries() as queries:
            assert (await approver.get(path)).status_code == 200
        assert len(queries) == most
    table = await approver.get("/acts-on-behalf?format=csv")
    assert table.text.count(SUBJECT) == rows
