"""Acts on paper, confirmed by a second person of UNODC, and the files of a request."""

from datetime import date
from uuid import UUID

import pytest

from concord.actor import Actor, Role
from concord.errors import NotAllowed
from concord.organizations import on_behalf
from concord.organizations.models import ActOnBehalf
from concord.organizations.values import NoteVerbale
from concord.requests import behalf
from concord.requests.actions import attach
from concord.requests.files import may_open_files
from concord.requests.models import Request, RequestStep
from concord.requests.states import Confidentiality, RequestState
from concord.web.forms import Upload
from tests.conftest import NOW, SignIn
from tests.factories import people
from tests.factories import requests as make
from tests.factories.people import member, organization, provider

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality
S = RequestState
NOTE = Upload("note.txt", b"The Permanent Mission presents its compliments.")


async def recorded(command: str, request: Request, by: Actor, **arguments: str) -> ActOnBehalf:
    return await on_behalf.record(
        on_behalf.Recording(
            command=command,
            subject=await behalf.subject(by, request.public_id),
            state="QMM",
            arguments=arguments,
            note=NoteVerbale(reference="NV 12/2027", date=date(2027, 1, 8)),
            file=NOTE,
        ),
        actor=by,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("command", "stage", "arguments", "target"),
    [
        (behalf.SUBMIT, S.RETURNED, {}, S.SUBMITTED),
        (behalf.AGREE, S.NO_OBJECTION, {"publish": "yes"}, S.OPEN),
        (behalf.OBJECT, S.NO_OBJECTION, {}, S.OPEN),
        (behalf.CLOSE, S.OPEN, {}, S.CLOSED),
        (behalf.FOLLOW_UP, S.CLOSED, {"answer": "partly"}, S.FOLLOWED_UP),
    ],
)
async def test_an_act_on_paper_takes_effect_with_the_second_person(
    command: str, stage: S, arguments: dict[str, str], target: S
) -> None:
    first, second = await people.coordinator(), await people.coordinator()
    request = await make.in_no_objection(stage=stage, confidentiality=C.PUBLIC)

    act = await recorded(command, request, first, **arguments)
    assert (await Request.get(id=request.id)).state is stage
    with pytest.raises(NotAllowed):
        await on_behalf.confirm(act, actor=first, now=NOW)
    await on_behalf.confirm(act, actor=second, now=NOW)

    kept = await Request.get(id=request.id)
    assert kept.state is target
    assert (kept.publish_agreed_at is not None) is ("publish" in arguments)
    noted = await RequestStep.filter(request_id=request.id)
    assert {step.on_behalf_of for step in noted} == {"QMM"}


async def test_a_coordinator_finds_what_can_be_recorded_now(sign_in: SignIn) -> None:
    office = await sign_in(await member(Role.COORDINATOR))
    state = await sign_in(await member(Role.FOCAL_POINT, await organization()))
    request = await make.in_no_objection()
    at = f"/requests/{request.public_id}"
    page = (await office.get(at)).text

    assert "Agree to circulation" in page
    assert f"/acts-on-behalf/new?command=requests.agree&amp;subject={request.public_id}" in page
    assert "/acts-on-behalf/" not in (await state.get(at)).text


async def test_files_follow_the_text_and_the_consent() -> None:
    focal, at = await people.focal_point(), await provider()
    partner, office = await people.partner_admin(at), await people.coordinator()
    request = await make.open_request()
    await attach(request, NOTE, actor=focal, now=NOW)
    with pytest.raises(NotAllowed):
        await attach(request, NOTE, actor=office, now=NOW)

    assert await may_open_files(focal, request.id)
    assert await may_open_files(office, request.id)
    assert not await may_open_files(partner, request.id)
    assert not await may_open_files(await people.focal_point("QNN"), request.id)
    await make.disclosed(request, at, parts=["description"])
    assert not await may_open_files(partner, request.id)
    await make.disclosed(request, at, parts=["attachments"], match_id=UUID(int=1))
    assert await may_open_files(partner, request.id)


async def test_files_are_added_and_listed_on_the_page(sign_in: SignIn) -> None:
    state = await sign_in(await member(Role.FOCAL_POINT, await organization()))
    partner = await sign_in(await member(Role.PARTNER_ADMIN, await provider()))
    request = await make.open_request()
    at = f"/requests/{request.public_id}"

    nothing = await state.post(f"{at}/files")
    assert nothing.status_code == 422
    bad = await state.post(f"{at}/files", files={"file": ("run.exe", b"MZ")})
    assert bad.status_code == 422
    done = await state.post(f"{at}/files", files={"file": ("course.txt", b"Two hours.")})
    assert done.status_code == 303
    assert "course.txt" in (await state.get(at)).text
    assert "course.txt" not in (await partner.get(at)).text
