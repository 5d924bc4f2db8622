"""A role whose step it is not is refused before a form is read or a state compared."""

import pytest

from concord.actor import Role
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from tests.conftest import SignIn
from tests.factories import people

pytestmark = pytest.mark.usefixtures("database")
COMMANDS = ("screening", "recognition", "reinstatement", "profile", "documents")
WRONG = (Role.FOCAL_POINT, Role.PARTNER_MEMBER, Role.AUDITOR, Role.APPROVER)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("role", WRONG)
async def test_another_role_is_refused_first(sign_in: SignIn, role: Role, command: str) -> None:
    made = await people.organization(
        OrganizationKind.ACADEMIA, state=None, verification=Verification.SCREENING
    )
    homes = {
        Role.PARTNER_MEMBER: made,
        Role.FOCAL_POINT: await people.organization(),
    }
    if role is Role.FOCAL_POINT:  # a State sees providers that are verified
        await Organization.filter(id=made.id).update(verification=Verification.VERIFIED)
    browser = await sign_in(await people.member(role, homes.get(role)))
    address = f"/organizations/{made.public_id}"
    assert (await browser.get(address)).status_code == 200

    answers = [
        await browser.post(f"{address}/{command}", data=typed)
        for typed in ({}, {"reason": "Looked into.", "name": "Another", "version": "9"})
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (await Organization.get(id=made.id)).version == made.version


@pytest.mark.parametrize(
    ("role", "command", "typed", "status"),
    [
        (Role.DUE_DILIGENCE, "screening", {}, 409),
        (Role.PARTNER_ADMIN, "screening", {}, 409),
        (Role.COORDINATOR, "recognition", {}, 409),
        (Role.DUE_DILIGENCE, "reinstatement", {"reason": "Looked into."}, 409),
        (Role.PARTNER_ADMIN, "profile", {}, 422),
        (Role.ADMIN, "profile", {"name": "Another", "version": "9"}, 409),
    ],
)
async def test_whose_step_it_is_hears_what_is_wrong(
    sign_in: SignIn, role: Role, command: str, typed: dict[str, str], status: int
) -> None:
    made = await people.organization(
        OrganizationKind.ACADEMIA, state=None, verification=Verification.SCREENING
    )
    home = made if role is Role.PARTNER_ADMIN else None
    browser = await sign_in(await people.member(role, home))

    answer = await browser.post(f"/organizations/{made.public_id}/{command}", data=typed)

    assert answer.status_code == status
