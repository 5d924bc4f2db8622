"""Offers from CSV, and the providers behind them."""

import pytest

from concord.actor import Role
from concord.cli.actors import operator
from concord.cli.imports import bring_offers
from concord.cli.imports.storing import Outcome
from concord.offers.models import Offer, OfferExclusion, OfferSlot
from concord.offers.states import OfferState
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from tests.cli.samples import OFFER, as_csv, sample
from tests.conftest import NOW
from tests.factories import people


async def bring(content: bytes, *, skip_bad: bool = False) -> Outcome:
    return await bring_offers(
        content, skip_bad=skip_bad, source="A file", actor=operator(Role.ADMIN), now=NOW
    )


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("organization", "", "Enter a value."),
        ("organization_kind", "", "give its kind"),
        ("organization_kind", "guild", "“guild” is not in the list"),
        ("organization_kind", "state_authority", "is not in the list"),
        ("topics", "NONE", "is not a topic"),
        ("modality", "", "form of assistance"),
        ("capacity", "0", "whole number"),
        ("funding", "some", "“some” is not in the list"),
        ("delivery_languages", "en;??", "BCP 47"),
        ("regions", "Atlantis", "“Atlantis” is not in the list"),
        ("excluded_states", "QMM;ABC", "“ABC”"),
        ("past", ";".join(map(str, range(21))), "20 or fewer"),
        ("ends_on", "2026-01-01", "must not be before the start"),
    ],
)
async def test_bad_cell_is_named(database: None, column: str, cell: str, words: str) -> None:
    row = OFFER | {"starts_on": "2027-01-01", column: cell}

    outcome = await bring(as_csv(row))

    assert [problem.line for problem in outcome.problems] == [2]
    assert outcome.problems[0].column in {column, "organization"}
    assert words in outcome.problems[0].reason
    assert (await Offer.all().count(), await Organization.all().count()) == (0, 0)


async def test_offer_lands_as_a_draft_of_a_newly_registered_provider(database: None) -> None:
    row = OFFER | {"excluded_states": "QMM", "regions": "Africa;Western Asia", "past": "One;Two"}

    await bring(as_csv(row, row | {"topics": "EVD.02", "capacity": "20", "funding": "none"}))

    offer = await Offer.get(external_id="B-1").select_related("organization")
    slots = await OfferSlot.filter(offer_id=offer.id).order_by("position")
    assert (offer.state, offer.import_source) == (OfferState.DRAFT, "A file")
    assert (offer.organization.kind, offer.organization.verification) == (
        OrganizationKind.ACADEMIA,
        Verification.REGISTERED,
    )
    assert [(slot.topic_id, slot.capacity, slot.funding.value) for slot in slots] == [
        ("INV.02", 60, "full"),
        ("EVD.02", 20, "none"),
    ]
    assert (offer.regions, offer.past) == (["Africa", "Western Asia"], ["One", "Two"])
    assert await OfferExclusion.filter(offer_id=offer.id, state_id="QMM").exists()


async def test_known_provider_is_used_however_its_name_is_spelled(database: None) -> None:
    place = await people.provider("Illustrative Forensics Institute")
    row = OFFER | {"organization": "ILLUSTRATIVE forensics  institute", "organization_kind": ""}

    outcome = await bring(as_csv(row))

    assert outcome.problems == []
    assert (await Offer.get(external_id="B-1")).organization_id == place.id


async def test_second_import_adds_nothing(database: None) -> None:
    await bring(as_csv(OFFER))

    outcome = await bring(as_csv(OFFER))

    assert (outcome.created, outcome.present) == (0, 1)
    assert (await Offer.all().count(), await OfferSlot.all().count()) == (1, 1)


async def test_sample_imports_whole(database: None) -> None:
    outcome = await bring(sample("offers"))

    assert (outcome.created, outcome.problems) == (84, [])
