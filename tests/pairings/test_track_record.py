"""What a provider delivered before: what counts, for which offers, and that it is noted."""

import pytest

from concord.actor import Role
from concord.database import APP_ROLE, WORKER_ROLE, transaction, visit
from concord.deliveries import actions, clocks
from concord.matches.models import Match
from concord.offers.models import Offer
from concord.pairings.changes import changes_since, present_mark
from concord.pairings.profiles import offer_fingerprints, offer_profiles
from concord.requests.models import Request
from concord.requests.states import Confidentiality
from tests.factories import offers as offer
from tests.factories.deliveries import (
    confirmed_delivery,
    day,
    disputed_delivery,
    match_in_delivery,
    reported_delivery,
)
from tests.factories.matches import Cast, cast, open_request

pytestmark = pytest.mark.usefixtures("database")
OTHER = ("PRE.01", "training_course", 20, "training_places")


async def record(one: Offer) -> int:
    found = await offer_profiles([str(one.id)])
    return found[0].track_record


async def fingerprint(one: Offer) -> str:
    known = await offer_fingerprints()
    assert await offer_fingerprints([str(one.id)]) == {str(one.id): known[str(one.id)]}
    return known[str(one.id)]


async def test_a_states_word_counts_for_offers_of_the_topic() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    same = await offer.published(players.provider)
    other = await offer.published(players.provider, slots=[OTHER])
    strange = await offer.published()
    await reported_delivery(players, match, quantity=4)
    before = [await fingerprint(each) for each in (same, other, strange)]
    assert [await record(each) for each in (same, other, strange)] == [0, 0, 0]
    mark = await present_mark()
    await confirmed_delivery(players, match, quantity=3)
    assert [await record(each) for each in (same, other, strange)] == [1, 0, 0]
    assert await record(await Offer.get(id=match.offer_id)) == 1
    after = [await fingerprint(each) for each in (same, other, strange)]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True]
    noted = set((await changes_since(mark)).offers)
    assert noted >= {str(same.id), str(match.offer_id)}
    assert noted & {str(other.id), str(strange.id)} == set()


async def test_a_delivery_in_two_offered_topics_counts_once() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    await confirmed_delivery(players, match)
    several = await offer.published(players.provider, slots=[offer.COURSE, OTHER, offer.COURSE])
    assert await record(several) == 1


async def test_silence_does_not_count_until_the_state_speaks() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match)
    assert delivery.due_at is not None
    await clocks.run(delivery.due_at)
    offered = await Offer.get(id=match.offer_id)
    assert await record(offered) == 0
    before, mark = await fingerprint(offered), await present_mark()
    await actions.acknowledge(delivery, actor=players.focal_point, now=day(days=90))
    assert await record(offered) == 1
    assert await fingerprint(offered) != before
    assert str(offered.id) in (await changes_since(mark)).offers


async def test_what_is_disputed_does_not_count() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    await disputed_delivery(players, match)
    assert await record(await Offer.get(id=match.offer_id)) == 0


async def delivered_under(players: Cast, confidentiality: Confidentiality) -> Match:
    named = [(players.coordinator, Role.COORDINATOR), (players.approver, Role.APPROVER)]
    request = await open_request(confidentiality=confidentiality, assigned=named)
    match = await match_in_delivery(players, request=request)
    await confirmed_delivery(players, match)
    return match


@pytest.mark.parametrize("confidentiality", list(Confidentiality))
async def test_nothing_of_restricted_and_sealed_requests_is_told(
    confidentiality: Confidentiality,
) -> None:
    players = await cast()
    match = await delivered_under(players, confidentiality)
    circulates = confidentiality in {Confidentiality.PUBLIC, Confidentiality.PARTNERS}
    assert await record(await Offer.get(id=match.offer_id)) == int(circulates)


async def test_a_request_that_is_closed_to_others_takes_its_deliveries_along() -> None:
    players = await cast()
    match = await delivered_under(players, Confidentiality.PARTNERS)
    offered = await Offer.get(id=match.offer_id)
    before, mark = await fingerprint(offered), await present_mark()
    await Request.filter(id=match.request_id).update(confidentiality=Confidentiality.RESTRICTED)
    assert await record(offered) == 0
    assert await fingerprint(offered) != before
    assert str(offered.id) in (await changes_since(mark)).offers


async def test_the_worker_reads_it_and_pages_do_not() -> None:
    players = await cast()
    match = await delivered_under(players, Confidentiality.PARTNERS)
    offered = await Offer.get(id=match.offer_id)
    async with transaction() as connection:
        await connection.execute_query(f"SET LOCAL ROLE {WORKER_ROLE}")
        assert await record(offered) == 1
    async with visit(players.coordinator) as connection:
        await connection.execute_query(f"SET LOCAL ROLE {APP_ROLE}")
        assert await connection.execute_query_dict("SELECT * FROM track_record") == []
