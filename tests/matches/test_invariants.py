"""Whatever is done in whatever order, the counts are those of the live lines."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concord.errors import DomainError
from concord.matches import actions
from concord.matches.models import Match, MatchLine
from concord.matches.states import PENDING, TERMINAL
from concord.offers.models import Offer, OfferSlot
from concord.requests.models import Request, RequestItem
from tests.factories.matches import Cast, cast, later, offered, open_request, proposed
from tests.matches.seen import cover_rows, open_tasks

MATCHES = 3
Act = Callable[[Match, Cast], Awaitable[object]]
SOON = later(minutes=5)


def acts() -> dict[str, Act]:
    return {
        "consent": lambda match, cast: actions.consent(
            match, data_shared=(), actor=cast.focal_point, now=SOON
        ),
        "withdraw": lambda match, cast: actions.withdraw_consent(
            match, actor=cast.focal_point, now=SOON
        ),
        "decline": lambda match, cast: actions.decline_by_state(
            match, reason="declined_by_state.timing", actor=cast.focal_point, now=SOON
        ),
        "accept": lambda match, cast: actions.accept(
            match, no_conflict=True, actor=cast.partner, now=SOON
        ),
        "refuse": lambda match, cast: actions.decline_by_partner(
            match, reason="declined_by_partner.timing", actor=cast.partner, now=SOON
        ),
        "approve": lambda match, cast: actions.approve(match, actor=cast.approver, now=SOON),
        "cancel": lambda match, cast: actions.cancel(
            match, reason="cancelled.security", actor=cast.coordinator, now=SOON
        ),
        "suspend": lambda match, cast: actions.suspend(match, actor=cast.approver, now=SOON),
        "resume": lambda match, cast: actions.resume(match, actor=cast.approver, now=SOON),
        "end": lambda match, cast: actions.end_suspension(
            match, reason="cancelled.security", actor=cast.approver, now=SOON
        ),
        "lose hold": lambda match, cast: actions.overdue(match.id, now=later(days=60)),
        "lapse": lambda match, cast: actions.lapse(match.id, now=later(days=100)),
    }


ACTS = acts()
FORWARD = ("consent", "accept", "approve")
STEPS = st.lists(
    st.tuples(
        st.integers(0, MATCHES - 1),
        st.one_of(st.sampled_from(FORWARD), st.sampled_from(sorted(ACTS))),
    ),
    min_size=4,
    max_size=14,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
@pytest.mark.usefixtures("database")
async def test_counts_follow_the_lines(steps: list[tuple[int, str]]) -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    others = [offer, offer, await offered(players.provider)]
    matches = [
        await proposed(players, request=request, offer=each, quantity=quantity)
        for each, quantity in zip(others[::2], (12, 9), strict=True)
    ]
    matches.append(
        await proposed(players, request=await open_request("QMM"), offer=offer, quantity=8)
    )
    for index, verb in steps:
        try:
            await ACTS[verb](matches[index], players)
        except DomainError:
            continue
        finally:
            await check(request, offer, matches)
    await give_up(matches, players)
    assert await cover_rows() == 0


async def give_up(matches: list[Match], players: Cast) -> None:
    """So that the next example finds nothing covered."""
    for match in matches:
        for verb in ("lapse", "end"):
            with suppress(DomainError):
                await ACTS[verb](match, players)


async def check(request: Request, offer: Offer, matches: list[Match]) -> None:
    slot = await OfferSlot.get(offer=offer)
    item = await RequestItem.get(request=request)
    lines = await MatchLine.filter(slot=slot).select_related("match")
    held = sum(
        line.slot_quantity
        for line in lines
        if line.status == "held" and line.match.hold_lost_at is None
    )
    reserved = sum(line.slot_quantity for line in lines if line.status == "reserved")
    assert (slot.held, slot.reserved) == (held, reserved)
    assert held + reserved <= (slot.capacity or 0)
    of_item = await MatchLine.filter(item=item, status="reserved")
    assert item.reserved == sum(line.item_quantity for line in of_item) <= (item.quantity or 0)
    for match in await Match.filter(id__in=[match.id for match in matches]).prefetch_related(
        "lines"
    ):
        statuses = {line.status for line in match.lines}
        if match.state in TERMINAL:
            assert statuses == {"released"}
            assert await open_tasks(match) == set()
        else:
            assert statuses == ({"held"} if match.state in PENDING else {"reserved"})
    approved = await MatchLine.filter(status="reserved").count()
    assert await cover_rows() <= approved
