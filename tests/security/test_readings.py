"""Whoever opens a request of a State stands in the log that the State reads."""

from collections.abc import Awaitable, Callable

import pytest
from starlette.applications import Starlette

from concord.accounts.models import Membership
from concord.actor import Actor, Role
from concord.duplicates.models import DuplicateFlag
from concord.organizations.models import Attachment
from concord.requests.models import Request, RequestReading
from concord.requests.states import Confidentiality
from tests.conftest import SignIn
from tests.factories import matches as play
from tests.factories import people
from tests.factories import requests as make

Address = Callable[[Request], Awaitable[str]]


async def page_of(request: Request) -> str:
    return f"/requests/{request.public_id}"


async def list_as_csv(request: Request) -> str:
    return "/requests?format=csv"


async def workbench(request: Request) -> str:
    return f"/workbench?request={request.public_id}"


async def pairings(request: Request) -> str:
    return f"/requests/{request.public_id}/pairings"


async def proposal(request: Request) -> str:
    offer = await play.offered(await people.provider())
    return f"/requests/{request.public_id}/matches/new?offer={offer.public_id}"


async def duplicates(request: Request) -> str:
    other = await make.open_request()
    await DuplicateFlag.create(
        kind="request_request", left_id=request.id, right_id=other.id, score=0.9, verdict="likely"
    )
    return "/duplicates"


async def attachment(request: Request) -> str:
    kept = await Attachment.create(
        subject_kind="request",
        subject_id=request.id,
        filename="plan.pdf",
        media_type="application/pdf",
        size=1,
        sha256="x",
        content=b"x",
    )
    return f"/attachments/{kept.id}"


ADDRESSES: list[Address] = [
    page_of,
    list_as_csv,
    workbench,
    pairings,
    proposal,
    duplicates,
    attachment,
]


async def readings(request: Request) -> list[tuple[str, bool]]:
    """The roles in the log, and whether each entry names the reader's organization."""
    rows = await RequestReading.filter(request_id=request.id).order_by("role")
    return [(row.role, row.organization_id is not None) for row in rows]


async def seat_of(actor: Actor) -> Membership:
    return await Membership.get(id=actor.membership_id)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one.__name__)
async def test_a_coordinator_is_in_the_log_wherever_the_request_is_read(
    app: Starlette, sign_in: SignIn, address: Address
) -> None:
    request = await make.open_request()
    where = await address(request)
    reader = await sign_in(await people.member(Role.COORDINATOR))
    assert (await reader.get(where)).status_code == 200
    assert (await reader.get(where)).status_code == 200
    assert await readings(request) == [("coordinator", True)]


async def test_a_provider_is_in_the_log_from_when_the_request_is_shared(
    app: Starlette, sign_in: SignIn
) -> None:
    players = await play.cast()
    request = await play.open_request(confidentiality=Confidentiality.RESTRICTED)
    match = await play.consented(players, request=request)
    partner = await sign_in(await seat_of(players.partner))
    page = (await partner.get(f"/matches/{match.public_id}")).text
    assert request.description in page
    assert f"/matches/{match.public_id}/acceptance" in page
    assert await readings(request) == [("partner_admin", True)]


async def test_the_state_itself_is_not_in_its_log(app: Starlette, sign_in: SignIn) -> None:
    players = await play.cast()
    request = await play.open_request()
    match = await play.consented(players, request=request)
    focal = await sign_in(await seat_of(players.focal_point))
    for address in (f"/requests/{request.public_id}", f"/matches/{match.public_id}"):
        assert (await focal.get(address)).status_code == 200
    assert await readings(request) == []


async def test_the_state_reads_places_and_roles_and_no_names(
    app: Starlette, sign_in: SignIn
) -> None:
    request = await make.open_request()
    provider = await people.provider("Illustrative Institute")
    for seat in (
        await people.member(Role.COORDINATOR),
        await people.member(Role.APPROVER),
        await people.member(Role.PARTNER_MEMBER, provider),
    ):
        await (await sign_in(seat)).get(f"/requests/{request.public_id}")
    state = await sign_in(await seat_of(await people.focal_point()))
    log = (await state.get(f"/requests/{request.public_id}")).text.partition("Who has read it")[2]
    log = log.partition("</ul>")[0]
    for shown in ("UNODC", "Coordinator", "Approver", "Illustrative Institute"):
        assert shown in log
    assert "Person " not in log
