"""What deliveries mean for others: cover that moves, a request that asks for more."""

from dataclasses import replace

import pytest

from concord.deliveries import actions
from concord.matches import actions as matches
from concord.matches.actions import Repeats
from concord.matches.states import MatchState
from concord.requests.models import Request
from concord.requests.queries import values_of
from concord.requests.states import RequestState
from tests.conftest import NOW
from tests.factories.deliveries import OVER, TERMS, delivered_match, drafted, on
from tests.factories.matches import LAST, approved, cast, fresh, open_request

pytestmark = pytest.mark.usefixtures("database")


async def test_terms_that_move_into_another_delivery_are_refused() -> None:
    players = await cast()
    other = await approved(players, dates=(on("2027-09-01"), on("2027-09-05")), quantity=5)
    request = await open_request()
    later = replace(TERMS, ends_on=on("2027-06-15"))
    match, terms = await drafted(players, request=request, terms=later, quantity=5)
    await actions.agree_terms(match, sha256=terms.sha256, actor=players.partner, now=NOW)
    with pytest.raises(Repeats) as refused:
        await actions.agree_terms(match, sha256=terms.sha256, actor=players.focal_point, now=NOW)
    assert other.public_id in str(refused.value)
    found = await fresh(match)
    assert (found.state, found.ends_on) == (MatchState.APPROVED, LAST)


async def test_a_request_that_asks_for_more_is_no_longer_met() -> None:
    players = await cast()
    request = await open_request(
        items=[("INV.02", "training_course", "prosecution", 10, "training_places")]
    )
    await delivered_match(players, request=request)
    found = await Request.get(id=request.id)
    assert found.state is RequestState.MET
    values = await values_of(found)
    more = replace(values, items=(replace(values.items[0], quantity=15),))
    await matches.change_request(
        found, more, version=found.version, actor=players.focal_point, now=OVER
    )
    assert (await Request.get(id=request.id)).state is RequestState.PARTIALLY_MET
