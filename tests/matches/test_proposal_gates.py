"""What stands in the way of a proposal."""

from datetime import date
from typing import Any

import pytest

from concord.duplicates.models import DuplicateFlag
from concord.errors import Conflict, InvalidInput
from concord.jobs import Outbox
from concord.matches import actions
from concord.matches.models import Match
from concord.matches.values import LineDraft
from concord.offers.models import Offer, OfferExclusion
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from concord.requests.models import Request, RequestExclusion
from concord.requests.states import RequestState
from tests.conftest import NOW
from tests.factories.matches import (
    FIRST,
    LAST,
    cast,
    items_of,
    offered,
    open_request,
    proposed,
    slots_of,
)

pytestmark = pytest.mark.usefixtures("database")


async def close(request: Request, offer: Offer) -> None:
    await Request.filter(id=request.id).update(state=RequestState.CLOSED)


async def meet(request: Request, offer: Offer) -> None:
    await Request.filter(id=request.id).update(state=RequestState.MET)


async def unpublish(request: Request, offer: Offer) -> None:
    await Offer.filter(id=offer.id).update(state="submitted")


async def expire(request: Request, offer: Offer) -> None:
    await Offer.filter(id=offer.id).update(expires_at=NOW)


async def direct_elsewhere(request: Request, offer: Offer) -> None:
    await Offer.filter(id=offer.id).update(directed_state_id="QZZ")


async def exclude_state(request: Request, offer: Offer) -> None:
    await OfferExclusion.create(offer=offer, state_id="QMM")


async def exclude_provider(request: Request, offer: Offer) -> None:
    await RequestExclusion.create(request=request, organization_id=offer.organization_id)


async def unverify(request: Request, offer: Offer) -> None:
    await Organization.filter(id=offer.organization_id).update(verification=Verification.EXPIRED)


async def outdate(request: Request, offer: Offer) -> None:
    await Organization.filter(id=offer.organization_id).update(verified_until=NOW)


async def own_offer(request: Request, offer: Offer) -> None:
    await Organization.filter(id=offer.organization_id).update(
        kind=OrganizationKind.STATE, state_id="QMM"
    )


async def flag_duplicate(request: Request, offer: Offer) -> None:
    twin = await open_request()
    await DuplicateFlag.create(
        kind="request_request",
        left_id=request.id,
        right_id=twin.id,
        score=0.9,
        verdict="likely",
    )


@pytest.mark.parametrize(
    "spoil",
    [
        close,
        meet,
        unpublish,
        expire,
        direct_elsewhere,
        exclude_state,
        exclude_provider,
        unverify,
        outdate,
        own_offer,
        flag_duplicate,
    ],
)
async def test_a_gate_that_fails_refuses_and_writes_nothing(spoil: Any) -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    await spoil(request, offer)
    with pytest.raises(Conflict):
        await proposed(players, request=request, offer=offer)
    assert (await Match.all().count(), await Outbox.all().count()) == (0, 0)
    assert (await slots_of(offer))[0].held == 0


async def test_an_answered_duplicate_does_not_stand_in_the_way() -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    await flag_duplicate(request, offer)
    await DuplicateFlag.all().update(answer="different", answered_at=NOW)
    assert (await proposed(players, request=request, offer=offer)).public_id.startswith("MAT-")


async def test_it_declares_no_conflict_of_interest() -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    item, slot = (await items_of(request))[0], (await slots_of(offer))[0]
    with pytest.raises(InvalidInput) as refused:
        await actions.propose(
            request,
            offer,
            lines=[LineDraft(item.id, slot.id, 1, 1)],
            starts_on=FIRST,
            ends_on=LAST,
            data_shared=(),
            no_conflict=False,
            actor=players.coordinator,
            now=NOW,
        )
    assert set(refused.value.fields) == {"no_conflict"}


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ((date(2027, 3, 5), date(2027, 3, 1)), "ends_on"),
        ((date(2026, 3, 1), date(2026, 3, 5)), "ends_on"),
        ((date(2027, 1, 20), date(2027, 3, 1)), "starts_on"),
        ((date(2027, 12, 1), date(2028, 1, 5)), "starts_on"),
    ],
)
async def test_dates_that_do_not_fit(dates: tuple[date, date], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await proposed(await cast(), dates=dates)
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ("slot", "quantities", "field"),
    [
        (("INV.02", "workshop", 20, "training_places"), (5, 5), "slot"),
        (("POL.05", "training_course", 20, "training_places"), (5, 5), "slot"),
        (("INV.02", "training_course", 20, "training_places"), (21, 20), "item_quantity"),
        (("INV.02", "training_course", 20, "training_places"), (5, 4), "ratio_reason"),
        (("INV.02", "training_course", 20, "expert_days"), (5, 5), "ratio_reason"),
        (("INV.02", "training_course", 4, "training_places"), (5, 5), "slot_quantity"),
    ],
)
async def test_lines_that_do_not_fit(
    slot: tuple[str, str, int, str], quantities: tuple[int, int], field: str
) -> None:
    players = await cast()
    request, offer = await open_request(), await offered(players.provider, slots=[slot])
    item, given = (await items_of(request))[0], (await slots_of(offer))[0]
    with pytest.raises(InvalidInput) as refused:
        await proposed(
            players,
            request=request,
            offer=offer,
            lines=[LineDraft(item.id, given.id, *quantities)],
        )
    assert set(refused.value.fields) == {f"line-0-{field}"}
