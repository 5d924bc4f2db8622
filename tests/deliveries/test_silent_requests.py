"""A request whose State is silent to the end closes by the clock all the same."""

from datetime import timedelta

import pytest

from concord.deliveries import clocks
from concord.matches import clocks as match_clocks
from concord.matches.states import MatchState
from concord.requests import clocks as request_clocks
from concord.requests.models import Request
from concord.requests.states import RequestState
from tests.factories.deliveries import match_in_delivery, reported_delivery
from tests.factories.matches import cast, fresh, open_request, proposed

pytestmark = pytest.mark.usefixtures("database")


async def test_what_silence_confirmed_ends_the_request_in_time() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    assert delivery.due_at is not None
    await clocks.run(delivery.due_at)
    delivered = await fresh(match)
    assert delivered.due_at is not None
    await clocks.run(delivered.due_at)
    closed = await fresh(match)
    assert closed.state is MatchState.CLOSED
    assert (await Request.get(id=match.request_id)).state is RequestState.OPEN

    await request_clocks.run(closed.state_since + timedelta(days=30))
    assert (await Request.get(id=match.request_id)).state is RequestState.OPEN
    await request_clocks.run(closed.state_since + timedelta(days=100))
    assert (await Request.get(id=match.request_id)).state is RequestState.CLOSED


async def test_what_nobody_delivered_stays_open() -> None:
    players = await cast()
    request = await open_request()
    match = await proposed(players, request=request)
    assert match.due_at is not None
    await match_clocks.run(match.due_at)
    assert (await fresh(match)).state is MatchState.LAPSED
    await request_clocks.run(match.due_at + timedelta(days=200))
    assert (await Request.get(id=request.id)).state is RequestState.OPEN
