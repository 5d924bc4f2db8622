"""Lists of deliveries before there is any: who has one, and what it says."""

import pytest

from concord.actor import Role
from tests.deliveries.conftest import Browse
from tests.factories import people

ADDRESSES = ("/deliveries", "/deliveries.ics", "/deliveries/calendar", "/deliveries?format=csv")


@pytest.mark.parametrize("address", ADDRESSES)
async def test_sides_and_officers_have_a_list(browse: Browse, address: str) -> None:
    for actor in (
        await people.focal_point(),
        await people.partner_admin(await people.provider()),
        await people.coordinator("QMM"),
        await people.approver(),
    ):
        assert (await (await browse(actor)).get(address)).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN, Role.DONOR, Role.DUE_DILIGENCE])
async def test_for_others_there_is_none(browse: Browse, address: str, role: Role) -> None:
    place = await people.organization() if role is Role.DONOR else None
    browser = await browse(await people.actor(await people.member(role, place)))
    assert (await browser.get(address)).status_code == 404


async def test_hostile_addresses_are_read_as_nothing(browse: Browse) -> None:
    browser = await browse(await people.focal_point())
    for query in ("state=%00", "from=x&until=9999-99-99", "sort=-evil", "page=0&q=%27%22%3B--"):
        assert (await browser.get(f"/deliveries?{query}")).status_code == 200
    for query in ("year=0000", "year=%D9%A1%D9%A1%D9%A1%D9%A1", "by=evil", "year=99999"):
        assert (await browser.get(f"/deliveries/calendar?{query}")).status_code == 200
    assert (await browser.get("/deliveries/DLV-0000-00")).status_code == 404
