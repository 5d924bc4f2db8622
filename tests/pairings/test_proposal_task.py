"""“Propose a match” waits while there are candidates and no match."""

from concord.inbox.models import Task
from concord.matches import actions
from concord.matches.models import Match
from tests.conftest import NOW
from tests.factories import matches, offers, requests
from tests.factories.rankings import ranked


async def waiting() -> list[str]:
    return [task.kind for task in await Task.filter(closed_at=None, kind="propose_match")]


async def test_nothing_waits_without_a_candidate(database: None) -> None:
    opened = await requests.open_request()
    await ranked(opened)
    assert await waiting() == []
    await offers.published()
    await ranked(opened)
    assert await waiting() == ["propose_match"]


async def test_it_goes_with_a_match_and_comes_back_after_it(database: None) -> None:
    players = await matches.cast()
    given = await matches.offered(players.provider)
    opened = await matches.open_request()
    await ranked(opened)
    made = await matches.proposed(players, request=opened, offer=given)
    await ranked(opened)
    assert await waiting() == []
    await actions.cancel(
        await Match.get(id=made.id),
        reason="cancelled.terms_not_agreed",
        actor=players.coordinator,
        now=NOW,
    )
    await ranked(opened)
    assert await waiting() == ["propose_match"]
