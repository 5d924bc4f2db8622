"""A State's people, in the browser."""

import pytest

from concord.accounts.models import Membership
from concord.actor import Role
from concord.organizations.models import Organization
from tests.conftest import SignIn
from tests.factories import people
from tests.factories.organizations import PDF

pytestmark = pytest.mark.usefixtures("database")
FILE = {"file": ("note verbale.pdf", PDF, "application/pdf")}


def at(organization: Organization, *parts: str) -> str:
    return "/".join(("/organizations", organization.public_id, *parts))


async def test_nomination_and_accreditation_in_the_browser(sign_in: SignIn) -> None:
    office = await people.organization(state="QMM")
    browser = await sign_in(await people.member(Role.COORDINATOR, states=("QMM",)))
    wrong = await browser.post(at(office, "people"), data={"name": "Kept Name", "role": "admin"})
    assert (wrong.status_code, "Kept Name" in wrong.text) == (422, True)
    sent = {"name": "Nominee", "email": "n@example.org", "role": "focal_point", "locale": "fr"}
    assert (await browser.post(at(office, "people"), data=sent)).status_code == 303
    seat = await Membership.get(role="focal_point")
    address = at(office, "people", str(seat.id), "accreditation")
    assert "Nominee" in (await browser.get(address)).text
    note = {"note_reference": "NV/1", "note_date": "2027-01-12"}
    future = await browser.post(address, data=note, files=FILE)
    assert (future.status_code, "This date is in the future." in future.text) == (422, True)
    missing = await browser.post(address, data=note | {"note_date": "2027-01-11"})
    assert (missing.status_code, "Attach the note verbale." in missing.text) == (422, True)
    done = await browser.post(address, data=note | {"note_date": "2027-01-11"}, files=FILE)
    assert done.headers["location"] == at(office)
    page = await browser.get(at(office))
    assert "Accredited" in page.text
    assert "NV/1" in page.text
    again = await browser.post(address, data=note | {"note_date": "2027-01-11"}, files=FILE)
    assert again.status_code == 409
    ended = await browser.post(
        at(office, "people", str(seat.id), "end"), data={"reason": "Another post"}
    )
    assert ended.headers["location"] == at(office)


async def test_a_membership_elsewhere_is_not_reached_through_this_office(
    sign_in: SignIn,
) -> None:
    office, other = await people.organization(), await people.organization(state="QNN")
    seat = await people.member(Role.FOCAL_POINT, other, accreditation="nominated")
    browser = await sign_in(await people.member(Role.COORDINATOR))

    for name in (str(seat.id), "x"):
        address = at(office, "people", name, "accreditation")
        assert (await browser.get(address)).status_code == 404
        assert (await browser.post(address, data={})).status_code == 404
