"""What the next model is trained on, from proposals as they are made in the product."""

from datetime import timedelta

from concord.accounts.actors import actor_of
from concord.actor import Role
from concord.matches.models import Match
from concord.pairings.teaching import decisions_to_learn
from concord.portfolio.models import PortfolioRun
from concord.requests.models import Request
from tests.conftest import NOW, SignIn
from tests.factories import people
from tests.factories.decisions import proposed
from tests.portfolio.solving import pairs, rivals, solved


async def outcomes(request: Request) -> list[str]:
    found = await decisions_to_learn("lexical")
    return [
        each.outcome.value
        for one in found.lists
        if one.request == str(request.id)
        for each in one.offers
    ]


async def test_a_portfolio_skips_nothing_and_a_person_does(sign_in: SignIn) -> None:
    """The plan gives the second of the list, because the first serves another request; that is
    known when the plan itself is long gone."""
    flexible, _ = await rivals()
    seat = await people.member(Role.COORDINATOR, states=("QMM",))
    browser = await sign_in(seat)
    await browser.get(f"/requests/{flexible.public_id}/pairings")
    run = await solved(await actor_of(seat))
    data = {"propose": sorted(pairs(run)), "no_conflict": "yes"}
    assert (await browser.post(f"/portfolio/{run.id}/proposals", data=data)).status_code == 303
    await PortfolioRun.all().delete()
    await Match.all().update(told_at=NOW)
    second = await Match.get(request_id=flexible.id)
    assert await outcomes(flexible) == ["proposed"]
    await Match.all().delete()
    later = NOW + timedelta(minutes=5)
    await proposed(flexible, str(second.offer_id), by=await actor_of(seat), at=later)
    assert await outcomes(flexible) == ["skipped", "proposed"]
