"""What a search tells of a match: never more than its own page does."""

import pytest

from concord.actor import Actor
from concord.matches import actions
from concord.matches.models import Match
from concord.search.queries import found
from tests.conftest import NOW
from tests.factories.matches import Cast, accepted, cast

pytestmark = pytest.mark.usefixtures("database")


async def rejected(players: Cast) -> Match:
    match = await accepted(players)
    await actions.reject(
        match, reason="rejected_by_approver.risk", actor=players.approver, now=NOW
    )
    return match


async def shown(actor: Actor, match: Match) -> list[str]:
    return [hit.state for hit in await found(actor, match.public_id)]


async def test_both_sides_find_an_ended_match_without_its_reason() -> None:
    players = await cast()
    match = await rejected(players)
    assert await shown(players.focal_point, match) == ["ended"]
    assert await shown(players.partner, match) == ["ended"]
    assert await shown(players.coordinator, match) == ["rejected"]
