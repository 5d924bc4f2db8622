"""A role whose step it is not is refused before a form is read or a version compared."""

import pytest

from concord.actor import Role
from concord.organizations.models import Organization
from concord.requests.models import Request
from tests.conftest import SignIn
from tests.factories import requests as make
from tests.factories.people import member, organization, provider

pytestmark = pytest.mark.usefixtures("database")
COMMANDS = (
    "submission",
    "publication",
    "closure",
    "follow-up",
    "files",
    "assignments",
    "named-providers",
    "clarifications",
)
OF_STATE = {Role.FOCAL_POINT, Role.OBSERVER}
WRONG = [
    (role, command)
    for role in (Role.PARTNER_ADMIN, Role.OBSERVER, Role.AUDITOR)
    for command in COMMANDS
    if (role, command) != (Role.PARTNER_ADMIN, "clarifications")  # providers ask
]


async def place_of(role: Role) -> Organization | None:
    if role in OF_STATE:
        return await organization()
    return await provider() if role is Role.PARTNER_ADMIN else None


@pytest.mark.parametrize(
    ("role", "command"), [*WRONG, (Role.FOCAL_POINT, "clarifications"), (Role.APPROVER, "closure")]
)
async def test_another_role_is_refused_first(sign_in: SignIn, role: Role, command: str) -> None:
    request = await make.open_request()
    browser = await sign_in(await member(role, await place_of(role)))
    address = f"/requests/{request.public_id}"
    assert (await browser.get(address)).status_code == 200

    answer = await browser.post(f"{address}/{command}", data={})

    assert answer.status_code == 403
    assert (await Request.get(id=request.id)).version == request.version


@pytest.mark.parametrize(
    ("role", "command", "typed", "status"),
    [
        (Role.FOCAL_POINT, "submission", {"version": "1"}, 409),
        (Role.FOCAL_POINT, "publication", {"version": "9"}, 409),
        (Role.FOCAL_POINT, "closure", {"version": "9"}, 409),
        (Role.FOCAL_POINT, "closure", {"version": "1"}, 303),
        (Role.FOCAL_POINT, "follow-up", {}, 422),
        (Role.FOCAL_POINT, "follow-up", {"answer": "yes", "version": "1"}, 409),
        (Role.FOCAL_POINT, "files", {}, 422),
        (Role.FOCAL_POINT, "named-providers", {"version": "1"}, 422),
        (Role.COORDINATOR, "assignments", {"version": "1"}, 422),
        (Role.COORDINATOR, "clarifications", {}, 422),
        (Role.PARTNER_ADMIN, "clarifications", {}, 422),
    ],
)
async def test_whose_step_it_is_hears_what_is_wrong(
    sign_in: SignIn, role: Role, command: str, typed: dict[str, str], status: int
) -> None:
    request = await make.open_request()
    browser = await sign_in(await member(role, await place_of(role)))

    answer = await browser.post(f"/requests/{request.public_id}/{command}", data=typed)

    assert answer.status_code == status
