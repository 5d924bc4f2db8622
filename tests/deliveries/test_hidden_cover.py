"""A delivery that nobody here may see stands in the way: those who may are told."""

from dataclasses import replace
from datetime import date

import pytest

from concord.actor import Role
from concord.deliveries import actions
from concord.deliveries.values import TermsDraft
from concord.matches.states import MatchState
from concord.requests.states import Confidentiality
from tests.conftest import NOW
from tests.factories import people
from tests.factories.deliveries import drafted
from tests.factories.matches import approved, cast, fresh, open_request
from tests.matches.conftest import Browse
from tests.matches.seen import forget_told, told

pytestmark = pytest.mark.usefixtures("database")
AUGUST = (date(2027, 8, 2), date(2027, 8, 6))
MARCH = TermsDraft("The provider trains.", date(2027, 3, 2), date(2027, 3, 4))


async def test_terms_that_would_repeat_a_hidden_delivery_reach_its_coordinator(
    browse: Browse,
) -> None:
    players = await cast()
    sealed = await open_request(
        confidentiality=Confidentiality.SEALED,
        assigned=[(players.coordinator, Role.COORDINATOR), (players.approver, Role.APPROVER)],
    )
    place = await people.provider()
    others = replace(players, provider=place, partner=await people.partner_admin(place))
    hidden = await approved(others, request=sealed)
    match, terms = await drafted(players, terms=MARCH, dates=AUGUST)
    await actions.agree_terms(match, sha256=terms.sha256, actor=players.focal_point, now=NOW)
    await forget_told()

    answer = await (await browse(players.partner)).post(
        f"/matches/{match.public_id}/terms/agreement", data={"digest": terms.sha256}
    )

    assert answer.status_code == 409
    assert hidden.public_id not in answer.text
    assert (await fresh(match)).state is MatchState.APPROVED
    assert await told(hidden, players) == {("duplicate_flagged", "coordinator")}
