"""A side whose step it is not is refused before a form is read or a version compared."""

import pytest

from concord.actor import Role
from tests.factories import people
from tests.factories.matches import accepted, approved, cast, fresh
from tests.matches.conftest import Browse, form

WRONG = {
    "consent": ("partner", "coordinator", "approver"),
    "acceptance": ("focal_point", "coordinator", "approver"),
    "approval": ("focal_point", "partner", "coordinator"),
    "decline": ("partner", "coordinator", "approver"),
    "refusal": ("focal_point", "coordinator", "approver"),
    "rejection": ("focal_point", "partner", "coordinator"),
    "cancellation": ("auditor",),
    "consent-withdrawal": ("partner", "coordinator", "approver"),
    "suspension": ("coordinator", "auditor"),
    "resumption": ("coordinator", "auditor"),
    "suspension-end": ("focal_point", "partner", "coordinator"),
}


@pytest.mark.parametrize(
    ("command", "who"), [(command, who) for command, them in WRONG.items() for who in them]
)
async def test_another_side_is_refused_first(command: str, who: str, browse: Browse) -> None:
    players = await cast()
    match = await accepted(players)
    auditor = await people.actor(await people.member(Role.AUDITOR))
    browser = await browse(auditor if who == "auditor" else getattr(players, who))
    address = f"/matches/{match.public_id}"
    assert (await browser.get(address)).status_code == 200

    answer = await browser.post(f"{address}/{command}", data={})

    assert answer.status_code == 403
    assert (await fresh(match)).version == match.version


@pytest.mark.parametrize(
    ("command", "who"),
    [
        ("consent", "focal_point"),
        ("acceptance", "partner"),
        ("approval", "approver"),
        ("decline", "focal_point"),
        ("refusal", "partner"),
        ("rejection", "approver"),
        ("cancellation", "focal_point"),
        ("cancellation", "coordinator"),
        ("suspension", "partner"),
        ("resumption", "partner"),
        ("resumption", "focal_point"),
        ("suspension-end", "approver"),
    ],
)
async def test_whose_step_it_is_hears_what_is_wrong(
    command: str, who: str, browse: Browse
) -> None:
    players = await cast()
    match = await approved(players)
    browser = await browse(getattr(players, who))

    answer = await browser.post(
        f"/matches/{match.public_id}/{command}", data=form(match) | {"version": "0"}
    )

    assert answer.status_code in {409, 422}
