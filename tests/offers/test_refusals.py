"""A role whose step it is not is refused before a form is read or a version compared."""

import pytest

from concord.actor import Role
from concord.offers.models import Offer
from tests.conftest import SignIn
from tests.factories import offers, people

pytestmark = pytest.mark.usefixtures("database")
REVIEW = {Role.PARTNER_ADMIN, Role.AUDITOR, Role.APPROVER}
WRONG = {
    "publication": REVIEW,
    "return": REVIEW,
    "clarifications": {Role.PARTNER_ADMIN, Role.AUDITOR, Role.APPROVER},
    "reconfirmation": {Role.PARTNER_MEMBER, Role.COORDINATOR, Role.AUDITOR},
}
PROVIDERS = {Role.PARTNER_ADMIN, Role.PARTNER_MEMBER}


@pytest.mark.parametrize(
    ("command", "role"),
    [(command, role) for command, roles in WRONG.items() for role in sorted(roles)],
)
async def test_another_role_is_refused_first(sign_in: SignIn, command: str, role: Role) -> None:
    place = await people.provider()
    offer = await offers.submitted(place)
    browser = await sign_in(await people.member(role, place if role in PROVIDERS else None))
    address = f"/offers/{offer.public_id}"
    assert (await browser.get(address)).status_code == 200

    answer = await browser.post(f"{address}/{command}", data={})

    assert answer.status_code == 403
    assert (await Offer.get(id=offer.id)).version == offer.version


@pytest.mark.parametrize(
    ("role", "command", "typed", "status"),
    [
        (Role.COORDINATOR, "publication", {"version": "1"}, 409),
        (Role.COORDINATOR, "publication", {"version": "9"}, 409),
        (Role.COORDINATOR, "return", {}, 422),
        (
            Role.COORDINATOR,
            "return",
            {"reasons": "offer_returned.incomplete", "version": "9"},
            409,
        ),
        (Role.PARTNER_ADMIN, "reconfirmation", {"version": "9"}, 409),
        (Role.PARTNER_ADMIN, "reconfirmation", {"version": "1"}, 303),
    ],
)
async def test_whose_step_it_is_hears_what_is_wrong(
    sign_in: SignIn, role: Role, command: str, typed: dict[str, str], status: int
) -> None:
    place = await people.provider()
    offer = await offers.published(place)
    browser = await sign_in(await people.member(role, place if role in PROVIDERS else None))

    answer = await browser.post(f"/offers/{offer.public_id}/{command}", data=typed)

    assert answer.status_code == status
