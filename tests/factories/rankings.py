"""Rankings as the worker stores them, made in the test's own process without a model."""

from concord.pairings.actions import store_ranking
from concord.pairings.profiles import (
    offer_fingerprints,
    offer_profiles,
    request_profile,
    topic_tree,
)
from concord.requests.models import Request
from matching.encoder import LexicalOnly
from matching.ranking import rank
from matching.scoring import Configuration
from matching.types import Ranking
from tests.conftest import NOW


async def ranked(request: Request, *, nearest: bool = False) -> None:
    """Rank against everything that is on offer, and store what was found; `nearest`: as if there
    were very many more."""
    found, considered = await ranking_of(request)
    await store_ranking(request.id, found, considered=considered, nearest=nearest, now=NOW)


async def ranking_of(request: Request) -> tuple[Ranking, int]:
    """The ranking among everything that is on offer, and how many offers that are."""
    profile = await request_profile(request.id)
    assert profile is not None
    offers = await offer_profiles(list(await offer_fingerprints()))
    found = rank(
        [profile],
        offers,
        configuration=Configuration(),
        encoder=LexicalOnly(),
        topics=await topic_tree(),
        today=NOW.date(),
        top=50,
    )[0]
    return found, len(offers)
