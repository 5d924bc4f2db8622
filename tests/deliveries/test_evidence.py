"""Evidence of a delivery opens for both sides and UNODC, and is nowhere for anybody else."""

from dataclasses import dataclass

import pytest

from concord.accounts.models import Membership
from concord.actor import Actor
from concord.deliveries import actions
from concord.errors import Conflict
from tests.conftest import SignIn
from tests.factories import people
from tests.factories.deliveries import (
    OVER,
    confirmed_delivery,
    match_in_delivery,
    planned_delivery,
    reported_delivery,
)
from tests.factories.matches import cast


@dataclass(frozen=True, slots=True)
class Upload:
    filename: str
    content: bytes


PAPER = Upload("attendance.txt", b"Ten prosecutors took part.\n")


async def test_who_opens_the_evidence(sign_in: SignIn) -> None:
    players = await cast()
    delivery = await reported_delivery(players, await match_in_delivery(players))
    kept = await actions.attach_evidence(delivery, PAPER, actor=players.partner, now=OVER)

    async def status(actor: Actor) -> int:
        browser = await sign_in(await Membership.get(id=actor.membership_id))
        return (await browser.get(f"/attachments/{kept.id}")).status_code

    for actor in (players.focal_point, players.partner, players.coordinator, players.approver):
        assert await status(actor) == 200
    stranger = await people.partner_admin(await people.provider())
    for actor in (stranger, await people.focal_point("QZZ")):
        assert await status(actor) == 404


@pytest.mark.usefixtures("database")
async def test_no_evidence_is_added_after_the_states_word() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    early = await planned_delivery(players, match, quantity=2)
    late = await confirmed_delivery(players, match, quantity=2)
    for delivery in (early, late):
        with pytest.raises(Conflict):
            await actions.attach_evidence(delivery, PAPER, actor=players.partner, now=OVER)
