"""Why a request has no match: counts that say what to change and never who excludes whom."""

import pytest

from concord.actor import Role
from concord.offers.models import Offer, OfferSlot
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind
from concord.requests.models import Request, RequestItem
from concord.requests.states import Confidentiality
from tests.conftest import NOW, SignIn
from tests.counting import counted_queries
from tests.factories import offers, people, requests
from tests.factories.rankings import ranked
from tests.pairings.test_workbench import main_of

COURSE = offers.COURSE


async def told(sign_in: SignIn, request: Request, role: Role = Role.FOCAL_POINT) -> str:
    """What the page says to a person of this role, without its own number."""
    place = await people.organization() if role is Role.FOCAL_POINT else None
    browser = await sign_in(await people.member(role, place))
    page = await browser.get(f"/requests/{request.public_id}/outlook")
    assert page.status_code == 200
    return main_of(page.text).replace(request.public_id, "REQ")


async def barred_by_each() -> None:
    await offers.published(delivery_languages=["fr"])
    await offers.published(delivery_languages=["fr", "es"])
    await offers.published(slots=[("INV.02", "workshop", 20, "training_places")])
    await offers.published(starts_on=None, ends_on=NOW.date())
    await offers.published(delivery_languages=["fr"], regions=["Americas"])


async def test_each_change_by_itself_with_the_offers_it_would_add(sign_in: SignIn) -> None:
    await barred_by_each()
    opened = await requests.open_request()
    await ranked(opened)
    for role in (Role.FOCAL_POINT, Role.COORDINATOR, Role.APPROVER):
        page = await told(sign_in, opened, role)
        assert "No offer meets every condition at present" in page
        assert "Another working language" in page
        assert "French (2)" in page
        assert "Spanish (1)" in page
        assert "Another kind of help" in page
        assert "Workshop" in page
        assert "OFR-" not in page


async def test_an_exclusion_of_either_side_moves_nothing(sign_in: SignIn) -> None:
    """Word for word the same page, whoever excludes whom."""

    async def page(*, by_state: bool, by_provider: bool) -> str:
        unwanted: Organization = await people.provider()
        states = ["QMM"] if by_provider else []
        await offers.published(unwanted, excluded=states)
        await offers.published(unwanted, delivery_languages=["fr"], excluded=states)
        opened = await requests.open_request(excluded=[unwanted] if by_state else [])
        await ranked(opened)
        shown = await told(sign_in, opened)
        await Request.all().delete()
        await Offer.all().delete()
        return shown

    plain = await page(by_state=False, by_provider=False)
    assert "1 offer meets the conditions" in plain
    assert "French (1)" in plain
    assert await page(by_state=True, by_provider=False) == plain
    assert await page(by_state=False, by_provider=True) == plain


async def test_a_match_of_another_request_moves_nothing(sign_in: SignIn) -> None:
    """Word for word the same page, whether the offer is used up or not."""
    await offers.published()
    await offers.published(delivery_languages=["fr"])
    await offers.published(slots=[("INV.02", "workshop", 20, "training_places")])
    opened = await requests.open_request()
    pages = []
    taken = {"held": 0, "reserved": 0, "delivered": 0}
    for change in ({}, {"held": 20}, {"reserved": 20}, {"delivered": 20}):
        await OfferSlot.all().update(**(taken | change))
        await ranked(opened)
        pages.append(await told(sign_in, opened))
    assert "1 offer meets the conditions" in pages[0]
    assert "French (1)" in pages[0]
    assert "Workshop or exercise (1)" in pages[0]
    assert len(set(pages)) == 1


async def test_an_offer_to_another_state_is_never_counted(sign_in: SignIn) -> None:
    await offers.published(directed="QNN")
    await offers.published(directed="QNN", delivery_languages=["fr"])
    opened = await requests.open_request()
    await ranked(opened)
    assert "No single change would make another offer possible" in await told(sign_in, opened)


async def test_covered_is_not_unmatched(sign_in: SignIn) -> None:
    opened = await requests.open_request()
    await ranked(opened)
    assert "Still open" in await told(sign_in, opened)
    await RequestItem.filter(request_id=opened.id).update(reserved=40)
    page = await told(sign_in, opened)
    assert "Everything asked for is covered" in page
    assert "Still open" not in page


async def test_missing_details_are_said_and_the_flag_links_here(sign_in: SignIn) -> None:
    opened = await requests.open_request(unmatched_since=NOW, existing="", outcome="")
    await ranked(opened)
    assert "Details that are missing" in await told(sign_in, opened)
    browser = await sign_in(await people.member(Role.FOCAL_POINT, await people.organization()))
    page = (await browser.get(f"/requests/{opened.public_id}")).text
    assert f"/requests/{opened.public_id}/outlook" in page


async def test_before_the_first_comparison(sign_in: SignIn) -> None:
    assert "Not compared yet" in await told(sign_in, await requests.open_request())


@pytest.mark.parametrize("role", [Role.PARTNER_ADMIN, Role.AUDITOR, Role.ADMIN, Role.DONOR])
async def test_nobody_else_reaches_it(sign_in: SignIn, role: Role) -> None:
    opened = await requests.open_request()
    await ranked(opened)
    unodc = role in {Role.AUDITOR, Role.ADMIN}
    place = None if unodc else await people.organization(OrganizationKind.ACADEMIA, state=None)
    browser = await sign_in(await people.member(role, place))
    assert (await browser.get(f"/requests/{opened.public_id}/outlook")).status_code == 404


async def test_a_sealed_request_and_another_states_do_not_exist(sign_in: SignIn) -> None:
    sealed = await requests.open_request(confidentiality=Confidentiality.SEALED)
    other = await requests.open_request("QNN")
    coordinator = await sign_in(await people.member(Role.COORDINATOR))
    focal_point = await sign_in(await people.member(Role.FOCAL_POINT, await people.organization()))
    for browser, request in ((coordinator, sealed), (focal_point, other)):
        page = await browser.get(f"/requests/{request.public_id}/outlook")
        assert page.status_code == 404


async def test_the_page_asks_little(sign_in: SignIn) -> None:
    await barred_by_each()
    opened = await requests.open_request()
    await ranked(opened)
    browser = await sign_in(await people.member(Role.COORDINATOR))
    with counted_queries() as queries:
        await browser.get(f"/requests/{opened.public_id}/outlook")
    assert len(queries) == 4
