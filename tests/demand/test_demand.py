"""Unmet demand by topic and region: what is told, to whom, and what never is."""

from datetime import timedelta
from typing import Any

import pytest

from concord.actor import Role
from concord.demand.actions import note_demand
from concord.demand.clocks import run
from concord.demand.models import UnmetDemand
from concord.demand.queries import unmet_demand
from concord.organizations.states import OrganizationKind
from concord.reference.queries import code_lists
from concord.requests.models import RequestItem
from concord.requests.states import Confidentiality
from tests.conftest import NOW, SignIn
from tests.counting import counted_queries
from tests.factories import people, requests

pytestmark = pytest.mark.usefixtures("database")
SEALED = Confidentiality.SEALED
OUTSIDE = [
    role
    for role in Role
    if role not in {Role.PARTNER_ADMIN, Role.PARTNER_MEMBER, Role.COORDINATOR, Role.APPROVER}
]


async def neighbours(count: int) -> list[str]:
    """Illustrative States of one region."""
    states = (await code_lists()).states
    home = states["QMM"].region
    return sorted(code for code, state in states.items() if state.region == home)[:count]


async def asked(states: list[str], count: int, **given: Any) -> None:
    for number in range(count):
        await requests.open_request(states[number % len(states)], **given)


async def told() -> list[int]:
    found = await unmet_demand()
    return sorted(
        value for row in (found.rows if found else []) for value in row.cells if value is not None
    )


async def test_five_requests_of_three_states_are_told() -> None:
    states = await neighbours(3)
    await asked(states, 5)
    assert await run(NOW) == 1
    assert await told() == [5]


async def test_what_is_reserved_or_delivered_is_no_demand() -> None:
    await asked(await neighbours(3), 5)
    first = await RequestItem.all().order_by("id").first()
    assert first is not None
    await RequestItem.filter(id=first.id).update(reserved=30, delivered=10)
    await run(NOW)
    assert await told() == []


async def test_few_sealed_requests_change_nothing() -> None:
    states = await neighbours(3)
    await asked(states, 5)
    await run(NOW)
    before = await told()
    await asked(states, 4, confidentiality=SEALED)
    await run(NOW + timedelta(days=1))
    assert await told() == before == [5]
    await asked(states, 1, confidentiality=SEALED)
    await run(NOW + timedelta(days=2))
    assert await told() == [10]


async def test_a_difference_never_proves_an_exclusion() -> None:
    """With one to four excluding requests the table is the same as without them."""
    states = await neighbours(3)
    unwanted = await people.provider()
    await asked(states, 5)
    await asked(states, 4, excluded=[unwanted])
    await run(NOW)
    assert await told() == [5]
    await asked(states, 1, confidentiality=SEALED)
    await run(NOW + timedelta(days=1))
    assert await told() == [10]  # five that somebody does not see, for whichever reason


async def test_what_was_never_circulated_counts_as_hidden() -> None:
    states = await neighbours(3)
    await asked(states, 5)
    await asked(states, 1, circulated_at=None)
    await run(NOW)
    assert await told() == [5]


async def test_counted_once_a_day_and_kept_for_a_day() -> None:
    assert await note_demand(now=NOW)
    assert not await note_demand(now=NOW + timedelta(hours=3))
    assert await note_demand(now=NOW + timedelta(days=1))
    assert await UnmetDemand.all().count() == 1


async def test_a_provider_reads_the_table(sign_in: SignIn) -> None:
    states = await neighbours(3)
    await asked(states, 5, title="Canary of a title")
    await run(NOW)
    place = await people.organization(OrganizationKind.ACADEMIA, state=None)
    browser = await sign_in(await people.member(Role.PARTNER_MEMBER, place))
    with counted_queries() as queries:
        page = await browser.get("/demand")
    assert page.status_code == 200
    assert len(queries) == 2
    assert "Open requests with something unmet" in page.text
    assert "few or none" in page.text
    assert "not told" in page.text
    assert "Canary" not in page.text
    assert not any(code in page.text for code in states)
    sheet = (await browser.get("/demand?format=csv")).text.splitlines()
    assert sum(cell == "5" for line in sheet for cell in line.split(",")) == 1


async def test_before_the_first_count(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    assert "Not counted yet" in (await browser.get("/demand")).text
    assert (await browser.get("/demand?format=csv")).status_code == 200


@pytest.mark.parametrize("role", OUTSIDE)
async def test_nobody_else_reaches_it(sign_in: SignIn, role: Role) -> None:
    unodc = role in {Role.DUE_DILIGENCE, Role.AUDITOR, Role.ADMIN}
    browser = await sign_in(
        await people.member(role, None if unodc else await people.organization())
    )
    assert (await browser.get("/demand")).status_code == 404
