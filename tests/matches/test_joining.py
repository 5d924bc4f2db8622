"""A deliberate overlap: State and providers of both matches learn of each other, no more."""

from dataclasses import replace
from datetime import date

import pytest

from concord.actor import Actor, Role
from concord.matches.models import Match
from concord.requests.models import Request
from concord.requests.states import Confidentiality
from tests.factories import people
from tests.factories.matches import Cast, accepted, approve, approved, cast, open_request
from tests.matches.conftest import Browse
from tests.matches.seen import forget_told
from tests.requests.told import owed

pytestmark = pytest.mark.usefixtures("app")
COOLING = (date(2027, 5, 1), date(2027, 5, 5))
CANARY = "CANARY of the request"


async def two_providers() -> tuple[Cast, Cast]:
    """One State and one UNODC team, two providers."""
    players, provider = await cast(), await people.provider()
    return players, replace(
        players, provider=provider, partner=await people.partner_admin(provider)
    )


async def joined(
    players: Cast, others: Cast, *, first: Request | None = None, second: Request | None = None
) -> tuple[Match, Match]:
    present = await approved(players, request=first or await open_request(title=CANARY))
    match = await accepted(others, request=second, dates=COOLING)
    await forget_told()
    await approve(match, others, join_reason="A second course for another region.")
    return present, match


async def page_of(browse: Browse, actor: Actor, match: Match) -> str:
    answer = await (await browse(actor)).get(f"/matches/{match.public_id}")
    assert answer.status_code == 200
    return answer.text


async def test_both_sides_hear_and_nobody_else() -> None:
    players, others = await two_providers()
    await people.partner_admin()
    await people.focal_point("QNN")
    await joined(players, others)

    assert await owed("match_joined_to_state") == {players.focal_point.person_id}
    assert await owed("match_joined_to_providers") == {
        players.partner.person_id,
        others.partner.person_id,
    }


async def test_what_does_not_join_tells_nobody() -> None:
    players = await cast()
    await approved(players)
    assert await owed("match_joined_to_state") == set()
    assert await owed("match_joined_to_providers") == set()


async def test_each_page_shows_the_other_as_far_as_its_reader_may_know(browse: Browse) -> None:
    players, others = await two_providers()
    present, match = await joined(players, others)

    for actor in (players.focal_point, players.coordinator):
        assert f'href="/matches/{match.public_id}"' in await page_of(browse, actor, present)
        assert f'href="/matches/{present.public_id}"' in await page_of(browse, actor, match)
    seen = await page_of(browse, others.partner, match)
    assert players.provider.name in seen
    for hidden in (CANARY, present.public_id):
        assert hidden not in seen


async def test_a_provider_learns_nothing_of_a_sealed_request(browse: Browse) -> None:
    players, others = await two_providers()
    assigned = [(players.coordinator, Role.COORDINATOR), (players.approver, Role.APPROVER)]
    sealed = await open_request(
        confidentiality=Confidentiality.SEALED, circulated_at=None, assigned=assigned
    )
    present, match = await joined(players, others, first=sealed)

    seen = await page_of(browse, others.partner, match)
    assert "An existing delivery; ask UNODC." in seen
    for hidden in (players.provider.name, present.public_id, sealed.public_id):
        assert hidden not in seen
    stranger = await people.coordinator()
    seen = await page_of(browse, stranger, match)
    assert present.public_id not in seen
    assert players.provider.name in await page_of(browse, players.coordinator, match)
