"""Cover: what is repeated is refused, what is shared or joined is not."""

from datetime import date
from uuid import UUID

import pytest

from concord.actor import Role
from concord.errors import Conflict
from concord.matches import actions
from concord.matches.models import Match
from concord.matches.states import MatchState
from concord.requests.models import RequestItem
from concord.requests.states import Confidentiality
from tests.factories import people
from tests.factories.matches import (
    accepted,
    approve,
    approved,
    cast,
    fresh,
    later,
    offered,
    open_request,
)
from tests.matches.seen import (
    counts,
    cover_rows,
)

pytestmark = pytest.mark.usefixtures("database")
POLICE = ("INV.02", "training_course", "police", 20, "training_places")
SAFEGUARDED = ("INV.03", "training_course", "prosecution", 20, "training_places")


MONTHS = {
    "same week": (date(2027, 3, 1), date(2027, 3, 5)),
    "cooling": (date(2027, 5, 1), date(2027, 5, 5)),
    "after": (date(2027, 6, 10), date(2027, 6, 14)),
}


async def test_two_providers_share_an_item_in_the_same_week() -> None:
    players = await cast()
    request = await open_request()
    for _ in range(2):
        await approved(players, request=request, offer=await offered(players.provider))
    assert (await RequestItem.get(request=request)).reserved == 20
    assert await cover_rows() == 1


@pytest.mark.parametrize(
    ("when", "refused"), [("same week", True), ("cooling", True), ("after", False)]
)
async def test_the_same_course_again_waits_until_it_has_cooled(when: str, refused: bool) -> None:
    players = await cast()
    await approved(players)
    again = await accepted(players, dates=MONTHS[when])
    if not refused:
        await approve(again, players)
        assert await cover_rows() == 2
        return
    with pytest.raises(Conflict, match=r"repeat MAT-.*until 2027-06-03"):
        await approve(again, players)
    assert await counts(again) == {"slot": (10, 0), "item": (0, 0)}
    assert (await fresh(again)).state is MatchState.PARTNER_ACCEPTED


@pytest.mark.parametrize(
    ("beneficiary", "refused"), [("judiciary", False), (None, True), ("prosecution", True)]
)
async def test_other_institutions_are_served_at_once_but_any_collides(
    beneficiary: str | None, refused: bool
) -> None:
    players = await cast()
    await approved(players)
    item = ("INV.02", "training_course", beneficiary, 20, "training_places")
    other = await accepted(players, request=await open_request(items=[item]))
    if refused:
        with pytest.raises(Conflict):
            await approve(other, players)
    else:
        await approve(other, players)


async def test_another_state_is_served_at_once() -> None:
    await approved(await cast())
    players = await cast("QNN")
    await approved(players, request=await open_request("QNN"))
    assert await cover_rows() == 2


async def test_of_a_sealed_delivery_in_the_way_nothing_is_said() -> None:
    players = await cast()
    assigned = [(players.coordinator, Role.COORDINATOR), (players.approver, Role.APPROVER)]
    sealed = await open_request(confidentiality=Confidentiality.SEALED, assigned=assigned)
    hidden = await approved(players, request=sealed)
    again = await accepted(players)
    players.approver = await people.approver()
    with pytest.raises(Conflict) as refused:
        await approve(again, players)
    assert str(refused.value) == (
        "This would repeat an existing delivery. Ask UNODC before going on."
    )
    assert hidden.public_id not in str(refused.value)


async def test_a_deliberate_overlap_joins_and_a_third_is_refused() -> None:
    players = await cast()
    first = await approved(players)
    second = await accepted(players, dates=MONTHS["cooling"])
    await approve(second, players, join_reason="A second course for another region.")
    assert await undertaking(second) == await undertaking(first)
    third = await accepted(players, dates=MONTHS["cooling"])
    with pytest.raises(Conflict):
        await approve(third, players)


async def undertaking(match: Match) -> UUID:
    line = await match.lines.all().first()
    assert line is not None
    return line.undertaking_id


async def test_cover_goes_with_the_match_and_stays_for_its_twin() -> None:
    players = await cast()
    request = await open_request()
    first, second = [
        await approved(players, request=request, offer=await offered(players.provider))
        for _ in range(2)
    ]
    await actions.cancel(
        first, reason="cancelled.security", actor=players.focal_point, now=later(days=1)
    )
    assert await cover_rows() == 1
    await actions.cancel(
        second, reason="cancelled.security", actor=players.focal_point, now=later(days=1)
    )
    assert await cover_rows() == 0
