"""Who sees which offers, and how much of them."""

import pytest

from concord.actor import PUBLIC, Actor, Role
from concord.errors import NotFound
from concord.offers.models import Offer, OfferSlot
from concord.offers.queries import lock, lock_slots, offer_for, rankable, view_of, visible_to
from concord.offers.states import OfferState
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from tests.factories import offers, people

pytestmark = pytest.mark.usefixtures("database")
_S = OfferState
ONCE_SUBMITTED = {_S.SUBMITTED, _S.RETURNED, _S.PUBLISHED, _S.EXPIRED, _S.WITHDRAWN}


async def one_of_each(place: Organization) -> None:
    """One offer in every state; the withdrawn one had been submitted."""
    for make in (
        offers.draft,
        offers.submitted,
        offers.returned,
        offers.published,
        offers.expired,
        offers.withdrawn,
    ):
        await make(place)


async def seen(actor: Actor) -> set[OfferState]:
    return {offer.state for offer in await visible_to(actor)}


async def test_each_role_sees_exactly_these_states() -> None:
    place = await people.provider()
    await one_of_each(place)

    async def of(role: Role, at: Organization | None = None) -> Actor:
        return await people.actor(await people.member(role, at))

    state = await people.organization()
    found = {
        "public": await seen(PUBLIC),
        "own": await seen(await of(Role.PARTNER_MEMBER, place)),
        "other": await seen(await of(Role.PARTNER_ADMIN, await people.provider())),
        **{
            role.value: await seen(
                await of(role, state if role in {Role.FOCAL_POINT, Role.OBSERVER} else None)
            )
            for role in Role
            if role not in {Role.PARTNER_ADMIN, Role.PARTNER_MEMBER}
        },
    }

    assert found == {
        **{key: {_S.PUBLISHED} for key in found},
        **dict.fromkeys(("coordinator", "approver", "due_diligence", "auditor"), ONCE_SUBMITTED),
        "own": set(_S),
    }


async def test_directed_offer_is_for_its_state_alone() -> None:
    place = await people.provider()
    offer = await offers.published(place, directed="QNN")

    async def sees(actor: Actor) -> bool:
        return await visible_to(actor).filter(id=offer.id).exists()

    assert [
        await sees(await people.focal_point("QNN")),
        await sees(await people.focal_point("QMM")),
        await sees(PUBLIC),
        await sees(await people.partner_admin()),
        await sees(await people.partner_admin(place)),
        await sees(await people.coordinator("QMM")),
    ] == [True, False, False, False, True, True]


async def test_offer_of_a_suspended_provider_leaves_the_list() -> None:
    place = await people.organization(
        OrganizationKind.ACADEMIA, state=None, verification=Verification.SUSPENDED
    )
    offer = await offers.published(place)
    kept = await offers.published()

    assert [one.id for one in await visible_to(PUBLIC)] == [kept.id]
    assert [one.id for one in await rankable()] == [kept.id]
    assert {one.id for one in await visible_to(await people.coordinator())} == {offer.id, kept.id}


async def test_unseen_and_unknown_are_the_same() -> None:
    hidden = await offers.draft()

    for public_id in (hidden.public_id, "OFR-0000-00", "nonsense", "x" * 5000, "'; --"):
        with pytest.raises(NotFound) as refused:
            await offer_for(PUBLIC, public_id)
        assert str(refused.value) == "There is nothing at this address."


async def test_public_id_is_read_as_people_say_it() -> None:
    offer = await offers.published()

    assert (await offer_for(PUBLIC, offer.public_id.lower().replace("-", ""))).id == offer.id


async def test_exclusions_and_counts_reach_the_provider_and_unodc_alone() -> None:
    place = await people.provider()
    offer = await offers.published(place, excluded=["QOO"])
    await OfferSlot.filter(offer_id=offer.id).update(held=3)
    found = await offer_for(PUBLIC, offer.public_id)

    async def shown(actor: Actor) -> tuple[tuple[str, ...] | None, int | None, bool]:
        view = await view_of(actor, found)
        return view.excluded_states, view.slots[0].held, view.steps is None

    nothing = (None, None, True)
    own = (("QOO",), 0, False)  # nobody has asked the provider about what is held
    everything = (("QOO",), 3, False)
    assert await shown(PUBLIC) == nothing
    assert await shown(await people.focal_point("QOO")) == nothing
    assert await shown(await people.focal_point("QMM")) == nothing
    assert await shown(await people.partner_admin()) == nothing
    assert await shown(await people.partner_admin(place)) == own
    assert await shown(await people.coordinator()) == everything
    assert await shown(await people.approver()) == everything
    auditor = await people.actor(await people.member(Role.AUDITOR))
    assert await shown(auditor) == (None, None, False)


async def test_locks_come_in_the_order_of_ids() -> None:
    made = [await offers.published() for _ in range(3)]
    slots = [slot.id for one in made for slot in await offers.slots_of(one)]

    locked = await lock([one.id for one in reversed(made)])

    assert [one.id for one in locked] == sorted(one.id for one in made)
    assert {one.organization.name for one in locked} != set()
    assert [one.id for one in await lock_slots(reversed(slots))] == sorted(slots)
    assert await Offer.all().count() == 3
