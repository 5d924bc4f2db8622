"""How many candidates the workbench shows, and what stands for a pair that is a match."""

from concord.actor import Role
from tests.conftest import SignIn
from tests.factories import matches, offers, people, requests
from tests.factories.rankings import ranked


async def test_a_pair_that_has_a_match_shows_it_instead(sign_in: SignIn) -> None:
    players = await matches.cast()
    given = await matches.offered(players.provider)
    opened = await matches.open_request()
    await ranked(opened)
    made = await matches.proposed(players, request=opened, offer=given)
    page = (await (await sign_in(await people.member(Role.COORDINATOR))).get("/workbench")).text
    assert f'href="/matches/{made.public_id}"' in page
    assert 'name="no_conflict"' not in page


async def test_the_best_ten_come_first_and_the_others_on_demand(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    for _ in range(12):
        await offers.published()
    opened = await requests.open_request()
    await ranked(opened)
    page = await browser.get(f"/requests/{opened.public_id}/pairings")
    assert page.text.count("data-pairing") == 10
    whole = await browser.get(f"/requests/{opened.public_id}/pairings?more=yes")
    assert whole.text.count("data-pairing") == 12
    assert ("Show more" in page.text, "Show more" in whole.text) == (True, False)
