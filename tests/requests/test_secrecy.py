"""Canaries: what a State wrote never reaches a reader to whom it was not disclosed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from concord.actor import Role
from concord.requests.actions import note_reading
from concord.requests.models import Clarification, Request
from concord.requests.states import Confidentiality
from concord.requests.values import ItemValues, SharedPart
from tests.conftest import NOW, Client, SignIn
from tests.factories import people
from tests.factories import requests as make
from tests.factories.people import member, organization, provider
from tests.sheets import lines_of

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality
CANARIES = {
    "title": "canary-title",
    "description": "canary-description",
    "outcome": "canary-outcome",
    "existing": "canary-existing",
    "urgent_reason": "canary-urgent",
    "override_reason": "canary-override",
    "public_summary": "canary-summary",
}
ITEM = ItemValues("INV.02", "training_course", "police", "canary-institution", 40, "missions")


async def planted(confidentiality: C = C.PARTNERS, **more: Any) -> Request:
    """A request with a canary in every text of the State."""
    excluded = await provider("canary-excluded")
    request = await make.open_request(
        confidentiality=confidentiality,
        items=[ITEM],
        co_states=["QNN"],
        excluded=[excluded],
        urgent=True,
        **{**CANARIES, **more},
    )
    await Clarification.create(
        request_id=request.id, asked_at=NOW, question="canary-question", answer=None
    )
    await note_reading(request, actor=await people.coordinator(), now=NOW)
    return request


async def partner_of(sign_in: SignIn, name: str = "Reading Institute") -> Client:
    return await sign_in(await member(Role.PARTNER_ADMIN, await provider(name)))


async def everything(browser: Client, request: Request) -> str:
    at = f"/requests/{request.public_id}"
    paths = ["/requests", "/requests?format=csv", "/requests?urgent=yes", at, f"{at}?format=csv"]
    return "".join([(await browser.get(path)).text for path in paths])


async def test_a_provider_reads_the_circulated_text_and_not_one_canary(sign_in: SignIn) -> None:
    browser = await partner_of(sign_in)
    request = await planted(circulation_text="A State seeks training.")

    text = await everything(browser, request)

    assert "A State seeks training." in text
    assert "canary" not in text
    for name in ("QMM", "QNN", "State of QM", "ompleteness</", "Who has read it"):
        assert name not in text.replace("A State", ""), name


@pytest.mark.parametrize("kind", [C.RESTRICTED, C.SEALED])
async def test_a_provider_finds_no_trace_of_a_confidential_request(
    sign_in: SignIn, kind: C
) -> None:
    browser = await partner_of(sign_in)
    request = await planted(kind)

    text = await everything(browser, request)

    assert "canary" not in text
    assert request.public_id not in text.replace(f"/requests/{request.public_id}", "")
    assert len(lines_of((await browser.get("/requests?format=csv")).text)) == 1


@pytest.mark.parametrize("part", [SharedPart.DESCRIPTION, SharedPart.OUTCOME])
async def test_consent_shows_the_parts_that_it_names_and_no_others(
    sign_in: SignIn, part: SharedPart
) -> None:
    at = await provider("Consented Institute")
    browser = await sign_in(await member(Role.PARTNER_ADMIN, at))
    request = await planted(C.SEALED)
    await make.disclosed(request, at, parts=[part.value])

    page = (await browser.get(f"/requests/{request.public_id}")).text

    shown = {canary for canary in (*CANARIES.values(), "canary-institution") if canary in page}
    assert shown == {"canary-title", f"canary-{part.value}"}
    for hidden in ("canary-question", "canary-excluded", "Completeness", "Who has read it"):
        assert hidden not in page


async def test_a_sealed_request_is_nowhere_for_other_people_of_unodc(sign_in: SignIn) -> None:
    request = await planted(C.SEALED)
    for role in (Role.COORDINATOR, Role.APPROVER, Role.ADMIN, Role.DUE_DILIGENCE):
        text = await everything(await sign_in(await member(role)), request)
        assert "canary" not in text
        assert request.public_id not in text.replace(f"/requests/{request.public_id}", "")


async def test_summaries_show_the_summary_alone(client: Client) -> None:
    request = await planted(C.PUBLIC, public_summary="Training is sought.", publish_agreed_at=NOW)
    text = (await client.get("/summaries")).text
    text += (await client.get(f"/summaries/{request.public_id}")).text

    assert "Training is sought." in text
    assert "canary" not in text
    for name in ("QMM", "QNN", request.circulation_text):
        assert name not in text


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that the database is sent meanwhile."""
    found: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(str(record.msg) % record.args if record.args else str(record.msg))

    logger, handler = logging.getLogger("tortoise.db_client"), Handler()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield found
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


async def statements(browser: Client, path: str) -> int:
    await browser.get(path)  # code lists in memory, the reading noted
    with counted() as found:
        assert (await browser.get(path)).status_code == 200
    return len(found)


READERS = {
    "focal point": (Role.FOCAL_POINT, 2, 4),
    "coordinator": (Role.COORDINATOR, 2, 5),
    "approver": (Role.APPROVER, 2, 5),
    "auditor": (Role.AUDITOR, 2, 4),
    "provider": (Role.PARTNER_ADMIN, 3, 4),
}


@pytest.mark.parametrize("reader", READERS)
async def test_pages_ask_the_database_as_often_for_three_as_for_one(
    sign_in: SignIn, reader: str
) -> None:
    role, of_list, of_page = READERS[reader]
    at = await provider() if role is Role.PARTNER_ADMIN else None
    at = await organization() if role is Role.FOCAL_POINT else at
    browser = await sign_in(await member(role, at))
    request = await planted()
    assert await statements(browser, "/requests") == of_list
    assert await statements(browser, f"/requests/{request.public_id}") == of_page
    for _ in range(2):
        await planted()
        await Clarification.create(request_id=request.id, asked_at=NOW, question="More?")

    assert await statements(browser, "/requests") == of_list
    assert await statements(browser, f"/requests/{request.public_id}") == of_page


async def test_public_pages_ask_little(client: Client) -> None:
    request = await planted(C.PUBLIC, publish_agreed_at=NOW)

    assert await statements(client, "/summaries") == 1
    assert await statements(client, f"/summaries/{request.public_id}") == 2


async def test_unseen_and_unknown_cost_the_same(sign_in: SignIn) -> None:
    browser = await partner_of(sign_in)
    request = await planted(C.SEALED)
    costs = []
    for public_id in (request.public_id, "REQ-0000-00"):
        with counted() as found:
            assert (await browser.get(f"/requests/{public_id}")).status_code == 404
        costs.append(len(found))

    assert costs[0] == costs[1]
