"""Drafts: what may be kept, what is refused, and what a file brings."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from concord.actor import PUBLIC, Role
from concord.errors import Conflict, InvalidInput, NotAllowed, StaleVersion
from concord.offers.actions import create_draft, import_offer, save
from concord.offers.models import Offer
from concord.offers.queries import values_of
from concord.offers.states import Funding, OfferState
from concord.offers.values import OfferValues, SlotValues
from tests.conftest import NOW
from tests.factories import offers, people
from tests.offers.reading import audited

pytestmark = pytest.mark.usefixtures("database")
COURSE = SlotValues(
    position=1,
    topic="INV.02",
    modality="training_course",
    capacity=20,
    unit="training_places",
    funding=Funding.FULL,
)
WHOLE = OfferValues(
    title="Cours des premiers intervenants",
    description="Cinq jours.",
    language="fr",
    conditions="Le voyage reste à financer.",
    delivery_languages=("fr", "en"),
    regions=("Africa", "Southern Asia"),
    tags=("EVD.02",),
    past=("Une session en 2025",),
    starts_on=date(2027, 2, 1),
    ends_on=date(2027, 12, 31),
    directed_state="QMM",
    excluded_states=("QNN", "QOO"),
    slots=(COURSE, replace(COURSE, position=2, capacity=None, unit=None)),
)


async def test_draft_keeps_every_word_and_belongs_to_its_provider() -> None:
    actor = await people.partner_admin()

    offer = await create_draft(WHOLE, actor=actor, now=NOW)

    stored = await Offer.get(id=offer.id)
    assert await values_of(stored) == WHOLE
    assert (stored.organization_id, stored.created_by_id, stored.state, stored.version) == (
        actor.organization_id,
        actor.person_id,
        OfferState.DRAFT,
        1,
    )
    assert await audited() == ["offer.draft"]


async def test_empty_draft_is_kept_too() -> None:
    offer = await create_draft(OfferValues(), actor=await people.partner_admin(), now=NOW)

    assert await values_of(offer) == OfferValues()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FOCAL_POINT, Role.DONOR])
async def test_only_providers_draft(role: Role) -> None:
    place = await people.organization() if role is Role.FOCAL_POINT else None
    actor = await people.actor(await people.member(role, place))

    with pytest.raises(NotAllowed):
        await create_draft(WHOLE, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        await create_draft(WHOLE, actor=PUBLIC, now=NOW)
    assert await Offer.all().count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"language": "klingon"}, "language"),
        ({"delivery_languages": ("en", "xx-nowhere")}, "delivery_languages"),
        ({"regions": ("Atlantis",)}, "regions"),
        ({"tags": ("NO.01",)}, "tags"),
        ({"directed_state": "ZZZ"}, "directed_state"),
        ({"excluded_states": ("QNN", "ATL")}, "excluded_states"),
        ({"excluded_states": ("QMM",)}, "excluded_states"),
        ({"ends_on": date(2027, 1, 31)}, "ends_on"),
        ({"slots": (COURSE,) * 21}, "slots"),
        ({"slots": (replace(COURSE, topic="INV"),)}, "slot-1-topic"),
        ({"slots": (replace(COURSE, modality="magic"),)}, "slot-1-modality"),
        ({"slots": (replace(COURSE, unit="barrels"),)}, "slot-1-unit"),
        ({"slots": (replace(COURSE, capacity=0),)}, "slot-1-capacity"),
        ({"slots": (replace(COURSE, unit="unlimited", capacity=None),)}, "slot-1-unit"),
        (
            {"slots": (replace(COURSE, modality="e_learning", unit="unlimited"),)},
            "slot-1-capacity",
        ),
        ({"slots": (replace(COURSE, starts_on=date(2027, 1, 1)),)}, "slot-1-starts_on"),
        ({"slots": (replace(COURSE, ends_on=date(2028, 1, 1)),)}, "slot-1-ends_on"),
    ],
)
async def test_no_draft_holds_what_makes_no_sense(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await create_draft(replace(WHOLE, **changes), actor=await people.partner_admin(), now=NOW)

    assert list(refused.value.fields) == [field]
    assert await Offer.all().count() == 0


async def test_e_learning_is_unlimited() -> None:
    slot = replace(COURSE, modality="e_learning", unit="unlimited", capacity=None)
    values = replace(WHOLE, slots=(slot,))

    offer = await create_draft(values, actor=await people.partner_admin(), now=NOW)

    assert await values_of(offer) == values


async def test_saving_changes_adds_and_removes() -> None:
    place = await people.provider()
    offer = await offers.draft(place, slots=[offers.COURSE] * 2, excluded=["QNN", "QOO"])
    values = replace(
        WHOLE,
        excluded_states=("QOO", "QPP"),
        slots=(replace(COURSE, position=2, capacity=7), replace(COURSE, position=3)),
    )
    member = await people.actor(await people.member(Role.PARTNER_MEMBER, place))
    kept = (await offers.slots_of(offer))[1].id

    saved = await save(offer, values, version=1, actor=member, now=NOW + timedelta(hours=1))

    assert await values_of(saved) == values
    assert saved.version == 2
    assert (await offers.slots_of(saved))[0].id == kept


async def test_saving_needs_the_right_version_people_and_state() -> None:
    place = await people.provider()
    offer = await offers.draft(place)
    actor = await people.partner_admin(place)
    stranger = await people.partner_admin()
    waiting = await offers.submitted(place)

    with pytest.raises(StaleVersion):
        await save(offer, WHOLE, version=2, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        await save(offer, WHOLE, version=1, actor=stranger, now=NOW)
    with pytest.raises(Conflict):
        await save(waiting, WHOLE, version=1, actor=actor, now=NOW)


async def test_import_is_one_offer_for_one_external_id() -> None:
    place = await people.provider()
    coordinator = await people.coordinator()

    async def read(values: OfferValues) -> tuple[Offer, bool]:
        found = await import_offer(
            values,
            organization_id=place.id,
            external_id="SMP-O01",
            source="offers.csv",
            actor=coordinator,
            now=NOW,
        )
        return found.offer, found.created

    first, created = await read(WHOLE)
    again, repeated = await read(WHOLE)
    changed, renewed = await read(replace(WHOLE, title="Cours"))

    assert (created, repeated, renewed) == (True, False, False)
    assert first.id == again.id == changed.id
    assert [first.version, again.version, changed.version] == [1, 1, 2]
    assert changed.title == "Cours"
    assert await Offer.all().count() == 1
    assert await audited() == ["offer.import"]


async def test_import_leaves_alone_what_was_submitted() -> None:
    place = await people.provider()
    known = await offers.submitted(place, external_id="SMP-O01", title="As reviewed")

    found = await import_offer(
        WHOLE,
        organization_id=place.id,
        external_id="SMP-O01",
        source="offers.csv",
        actor=await people.coordinator(),
        now=NOW,
    )

    assert not found.created
    assert (await Offer.get(id=known.id)).title == "As reviewed"


async def test_import_for_another_provider_is_refused() -> None:
    place = await people.provider()

    with pytest.raises(NotAllowed):
        await import_offer(
            WHOLE,
            organization_id=place.id,
            external_id="X",
            source="offers.csv",
            actor=await people.partner_admin(),
            now=NOW,
        )
