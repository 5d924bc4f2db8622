"""From a change in a transaction through the outbox to stored and explained pairings."""

import pytest

from concord import jobs
from concord.actor import Role
from concord.inbox.models import Notice, Task
from concord.offers import actions as offers
from concord.offers.models import OfferSlot
from concord.organizations.states import Verification
from concord.pairings.models import Pairing, Ranking
from concord.requests import actions as requests
from concord.requests.models import Request
from concord.requests.states import Confidentiality, RequestState
from matching.types import FeatureCode
from tests.conftest import NOW, Clock
from tests.factories import offers as offer
from tests.factories import people
from tests.factories import requests as request
from tests.workers.conftest import FAR, asked, ranked, work
from workers.context import Context
from workers.match_jobs import look_for_changes


async def test_an_opened_request_is_ranked_and_explained(context: Context) -> None:
    focal = await people.focal_point("QMM")
    coordinator = await people.coordinator("QMM")
    near, far = await offer.published(), await offer.published(slots=[FAR], title="Something else")
    waiting = await request.in_no_objection()
    await requests.agree_to_circulation(
        waiting, publish=False, version=waiting.version, actor=focal, now=NOW
    )

    await work(context)

    assert await ranked(waiting) == [near.id, far.id]
    first = await Pairing.get(request_id=waiting.id, rank=1)
    assert round(sum(first.components.values()), 6) == first.score
    assert first.components[FeatureCode.TOPIC] > 0
    slot = (await offer.slots_of(near))[0]
    item = (await request.items_of(waiting))[0]
    assert first.lines == [
        {"item": str(item.id), "slot": str(slot.id), "quantity": 20, "unit": "training_places"}
    ]
    run = await Ranking.get(request_id=waiting.id)
    assert (run.considered, run.eligible, run.computed_at) == (2, 2, NOW)
    told = await Notice.filter(person_id=coordinator.person_id, message="request_ranked")
    assert [notice.payload for notice in told] == [{"request": waiting.public_id, "pairings": 2}]
    assert (
        await Task.filter(kind="propose_match", subject_id=waiting.id, closed_at=None).count() == 1
    )


async def test_coordinators_are_told_of_the_first_ranking_alone(
    context: Context, clock: Clock
) -> None:
    coordinator = await people.coordinator("QMM")
    await offer.published()
    one = await request.open_request()
    for _ in range(2):
        await asked(one)
        await work(context)
        clock.forward(seconds=5)
    assert await Notice.filter(person_id=coordinator.person_id).count() == 1
    assert await Task.filter(subject_id=one.id, closed_at=None).count() == 1


async def test_a_published_offer_reaches_every_open_request(context: Context) -> None:
    open_ones = [await request.open_request(), await request.open_request("QNN")]
    waiting = await offer.submitted()
    await offers.publish(waiting, actor=await people.coordinator(), now=NOW)
    await work(context)
    assert [await ranked(one) for one in open_ones] == [[waiting.id], [waiting.id]]


async def test_many_changes_of_offers_are_ranked_once(context: Context) -> None:
    one, other = await request.open_request(), await request.open_request("QNN")
    made = [await offer.published() for _ in range(5)]
    for each in made:
        await jobs.enqueue(jobs.RANK_OFFER, now=NOW, offer_id=each.id)
    await work(context)
    asked_for = await jobs.Outbox.filter(name=jobs.RANK_REQUEST)
    seen = [str(row.payload["request_id"]) for row in asked_for]
    assert sorted(map(str, (one.id, other.id))) == sorted(seen)
    assert sorted(await ranked(one)) == sorted(each.id for each in made)


async def test_a_change_during_a_ranking_is_ranked_again(context: Context) -> None:
    """A row that was begun does not serve what comes after it."""
    one = await request.open_request()
    made = await offer.published()
    await jobs.enqueue(jobs.RANK_OFFER, now=NOW, offer_id=made.id)
    await work(context)
    later = await offer.published()
    await jobs.enqueue(jobs.RANK_OFFER, now=NOW, offer_id=later.id)
    await work(context)
    assert sorted(await ranked(one)) == sorted([made.id, later.id])


