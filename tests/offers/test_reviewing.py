"""From a draft to the public list and back to its provider."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from concord.actor import Role
from concord.errors import Conflict, InvalidInput, NotAllowed, StaleVersion
from concord.offers.actions import publish, return_, submit
from concord.offers.models import Offer
from concord.offers.states import OfferState
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from tests.conftest import NOW
from tests.factories import offers, people
from tests.offers.reading import asked_of_workers, audited, steps_of, told, waiting

pytestmark = pytest.mark.usefixtures("database")
REVIEW_ENDS = datetime(2027, 1, 25, 23, 59, 59, tzinfo=UTC)


async def test_submitting_asks_the_coordinators() -> None:
    place = await people.provider()
    admin, coordinator = await people.partner_admin(place), await people.coordinator("QNN")
    offer = await offers.draft(place)

    found = await submit(offer, version=1, actor=admin, now=NOW)

    assert (found.state, found.due_at, found.version) == (OfferState.SUBMITTED, REVIEW_ENDS, 2)
    assert await told() == {("offer_submitted", coordinator.person_id)}
    assert await waiting(offer) == {("review_offer", "coordinator", None)}
    assert await asked_of_workers() == [("check_duplicates", str(offer.id))]
    assert await steps_of(offer) == [("submit", "draft", "submitted")]
    assert await audited() == ["offer.submit"]


async def test_submitting_says_everything_that_is_missing() -> None:
    place = await people.provider()
    offer = await offers.draft(
        place,
        title="",
        description="",
        delivery_languages=[],
        ends_on=date(2027, 1, 10),
        starts_on=None,
        slots=[("INV.02", "training_course", None, None)],
    )

    with pytest.raises(InvalidInput) as refused:
        await submit(offer, actor=await people.partner_admin(place), now=NOW)

    assert set(refused.value.fields) == {
        "title",
        "description",
        "delivery_languages",
        "ends_on",
        "slot-1-unit",
        "slot-1-capacity",
    }
    assert await Offer.get(id=offer.id) == offer
    assert (await Offer.get(id=offer.id)).state is OfferState.DRAFT


async def test_submitting_needs_something_to_give() -> None:
    place = await people.provider()
    offer = await offers.draft(place, slots=[])

    with pytest.raises(InvalidInput) as refused:
        await submit(offer, actor=await people.partner_admin(place), now=NOW)

    assert list(refused.value.fields) == ["slots"]


@pytest.mark.parametrize(
    ("kind", "verification"),
    [
        (OrganizationKind.PRIVATE_SECTOR, Verification.REGISTERED),
        (OrganizationKind.CIVIL_SOCIETY, Verification.SCREENING),
        (OrganizationKind.ACADEMIA, Verification.EXPIRED),
        (OrganizationKind.ACADEMIA, Verification.SUSPENDED),
        (OrganizationKind.INTERGOVERNMENTAL, Verification.REGISTERED),
    ],
)
async def test_unverified_providers_wait(
    kind: OrganizationKind, verification: Verification
) -> None:
    place = await people.organization(kind, state=None, verification=verification)
    offer = await offers.draft(place)

    with pytest.raises(Conflict):
        await submit(offer, actor=await people.partner_admin(place), now=NOW)

    assert await asked_of_workers() == []


async def test_verification_is_read_again_inside_the_transaction() -> None:
    place = await people.provider()
    admin, offer = await people.partner_admin(place), await offers.draft(place)
    await Organization.filter(id=place.id).update(verification=Verification.SUSPENDED)

    with pytest.raises(Conflict):
        await submit(offer, actor=replace(admin, organization_verified=True), now=NOW)


async def test_state_offers_as_a_provider() -> None:
    place = await people.organization(OrganizationKind.STATE, state="QMM")
    offer = await offers.draft(place)

    found = await submit(offer, actor=await people.partner_admin(place), now=NOW)

    assert found.state is OfferState.SUBMITTED


async def test_member_may_not_submit_and_nobody_twice() -> None:
    place = await people.provider()
    admin = await people.partner_admin(place)
    member = await people.actor(await people.member(Role.PARTNER_MEMBER, place))
    offer = await offers.draft(place)

    with pytest.raises(NotAllowed):
        await submit(offer, actor=member, now=NOW)
    await submit(offer, actor=admin, now=NOW)
    with pytest.raises(Conflict):
        await submit(offer, actor=admin, now=NOW)


async def test_publishing_puts_it_on_offer_for_a_year() -> None:
    place = await people.provider()
    admin, coordinator = await people.partner_admin(place), await people.coordinator()
    offer = await offers.draft(place)
    await submit(offer, actor=admin, now=NOW)

    found = await publish(offer, version=2, actor=coordinator, now=NOW)

    year_later = datetime(2028, 1, 11, 9, 0, tzinfo=UTC)
    assert (found.state, found.published_at, found.expires_at) == (
        OfferState.PUBLISHED,
        NOW,
        year_later,
    )
    assert ("offer_published", admin.person_id) in await told()
    assert await waiting(offer) == set()
    assert (await asked_of_workers())[1:] == [("rank_offer", str(offer.id))]
    assert (await steps_of(offer))[1:] == [("publish", "submitted", "published")]
    assert await audited() == ["offer.submit", "offer.publish"]


async def test_publishing_is_refused_for_a_provider_without_standing() -> None:
    place = await people.organization(
        OrganizationKind.ACADEMIA, state=None, verification=Verification.SUSPENDED
    )
    offer = await offers.submitted(place)

    with pytest.raises(Conflict):
        await publish(offer, actor=await people.coordinator(), now=NOW)


async def test_publishing_needs_a_coordinator_and_the_version_that_was_read() -> None:
    offer = await offers.submitted()

    with pytest.raises(NotAllowed):
        await publish(offer, actor=await people.approver(), now=NOW)
    with pytest.raises(StaleVersion):
        await publish(offer, version=7, actor=await people.coordinator(), now=NOW)
    assert (await Offer.get(id=offer.id)).state is OfferState.SUBMITTED


async def test_returning_names_reasons_and_asks_the_provider() -> None:
    place = await people.provider()
    admin = await people.partner_admin(place)
    offer = await offers.submitted(place)
    reasons = ["offer_returned.incomplete", "offer_returned.promotional"]

    found = await return_(
        offer, reasons=reasons, note="Which dates?", actor=await people.coordinator(), now=NOW
    )

    step = await found.steps.all().first()
    assert (found.state, found.due_at) == (OfferState.RETURNED, None)
    assert step is not None
    assert (step.reasons, step.note) == (reasons, "Which dates?")
    assert await told() == {("offer_returned", admin.person_id)}
    assert await waiting(offer) == {("revise_offer", "partner_admin,partner_member", place.id)}

    await submit(offer, actor=admin, now=NOW)
    assert await waiting(offer) == {("review_offer", "coordinator", None)}


@pytest.mark.parametrize("reasons", [[], ["cancelled.security"], ["offer_returned.nonsense"]])
async def test_returning_needs_reasons_of_the_list(reasons: list[str]) -> None:
    offer = await offers.submitted()

    with pytest.raises(InvalidInput) as refused:
        await return_(offer, reasons=reasons, actor=await people.coordinator(), now=NOW)

    assert list(refused.value.fields) == ["reasons"]
