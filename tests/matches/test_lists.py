"""The list of matches: filters, sorting, export, and what it says when empty."""

from concord.matches import actions
from tests.conftest import NOW
from tests.factories import people
from tests.factories.matches import (
    accepted,
    approved,
    cast,
    proposed,
)
from tests.matches.conftest import Browse
from tests.sheets import lines_of

REASON = {"reason": "declined_by_state.timing", "note": "STATECANARY"}


async def test_the_list_filters_sorts_and_exports(browse: Browse) -> None:
    players = await cast()
    waiting, done = await proposed(players), await approved(players)
    browser = await browse(players.focal_point)
    both = await browser.get("/matches")
    assert waiting.public_id in both.text
    assert done.public_id in both.text
    approved_only = await browser.get("/matches?state=approved")
    assert waiting.public_id not in approved_only.text
    assert done.public_id in approved_only.text
    mine = await browser.get("/matches?waiting=me")
    assert waiting.public_id in mine.text
    assert done.public_id not in mine.text
    by_number = await browser.get(f"/matches?q={done.public_id}")
    assert waiting.public_id not in by_number.text
    for address in (
        "/matches?sort=-due",
        "/matches?sort=state&page=2",
        "/matches?sort=%00&page=x",
    ):
        assert (await browser.get(address)).status_code == 200
    export = await browser.get("/matches?format=csv&state=approved")
    lines = lines_of(export.text)
    assert lines[0].startswith("match,title,requested_by,provider,state")
    assert [line.split(",")[0] for line in lines[1:]] == [done.public_id]


async def test_several_states_at_once(browse: Browse) -> None:
    players = await cast()
    waiting, done = await proposed(players), await approved(players)
    page = await (await browse(players.coordinator)).get("/matches?state=proposed&state=approved")
    assert waiting.public_id in page.text
    assert done.public_id in page.text


async def test_an_empty_list_says_what_it_is_for(browse: Browse) -> None:
    browser = await browse(await people.focal_point())
    assert "No matches here" in (await browser.get("/matches")).text


async def test_sorting_by_status_does_not_tell_one_end_from_another(browse: Browse) -> None:
    """Both sides are shown “ended”: the order must not say which end it was."""
    players = await cast()
    matches = [await accepted(players) for _ in range(4)]
    for number, match in enumerate(sorted(matches, key=lambda match: match.id)):
        if number % 2:
            await actions.decline_by_state(
                match, reason=REASON["reason"], actor=players.focal_point, now=NOW
            )
        else:
            await actions.reject(
                match, reason="rejected_by_approver.risk", actor=players.approver, now=NOW
            )
    for actor in (players.focal_point, players.partner):
        text = (await (await browse(actor)).get("/matches?sort=state&format=csv")).text
        rows = [line.split(",")[0] for line in lines_of(text)[1:]]
        assert rows == [match.public_id for match in sorted(matches, key=lambda m: m.id)]