async def test_a_withdrawn_offer_leaves_the_list(context: Context) -> None:
    owner = await people.provider()
    admin = await people.partner_admin(owner)
    made = await offer.published(owner)
    one = await request.open_request()
    await asked(one)
    await work(context)
    await offers.mark_withdrawn(made, actor=admin, now=NOW)
    await work(context)
    assert await ranked(one) == []
    assert (await Ranking.get(request_id=one.id)).considered == 0


async def test_capacity_that_was_taken_changes_what_is_suggested(context: Context) -> None:
    made = await offer.published()
    one = await request.open_request()
    await asked(one)
    await work(context)
    await OfferSlot.filter(offer_id=made.id).update(held=15)
    await look_for_changes(context)
    await work(context)
    assert [line["quantity"] for line in (await Pairing.get(request_id=one.id)).lines] == [5]
    await OfferSlot.filter(offer_id=made.id).update(held=20)
    await look_for_changes(context)
    await work(context)
    assert await ranked(one) == []
    assert (await Ranking.get(request_id=one.id)).barred == {"capacity": 1}


async def test_a_suspended_provider_is_not_ranked(context: Context) -> None:
    made = await offer.published()
    one = await request.open_request()
    await asked(one)
    await work(context)
    place = await made.organization
    place.verification = Verification.SUSPENDED
    await place.save()
    await look_for_changes(context)
    await work(context)
    assert await ranked(one) == []


async def test_slots_that_were_retired_are_never_suggested(context: Context) -> None:
    made = await offer.published(slots=[offer.COURSE, FAR])
    await OfferSlot.filter(offer_id=made.id, position=1).update(retired_at=NOW)
    one = await request.open_request()
    await asked(one)
    await work(context)
    kept = await OfferSlot.get(offer_id=made.id, position=2)
    slots = {line["slot"] for row in await Pairing.all() for line in row.lines}
    assert slots <= {str(kept.id)}


async def test_exclusions_of_either_side_bar_a_pairing(context: Context) -> None:
    unwanted = await people.provider()
    await offer.published(unwanted)
    await offer.published(excluded=["QMM"])
    one = await request.open_request(excluded=[unwanted])
    await asked(one)
    await work(context)
    assert await ranked(one) == []
    assert (await Ranking.get(request_id=one.id)).barred == {"excluded": 2}


async def test_a_request_that_is_open_no_longer_keeps_no_pairings(context: Context) -> None:
    await people.coordinator("QMM")
    await offer.published()
    one = await request.open_request()
    await asked(one)
    await work(context)
    await Request.filter(id=one.id).update(state=RequestState.SUSPENDED)
    await asked(one)
    await work(context)
    assert (await ranked(one), await Ranking.filter(request_id=one.id).count()) == ([], 0)
    assert await Task.filter(subject_id=one.id, closed_at=None).count() == 0


async def test_of_a_sealed_request_those_named_hear_alone(context: Context) -> None:
    named, other = await people.coordinator("QMM"), await people.coordinator("QMM")
    approver = await people.approver()
    assert named.person_id
    await offer.published()
    one = await request.open_request(
        confidentiality=Confidentiality.SEALED,
        coordinators=[named.person_id],
        approver=approver.person_id,
    )
    await asked(one)
    await work(context)
    heard = {notice.person_id for notice in await Notice.all()}
    assert heard == {named.person_id}
    assert other.person_id not in heard
    tasks = await Task.filter(subject_id=one.id)
    assert [(task.kind, task.person_id) for task in tasks] == [("propose_match", named.person_id)]


@pytest.mark.slow
async def test_the_role_that_proposes_is_the_coordinators(context: Context) -> None:
    await offer.published()
    one = await request.open_request()
    await asked(one)
    await work(context)
    task = await Task.get(kind="propose_match")
    assert (task.roles, task.state_code) == ([Role.COORDINATOR.value], "QMM")
