"""Changes are seen by every worker, and weighed once."""

from datetime import timedelta

import asyncpg

from concord import jobs
from concord.database import credentials
from concord.offers.models import Offer, OfferSlot
from concord.pairings.changes import (
    changes_since,
    note_changes,
    present_mark,
    prune_changes,
    settle,
    take_waiting,
)
from concord.pairings.models import Ranking
from concord.requests.models import Request
from tests.factories import offers as offer
from tests.factories import requests as request
from tests.workers.conftest import FAR, asked, ranked, work
from workers.context import Context
from workers.match_jobs import look_for_changes, weigh_changes

MINUTE = timedelta(minutes=1)


async def drain() -> list[str]:
    """Every change that waits, settled."""
    waiting = await take_waiting(lease=MINUTE)
    await settle(waiting)
    return sorted({change.offer for change in waiting})


async def test_what_is_committed_late_is_not_passed_over(
    database: None, database_url: str
) -> None:
    """A transaction that began before another one was seen, and ended after it."""
    slow, quick = await offer.published(), await offer.published()
    other = await asyncpg.connect(**credentials(database_url))
    try:
        running = other.transaction()
        await running.start()
        await other.execute("UPDATE offer SET title = 'Slow' WHERE id = $1", slow.id)
        mark = await present_mark()
        await Offer.filter(id=quick.id).update(title="Quick")
        seen = await changes_since(mark)
        assert str(quick.id) in seen.offers
        await running.commit()
    finally:
        await other.close()
    assert str(slow.id) in (await changes_since(seen.mark)).offers


async def test_every_part_of_a_record_counts(database: None) -> None:
    """What is older may be named again while any transaction of the cluster is open."""
    made = await offer.published()
    one = await request.open_request()
    mark = await present_mark()
    await OfferSlot.filter(offer_id=made.id).update(held=1)
    found = await changes_since(mark)
    assert str(made.id) in found.offers
    place = await made.organization
    place.name = "Another name"
    await place.save()
    assert str(made.id) in (await changes_since(found.mark)).offers
    mark = await present_mark()
    await one.items.all().update(reserved=1)
    assert str(one.id) in (await changes_since(mark)).requests


async def test_a_draft_concerns_nobody(database: None) -> None:
    mark = await present_mark()
    made = await offer.draft()
    await Offer.filter(id=made.id).update(title="Another title")
    waiting = (await changes_since(mark)).offers
    assert set(waiting) <= {str(made.id)}  # its slots alone


async def test_a_change_is_weighed_once_unless_its_worker_died(context: Context) -> None:
    made = await offer.published()
    first = await take_waiting(lease=timedelta(0))
    assert {change.offer for change in first} == {str(made.id)}
    again = await take_waiting(lease=MINUTE)  # the lease is over
    assert {change.offer for change in again} == {str(made.id)}
    assert await take_waiting(lease=MINUTE) == []
    await settle(again)
    assert await take_waiting(lease=timedelta(0)) == []
    await prune_changes(older_than=timedelta(0))
    await note_changes([str(made.id)])
    assert await drain() == [str(made.id)]


async def test_only_lists_that_an_offer_can_enter_or_leave_are_ranked(context: Context) -> None:
    made = await offer.published()
    one, other = await request.open_request(), await request.open_request("QNN")
    for each in (one, other):
        await asked(each)
    await work(context)
    await jobs.Outbox.all().delete()
    await drain()
    await Ranking.filter(request_id=other.id).update(cutoff=0.99)  # a full list of good ones
    newcomer = await offer.published()
    await jobs.enqueue(jobs.RANK_OFFER, now=context.clock(), offer_id=newcomer.id)
    await work(context)
    assert sorted(await ranked(one)) == sorted([made.id, newcomer.id])
    assert await ranked(other) == [made.id]
    await Offer.filter(id=made.id).update(state="withdrawn")
    await look_for_changes(context)
    await work(context)
    assert [await ranked(each) for each in (one, other)] == [[newcomer.id], [newcomer.id]]


async def test_a_request_that_closed_is_tried_no_more(context: Context) -> None:
    one = await request.open_request()
    await look_for_changes(context)
    await Request.filter(id=one.id).update(state="suspended")
    await offer.published(slots=[FAR])
    await weigh_changes(context)
    assert await jobs.Outbox.filter(name=jobs.RANK_REQUEST).count() == 0
