"""Pages cost few queries, however much they show."""

import pytest

from concord.actor import Actor
from concord.matches.queries import matches_of_request, visible_to
from tests.conftest import NOW
from tests.counting import counted_queries
from tests.factories import people
from tests.factories.matches import (
    Cast,
    approved,
    cast,
    consented,
    open_request,
    proposed,
)
from tests.matches.conftest import Browse

LIST_QUERIES = 2  # the session with its unread notices, and one page of rows with its total
PAGE_QUERIES = 7  # the session, the match, its parts, and what follows an approval
NOTED = 1  # that somebody else than the State has read the request


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("who", ["focal_point", "partner", "coordinator", "approver"])
async def test_the_list(number: int, who: str, browse: Browse) -> None:
    players = await cast()
    for _ in range(number):
        await consented(players, quantity=1)
    browser = await browse(getattr(players, who))
    await browser.get("/matches")
    with counted_queries() as queries:
        page = await browser.get("/matches")
    assert page.text.count('scope="row"') == number
    assert len(queries) == LIST_QUERIES, queries.statements


@pytest.mark.parametrize("who", ["focal_point", "partner", "coordinator", "approver"])
async def test_the_page_of_a_match(who: str, browse: Browse) -> None:
    players = await cast()
    match = await approved(players)
    browser = await browse(getattr(players, who))
    await browser.get("/matches")
    with counted_queries() as queries:
        page = await browser.get(f"/matches/{match.public_id}")
    assert page.status_code == 200
    noted = 0 if who == "focal_point" else NOTED
    assert len(queries) == PAGE_QUERIES + noted, queries.statements


async def test_unseen_costs_what_unknown_costs(browse: Browse) -> None:
    match = await approved(await cast())
    browser = await browse(await people.focal_point("QZZ"))
    await browser.get("/matches")
    with counted_queries() as unseen:
        await browser.get(f"/matches/{match.public_id}")
    with counted_queries() as unknown:
        await browser.get("/matches/MAT-0000-00")
    assert len(unseen) == len(unknown)


async def seen(actor: Actor) -> int:
    return await visible_to(actor).count()


async def sight(players: Cast) -> dict[str, int]:
    return {
        "state": await seen(players.focal_point),
        "partner": await seen(players.partner),
        "coordinator": await seen(players.coordinator),
        "approver": await seen(players.approver),
        "stranger": await seen(await people.focal_point("QZZ")),
        "other provider": await seen(await people.partner_admin()),
    }


async def test_a_proposal_is_for_the_state_and_unodc(database: None) -> None:
    players = await cast()
    await proposed(players)
    assert await sight(players) == {
        "state": 1,
        "partner": 0,
        "coordinator": 1,
        "approver": 1,
        "stranger": 0,
        "other provider": 0,
    }


async def test_from_consent_on_the_asked_provider_sees_it(database: None) -> None:
    players = await cast()
    match = await consented(players)
    assert (await sight(players))["partner"] == 1
    found = await matches_of_request(players.partner, match.request_id)
    assert [each.public_id for each in found] == [match.public_id]


async def test_a_co_requesting_state_sees_it(database: None) -> None:
    players = await cast()
    other = await people.focal_point("QNN")
    await proposed(players, request=await open_request(co_states=["QNN"]), now=NOW)
    assert await seen(other) == 1
