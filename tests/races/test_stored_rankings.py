"""A list of several offers is stored while a command locks these offers, in the one order."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextvars import copy_context
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from tortoise.connection import get_connection

from concord.database import transaction
from concord.offers import queries as offers
from concord.pairings.actions import store_ranking
from concord.pairings.models import Pairing
from concord.pairings.storing import Looked, store_rankings
from matching.types import Ranking
from tests.conftest import NOW
from tests.factories import offers as make_offers
from tests.factories import requests as make_requests
from tests.factories.rankings import ranked, ranking_of
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("database")
LATER = NOW.replace(hour=10)
WAITING = """
SELECT count(*) > 0 AS found FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database()
"""


async def alone(found: Sequence[Ranking]) -> None:
    for one in found:
        await store_ranking(UUID(one.request), one, considered=2, now=LATER)


async def together(found: Sequence[Ranking]) -> None:
    await store_rankings([Looked(one, 2) for one in found], now=LATER)


async def somebody_waits() -> bool:
    rows = await get_connection("default").execute_query_dict(WAITING)
    return bool(rows[0]["found"])


@pytest.mark.parametrize("store", [alone, together])
async def test_nobody_waits_in_a_ring(
    store: Callable[[Sequence[Ranking]], Coroutine[Any, Any, None]],
) -> None:
    made = [await make_offers.published() for _ in range(2)]
    first, second = sorted(offer.id for offer in made)
    request = await make_requests.open_request()
    await ranked(request)
    found, _ = await ranking_of(request)
    by_id = {pairing.offer: pairing for pairing in found.pairings}
    turned = replace(found, pairings=(by_id[str(second)], by_id[str(first)]))
    outside, beside = copy_context(), copy_context()
    async with transaction():
        await offers.lock([first])
        storing = asyncio.create_task(store([turned]), context=outside)
        await asyncio.create_task(until(somebody_waits), context=beside)
        await offers.lock([first, second])
    await asyncio.wait_for(storing, 20)
    rows = await Pairing.filter(request_id=request.id).order_by("id").values_list("computed_at")
    assert rows == [(LATER,)] * 2
