"""A published offer: changed, confirmed again, expired, withdrawn; capacity under matches."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from concord.actor import Role
from concord.errors import Conflict, InvalidInput, NotAllowed, StaleVersion
from concord.offers import clocks
from concord.offers.actions import change_scope, mark_expired, mark_withdrawn, reconfirm
from concord.offers.models import Offer, OfferSlot
from concord.offers.queries import values_of
from concord.offers.states import OfferState
from tests.conftest import NOW
from tests.factories import offers, people
from tests.offers.reading import asked_of_workers, audited, steps_of, told, waiting

pytestmark = pytest.mark.usefixtures("database")
SOON = NOW + timedelta(days=30)


async def test_changed_text_stays_published() -> None:
    place = await people.provider()
    offer = await offers.published(place)
    values = replace(await values_of(offer), title="Another title", tags=("EVD.02",))

    changed = await change_scope(
        offer, values, version=1, actor=await people.partner_admin(place), now=NOW
    )

    found = await Offer.get(id=offer.id)
    assert (changed, found.state, found.title, found.version) == (
        False,
        OfferState.PUBLISHED,
        "Another title",
        2,
    )
    assert found.scope_changed_at == NOW
    assert await audited() == ["offer.edit"]
    assert await told() == set()


async def test_changed_scope_is_reviewed_again() -> None:
    place = await people.provider()
    admin, coordinator = await people.partner_admin(place), await people.coordinator()
    member = await people.actor(await people.member(Role.PARTNER_MEMBER, place))
    offer = await offers.published(place, created_by_id=member.person_id)
    values = replace(await values_of(offer), excluded_states=("QNN",))
    later = NOW + timedelta(days=3)

    changed = await change_scope(offer, values, version=1, actor=admin, now=later)

    found = await Offer.get(id=offer.id)
    assert (changed, found.state, found.scope_changed_at) == (True, OfferState.SUBMITTED, later)
    assert await values_of(found) == values
    assert await told() == {
        ("offer_submitted", coordinator.person_id),
        ("offer_review_waits", member.person_id),
    }
    assert await waiting(offer) == {("review_offer", "coordinator", None)}
    assert [name for name, _ in await asked_of_workers()] == ["rank_offer", "check_duplicates"]
    assert await steps_of(offer) == [("change_scope", "published", "submitted")]


async def test_order_of_languages_is_no_change_of_scope() -> None:
    place = await people.provider()
    offer = await offers.published(place, delivery_languages=["en", "fr"])
    values = replace(await values_of(offer), delivery_languages=("fr", "en"))

    assert not await change_scope(
        offer, values, version=1, actor=await people.partner_admin(place), now=NOW
    )


async def test_capacity_never_falls_below_what_is_taken() -> None:
    place = await people.provider()
    offer = await offers.published(place)
    await OfferSlot.filter(offer_id=offer.id).update(held=3, reserved=4, delivered=5)
    admin, values = await people.partner_admin(place), await values_of(offer)

    async def lowered(capacity: int) -> bool:
        slots = (replace(values.slots[0], capacity=capacity),)
        changed = replace(values, slots=slots)
        return await change_scope(offer, changed, version=1, actor=admin, now=NOW)

    with pytest.raises(Conflict, match="taken 12 of line 1"):
        await lowered(11)
    assert await lowered(12)
    assert [slot.capacity for slot in await offers.slots_of(offer)] == [12]


async def test_line_in_a_match_keeps_topic_and_unit_and_stays() -> None:
    place = await people.provider()
    offer = await offers.published(place)
    await OfferSlot.filter(offer_id=offer.id).update(held=1)
    admin, values = await people.partner_admin(place), await values_of(offer)
    slot = values.slots[0]
    other = replace(slot, position=2)

    for slots in ((replace(slot, topic="INV.01"),), (replace(slot, unit="missions"),), (other,)):
        with pytest.raises(Conflict, match="Line 1 is in a match"):
            await change_scope(
                offer, replace(values, slots=slots), version=1, actor=admin, now=NOW
            )
    assert await values_of(offer) == values


async def test_change_is_as_complete_as_a_submission() -> None:
    place = await people.provider()
    offer = await offers.published(place)
    values = replace(await values_of(offer), slots=())

    with pytest.raises(InvalidInput) as refused:
        await change_scope(
            offer, values, version=1, actor=await people.partner_admin(place), now=NOW
        )

    assert list(refused.value.fields) == ["slots"]


async def test_change_needs_the_provider_the_version_and_a_published_offer() -> None:
    place = await people.provider()
    offer, waits = await offers.published(place), await offers.submitted(place)
    admin, values = await people.partner_admin(place), await values_of(offer)

    with pytest.raises(NotAllowed):
        await change_scope(offer, values, version=1, actor=await people.partner_admin(), now=NOW)
    with pytest.raises(StaleVersion):
        await change_scope(offer, values, version=4, actor=admin, now=NOW)
    with pytest.raises(Conflict):
        await change_scope(waits, values, version=1, actor=admin, now=NOW)


async def test_reconfirming_brings_an_expired_offer_back_for_a_year() -> None:
    place = await people.provider()
    offer = await offers.expired(place)

    found = await reconfirm(offer, version=1, actor=await people.partner_admin(place), now=NOW)

    assert (found.state, found.expires_at) == (
        OfferState.PUBLISHED,
        datetime(2028, 1, 11, 9, 0, tzinfo=UTC),
    )
    assert await steps_of(offer) == [("reconfirm", "expired", "published")]
    assert await asked_of_workers() == [("rank_offer", str(offer.id))]


async def test_withdrawing_ends_it_for_good() -> None:
    place = await people.provider()
    admin, coordinator = await people.partner_admin(place), await people.coordinator()
    offer = await offers.published(place)

    found = await mark_withdrawn(offer, actor=admin, note="Funds ended", now=NOW)

    assert (found.state, found.due_at) == (OfferState.WITHDRAWN, None)
    assert await told() == {("offer_withdrawn_to_coordinators", coordinator.person_id)}
    assert await asked_of_workers() == [("rank_offer", str(offer.id))]
    with pytest.raises(Conflict):
        await mark_withdrawn(found, actor=admin, now=NOW)


async def test_withdrawn_draft_is_told_to_nobody_at_unodc() -> None:
    place = await people.provider()
    admin = await people.partner_admin(place)
    await people.coordinator()
    offer = await offers.draft(place)

    await mark_withdrawn(offer, actor=admin, now=NOW)

    assert await told() == set()
    assert await asked_of_workers() == []


async def test_clock_reminds_once_thirty_days_before() -> None:
    place = await people.provider()
    admin = await people.partner_admin(place)
    offer = await offers.published(place, expires_at=SOON)
    await offers.published(place, expires_at=SOON + timedelta(seconds=1))

    assert [await clocks.run(NOW), await clocks.run(NOW)] == [1, 0]

    assert await told() == {("offer_reconfirm_due", admin.person_id)}
    assert await waiting(offer) == {("reconfirm_offer", "partner_admin", place.id)}
    await reconfirm(offer, actor=admin, now=NOW)
    assert await waiting(offer) == set()


async def test_clock_expires_at_the_end_of_the_year() -> None:
    place = await people.provider()
    admin = await people.partner_admin(place)
    offer = await offers.published(place, expires_at=NOW)
    await offers.published(place, expires_at=NOW + timedelta(days=31))
    await offers.withdrawn(place, expires_at=NOW)

    assert [await clocks.run(NOW), await clocks.run(NOW)] == [1, 0]

    found = await Offer.get(id=offer.id)
    assert (found.state, found.due_at) == (OfferState.EXPIRED, None)
    assert await told() == {("offer_expired", admin.person_id)}
    assert await asked_of_workers() == [("rank_offer", str(offer.id))]
    assert await audited() == ["offer.expire"]


async def test_expiry_needs_a_published_offer() -> None:
    with pytest.raises(Conflict):
        await mark_expired(await offers.draft(), now=NOW)


async def test_dates_that_are_over_need_a_new_end() -> None:
    place = await people.provider()
    offer = await offers.published(place, starts_on=None, ends_on=date(2027, 1, 10))
    values = await values_of(offer)

    with pytest.raises(InvalidInput):
        await change_scope(
            offer, values, version=1, actor=await people.partner_admin(place), now=NOW
        )
