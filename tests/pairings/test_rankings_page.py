"""The page of runs over all requests: who reads it, who starts one, how far it is."""

from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from concord import jobs
from concord.actor import Role
from concord.organizations.states import OrganizationKind
from concord.pairings import reranking
from concord.requests.states import Confidentiality
from tests.conftest import NOW, SignIn
from tests.counting import counted_queries
from tests.factories import people, requests

PATH = "/matcher/rankings"
READERS = {Role.COORDINATOR, Role.APPROVER, Role.AUDITOR, Role.ADMIN}


@pytest.mark.parametrize("role", Role)
async def test_unodc_reads_it_and_two_roles_start_a_run(sign_in: SignIn, role: Role) -> None:
    provider = role.value.startswith("partner")
    kind = OrganizationKind.ACADEMIA if provider else OrganizationKind.STATE_AUTHORITY
    unodc = role in {*READERS, Role.DUE_DILIGENCE}
    place = None if unodc else await people.organization(kind, state=None if provider else "QMM")
    browser = await sign_in(await people.member(role, place))
    assert (await browser.get(PATH)).status_code == (200 if role in READERS else 404)
    asked = await browser.post(PATH, data={})
    allowed = role in {Role.COORDINATOR, Role.ADMIN}
    assert asked.status_code == (303 if allowed else 403 if role in READERS else 404)
    assert len(await reranking.latest_runs(5)) == int(allowed)
    assert await jobs.Outbox.filter(name=jobs.RERANK).count() == int(allowed)


async def test_progress_is_shown(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    assert "Nothing was ranked anew yet" in (await browser.get(PATH)).text
    for state in ("QMM", "QNN"):
        await requests.open_request(state)
    await reranking.start("equity", now=NOW)
    await reranking.plan(now=NOW)
    page = (await browser.get(PATH)).text
    assert "0%" in page
    assert "The weight of the least served changed" in page
    assert "Under way" in page


def table_of(page: str) -> str:
    return page.partition("<tbody")[2].partition("</tbody>")[0]


async def test_requests_that_one_may_not_see_are_in_no_figure(sign_in: SignIn) -> None:
    """The same page, word for word, with one sealed request more."""
    browser = await sign_in(await people.member(Role.COORDINATOR))
    pages = []
    for confidentiality in (Confidentiality.PARTNERS, Confidentiality.SEALED):
        await requests.open_request(confidentiality=confidentiality)
        await reranking.start("equity", now=NOW)
        await reranking.plan(now=NOW)
        pages.append(table_of((await browser.get(PATH)).text))
        await get_connection("default").execute_query("DELETE FROM rerank_run")
    assert pages[0] == pages[1]
    assert "requests" not in pages[0]


async def test_progress_is_the_share_of_the_parts(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    for _ in range(reranking.CHUNK + 1):
        await requests.open_request()
    await reranking.start("order", now=NOW)
    await reranking.plan(now=NOW)
    taken = await reranking.take_chunk(lease=timedelta(seconds=5))
    assert taken is not None
    await reranking.finish(taken, now=NOW)
    assert "50%" in (await browser.get(PATH)).text


async def test_the_number_of_queries_does_not_grow(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    counts = []
    for times in (1, 2):
        for _ in range(times):
            await reranking.start("order", now=NOW)
        with counted_queries() as queries:
            await browser.get(PATH)
        counts.append(len(queries))
    assert counts == [2, 2]
