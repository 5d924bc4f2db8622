"""The auditors' page: a part of the trail, and whether the whole of it is as it was written."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from concord import audit
from concord.actor import CLOCK, Role
from concord.audit.checks import look
from concord.requests.states import Confidentiality
from tests.audit.test_chain import tamper
from tests.conftest import NOW, SignIn
from tests.counting import counted_queries
from tests.factories import people
from tests.factories import requests as make
from tests.sheets import rows_of

pytestmark = pytest.mark.usefixtures("database")


async def step(
    action: str, *, subject: UUID | None = None, at: datetime = NOW, state: str | None = None
) -> UUID:
    subject = subject or uuid4()
    await audit.record(
        action,
        actor=CLOCK,
        subject_kind="request",
        subject_id=subject,
        now=at,
        on_behalf_of=state,
    )
    return subject


async def test_a_part_of_the_trail_is_asked_for(sign_in: SignIn) -> None:
    one = await step("request.submitted", state="QMM")
    await step("match.propose", at=NOW + timedelta(days=2))
    await step("request.opened", subject=one, at=NOW + timedelta(days=4))
    browser = await sign_in(await people.member(Role.AUDITOR))
    expected = {
        "action=request": ["3", "1"],
        f"subject={one}": ["3", "1"],
        "on_behalf_of=QMM": ["1"],
        "since=2027-01-12": ["3", "2"],
        "until=2027-01-13": ["2", "1"],
        "until=9999-12-31": ["3", "2", "1"],
        "since=2027-01-13&until=2027-01-13": ["2"],
        "subject=soon&since=never": ["3", "2", "1"],
    }

    found = {}
    for query in expected:
        answer = await browser.get(f"/audit?format=csv&{query}")
        found[query] = [row["seq"] for row in rows_of(answer.text)]

    assert found == expected


async def test_the_page_says_whether_the_chain_is_whole(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.AUDITOR))
    for _ in range(3):
        await step("request.submitted")

    never = (await browser.get("/audit")).text
    await look(now=NOW)
    with counted_queries() as queries:
        whole = (await browser.get("/audit")).text
    await tamper("DELETE FROM audit_entry WHERE seq = 2")
    await look(now=NOW + timedelta(hours=1))
    broken = (await browser.get("/audit")).text

    assert "The chain has not been verified yet" in never
    assert "The chain is whole" in whole
    assert "entries 1 to 3" in whole
    assert len(queries) <= 4
    assert "The chain is broken" in broken
    assert "Entries 2 to 2 are missing." in broken


async def test_a_sealed_request_leaves_ids_and_steps_alone(sign_in: SignIn) -> None:
    sealed = await make.open_request(
        confidentiality=Confidentiality.SEALED, title="CANARY of a sealed request"
    )
    await step("request.submitted", subject=sealed.id)
    browser = await sign_in(await people.member(Role.AUDITOR))

    answers = [(await browser.get(f"/audit{query}")).text for query in ("", "?format=csv")]

    for answer in answers:
        assert str(sealed.id) in answer
        assert "CANARY" not in answer
        assert sealed.public_id not in answer
