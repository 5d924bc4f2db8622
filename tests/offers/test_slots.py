"""Slots that match lines point to: what is live stays, what has ended is retired."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from concord.errors import Conflict
from concord.matches.models import Match, MatchLine
from concord.offers.actions import change_scope
from concord.offers.models import Offer, OfferSlot
from concord.offers.queries import lock_slots, slots_in_lines, values_of, view_of
from concord.offers.values import OfferValues
from concord.organizations.models import Organization
from concord.reference.identifiers import new_public_id
from concord.requests.models import Request, RequestItem
from tests.conftest import NOW
from tests.factories import offers, people

pytestmark = pytest.mark.usefixtures("database")
LEARNING = ("INV.02", "e_learning", None, "unlimited")


async def in_a_match(offer: Offer, slot: OfferSlot, *, live: bool) -> None:
    request = await Request.create(
        public_id=new_public_id("REQ"), lead_state_id="QMM", state_since=NOW, scope_changed_at=NOW
    )
    item = await RequestItem.create(
        request=request, position=1, topic_id="INV.02", modality_id="e_learning", quantity=1
    )
    match = await Match.create(
        public_id=new_public_id("MAT"),
        request=request,
        offer=offer,
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 3, 5),
        state_since=NOW,
        scope_changed_at=NOW,
        proposed_by_id=uuid4(),
        proposed_at=NOW,
    )
    await MatchLine.create(
        match=match,
        item=item,
        slot=slot,
        item_quantity=1,
        slot_quantity=1,
        undertaking_id=uuid4(),
        status="held" if live else "released",
        live=live,
    )


async def changed(offer: Offer, place: Organization, values: OfferValues) -> bool:
    return await change_scope(
        offer, values, version=1, actor=await people.partner_admin(place), now=NOW
    )


async def test_unlimited_line_in_a_live_match_stays() -> None:
    place = await people.provider()
    offer = await offers.published(place, slots=[offers.COURSE, LEARNING])
    slot = (await offers.slots_of(offer))[1]
    await in_a_match(offer, slot, live=True)
    values = await values_of(offer)

    assert await slots_in_lines(offer.id, live=True) == {slot.id}
    with pytest.raises(Conflict, match="Line 2 is in a match"):
        await changed(offer, place, replace(values, slots=values.slots[:1]))


async def test_line_of_an_ended_match_is_retired_and_its_number_not_given_again() -> None:
    place = await people.provider()
    offer = await offers.published(place, slots=[offers.COURSE, LEARNING])
    slot = (await offers.slots_of(offer))[1]
    await in_a_match(offer, slot, live=False)
    values = await values_of(offer)

    assert await changed(offer, place, replace(values, slots=values.slots[:1]))

    retired = (await lock_slots([slot.id]))[0]
    admin = await people.partner_admin(place)
    assert (retired.retired_at, retired.version) == (NOW, 2)
    assert [one.position for one in (await view_of(admin, offer)).slots] == [1]
    assert (await values_of(offer)).slots == values.slots[:1]

    await Offer.filter(id=offer.id).update(state="published", version=1)
    assert await changed(offer, place, values)
    assert [one.position for one in await offers.slots_of(offer)] == [1, 2, 3]
    assert [one.position for one in (await values_of(offer)).slots] == [1, 3]
