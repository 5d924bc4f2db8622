"""Gates: each fails alone, with its code, and is silent otherwise."""

from dataclasses import replace
from datetime import date

import pytest

from matching.eligibility import failed_gates, judge, near_misses
from matching.types import (
    Gate,
    GateCode,
    NearMiss,
    OfferProfile,
    RequestProfile,
    SlotProfile,
    Window,
)
from tests.matching.cases import ITEM, OFFER, REQUEST, SLOT, TODAY

Case = tuple[RequestProfile, OfferProfile]


def codes(request: RequestProfile, offer: OfferProfile) -> list[GateCode]:
    return [gate.code for gate in failed_gates(request, offer, today=TODAY)]


def with_slot(slot: SlotProfile) -> OfferProfile:
    return replace(OFFER, slots=(slot,))


FAILING: dict[GateCode, list[Case]] = {
    GateCode.PARTNER_NOT_VERIFIED: [(REQUEST, replace(OFFER, verified=False))],
    GateCode.EXCLUDED: [
        (replace(REQUEST, excluded_organizations=("org1",)), OFFER),
        (REQUEST, replace(OFFER, excluded_states=("QMA",))),
        (replace(REQUEST, co_states=("QNA",)), replace(OFFER, excluded_states=("QNA",))),
    ],
    GateCode.OWN_OFFER: [(REQUEST, replace(OFFER, organization_state="QMA"))],
    GateCode.DIRECTED_ELSEWHERE: [(REQUEST, replace(OFFER, directed_state="QNA"))],
    GateCode.ELIGIBLE_COUNTRY: [(REQUEST, replace(OFFER, regions=("002", "QNA")))],
    GateCode.LANGUAGE: [(REQUEST, replace(OFFER, delivery_languages=("es",)))],
    GateCode.MODALITY: [(REQUEST, with_slot(replace(SLOT, modality="equipment")))],
    GateCode.UNIT: [(REQUEST, with_slot(replace(SLOT, unit="licences")))],
    GateCode.WINDOW: [
        (REQUEST, with_slot(replace(SLOT, window=Window(None, date(2026, 3, 31))))),
        (REQUEST, replace(OFFER, window=Window(date(2027, 4, 1)))),
        (replace(REQUEST, window=Window(None, date(2026, 3, 1))), OFFER),
    ],
    GateCode.CAPACITY: [(REQUEST, with_slot(replace(SLOT, capacity_left=0)))],
    GateCode.NO_SLOT: [
        (
            REQUEST,
            replace(
                OFFER,
                slots=(
                    replace(SLOT, capacity_left=0),
                    replace(SLOT, id="s2", modality="equipment"),
                ),
            ),
        ),
    ],
}


def test_an_offer_that_fits_fails_no_gate() -> None:
    assert failed_gates(REQUEST, OFFER, today=TODAY) == ()


def test_plain_texts_fail_no_gate() -> None:
    bare = RequestProfile("r", text="a"), OfferProfile("o", text="b")
    assert failed_gates(*bare, today=TODAY) == ()
    assert failed_gates(REQUEST, bare[1], today=TODAY) == ()
    assert failed_gates(bare[0], OFFER, today=TODAY) == ()


def test_every_gate_has_a_case() -> None:
    assert set(FAILING) == set(GateCode)


@pytest.mark.parametrize(
    ("code", "case"), [(code, case) for code, cases in FAILING.items() for case in cases]
)
def test_a_gate_fails_alone(code: GateCode, case: Case) -> None:
    assert codes(*case) == [code]


def test_all_failing_gates_are_kept() -> None:
    offer = replace(
        with_slot(replace(SLOT, modality="equipment")), verified=False, delivery_languages=("es",)
    )
    assert codes(REQUEST, offer) == [
        GateCode.PARTNER_NOT_VERIFIED,
        GateCode.LANGUAGE,
        GateCode.MODALITY,
    ]


def test_exclusions_alone_are_for_unodc_only() -> None:
    for code, cases in FAILING.items():
        for request, offer in cases:
            gates = failed_gates(request, offer, today=TODAY)
            assert {gate.unodc_only for gate in gates} == {code is GateCode.EXCLUDED}


def test_a_directed_offer_passes_for_its_state_and_for_a_joint_request() -> None:
    offer = replace(OFFER, directed_state="QNA")
    assert failed_gates(replace(REQUEST, co_states=("QNA",)), offer, today=TODAY) == ()
    assert failed_gates(replace(REQUEST, state="QNA"), offer, today=TODAY) == ()


def test_a_region_of_the_state_is_eligible() -> None:
    assert failed_gates(REQUEST, replace(OFFER, regions=("150",)), today=TODAY) == ()


def test_languages_compare_by_primary_subtag() -> None:
    assert failed_gates(REQUEST, replace(OFFER, delivery_languages=("fr-CA",)), today=TODAY) == ()


def test_units_that_convert_are_a_near_miss() -> None:
    offer = with_slot(replace(SLOT, unit="missions"))
    assert failed_gates(REQUEST, offer, today=TODAY) == ()
    unit = NearMiss(GateCode.UNIT, {"asked": "training_places", "offered": "missions"})
    assert unit in near_misses(REQUEST, offer, today=TODAY)


def test_an_unlimited_slot_has_every_unit() -> None:
    offer = with_slot(replace(SLOT, unit="unlimited", capacity_left=None))
    assert failed_gates(REQUEST, offer, today=TODAY) == ()
    assert GateCode.UNIT not in {miss.code for miss in near_misses(REQUEST, offer, today=TODAY)}


def test_near_misses_say_how_near() -> None:
    offer = with_slot(replace(SLOT, capacity_left=5, window=Window(None, date(2026, 4, 12))))
    assert near_misses(REQUEST, offer, today=TODAY) == (
        NearMiss(GateCode.LANGUAGE, {"common": ("en",)}),
        NearMiss(GateCode.WINDOW, {"days": 12}),
        NearMiss(GateCode.CAPACITY, {"left": 5, "asked": 20}),
    )


def test_days_that_are_over_do_not_count_as_overlap() -> None:
    request = replace(REQUEST, window=Window(date(2026, 1, 1), date(2026, 12, 31)))
    offer = with_slot(replace(SLOT, window=Window(date(2026, 1, 1), date(2026, 3, 4))))
    assert NearMiss(GateCode.WINDOW, {"days": 3}) in near_misses(request, offer, today=TODAY)


def test_feasible_pairs_are_those_on_which_a_line_can_be_written() -> None:
    other = replace(ITEM, id="i2", modality="equipment", unit="licences")
    request = replace(REQUEST, items=(ITEM, other))
    spent = replace(SLOT, id="s2", capacity_left=0)
    offer = replace(OFFER, slots=(SLOT, spent))
    assert judge(request, offer, today=TODAY).pairs == ((ITEM, SLOT),)


def test_a_failed_gate_carries_what_the_words_need() -> None:
    offer = replace(OFFER, delivery_languages=("es", "ru"))
    assert failed_gates(REQUEST, offer, today=TODAY) == (
        Gate(GateCode.LANGUAGE, {"asked": ("en", "fr"), "offered": ("es", "ru")}),
    )
