"""All offers at once are judged as each by itself."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.columns import Columns
from matching.counting import PAIR_GATES, barred_counts
from matching.eligibility import failed_gates, units_agree
from matching.fit import fit
from matching.judging import judge_all
from matching.scoring import Configuration, with_equity
from matching.topics import SIBLING, closeness
from matching.types import (
    ALWAYS,
    Gate,
    GateCode,
    ItemProfile,
    OfferProfile,
    RequestProfile,
    SlotProfile,
    Window,
)
from matching.windows import clip, overlap
from tests.matching import cases
from tests.matching.cases import OFFER, REQUEST, TODAY, TOPICS

more_offers = st.builds(
    lambda offer, window, tags, record, directed, organization: replace(
        offer,
        window=window,
        tags=tags,
        track_record=record,
        directed_state=directed,
        organization=organization,
    ),
    cases.offers,
    cases.windows,
    st.lists(st.sampled_from(["INV.02", "EVD.01"]), max_size=2).map(tuple),
    st.integers(0, 12),
    st.none() | cases.states,
    st.sampled_from(["org1", "org2", None, ""]),
)
more_requests = st.builds(
    lambda request, tags, regions, co_states: replace(
        request, tags=tags, regions=regions, co_states=co_states
    ),
    cases.requests,
    st.lists(st.sampled_from(["INV.01", "SUB.07"]), max_size=2).map(tuple),
    st.sampled_from([(), ("QMA",), ("150",)]),
    st.sampled_from([(), ("QNA",)]),
)


def check(request: RequestProfile, offers: list[OfferProfile], today: date) -> None:
    weights = with_equity(0.05)
    columns = Columns(offers)
    judged = judge_all(request, columns, topics=TOPICS, today=today, configuration=weights)
    for place, offer in enumerate(offers):
        alone = fit(request, offer, topics=TOPICS, today=today)
        codes = {code for code, bits in judged.gates.items() if bits[place]}
        assert codes == {gate.code for gate in alone.gates}
        if not codes:
            assert judged.points[place] == alone.points(weights)
    check_counts(request, offers, today, columns)


def told_of(
    request: RequestProfile, offer: OfferProfile, today: date
) -> tuple[list[Gate], bool, bool]:
    """Gates of the whole offer, and whether a slot is on a near topic, and suited too."""
    slots = tuple(replace(slot, capacity_left=None) for slot in offer.slots)
    gates = failed_gates(request, replace(offer, slots=slots), today=today)
    told = [gate for gate in gates if not gate.unodc_only]
    pairs = list(product(request.items, slots))
    near = [pair for pair in pairs if is_near(*pair)]
    if not pairs:
        return told, True, True
    wanted = clip(request.window, today)
    shared = overlap(wanted, offer.window) if wanted else None
    suited = [
        (item, slot)
        for item, slot in near
        if shared
        and overlap(shared, slot.window)
        and (not item.modality or not slot.modality or item.modality == slot.modality)
        and units_agree(item, slot)
    ]
    return told, bool(near), bool(suited)


def is_near(item: ItemProfile, slot: SlotProfile) -> bool:
    if not item.topic or not slot.topic:
        return True
    return closeness(item.topic, slot.topic, TOPICS) >= SIBLING


def check_counts(
    request: RequestProfile, offers: list[OfferProfile], today: date, columns: Columns
) -> None:
    judged = judge_all(request, columns, topics=TOPICS, today=today, configuration=Configuration())
    counts = barred_counts(judged, columns)
    failed = [failed_gates(request, offer, today=today) for offer in offers]
    assert counts.offers == sum(map(bool, failed))
    assert counts.by_gate == Counter(code for gates in failed for code in {g.code for g in gates})
    told = [told_of(request, offer, today) for offer in offers]
    assert counts.openly == sum(bool(gates) or not suited for gates, _, suited in told)
    alone = [
        gates[0]
        for gates, near, suited in told
        if len(gates) == 1 and (near if gates[0].code in PAIR_GATES else suited)
    ]
    assert counts.alone == Counter(gate.code for gate in alone)
    for code in (GateCode.LANGUAGE, GateCode.MODALITY):
        offered = [gate.parameters.get("offered", ()) for gate in alone if gate.code is code]
        values = Counter(
            str(each) for one in offered if isinstance(one, tuple) for each in set(one)
        )
        assert dict(counts.given).get(code, {}) == values


@given(more_requests, st.lists(more_offers, max_size=6))
def test_columns_judge_as_single_offers(
    request: RequestProfile, offers: list[OfferProfile]
) -> None:
    check(request, offers, TODAY)


def test_a_window_that_is_over_bars_everything() -> None:
    over = replace(REQUEST, window=Window(date(2020, 1, 1), date(2020, 2, 1)))
    check(over, [OFFER, replace(OFFER, window=ALWAYS, slots=())], TODAY)


def test_no_offer_and_no_item() -> None:
    check(REQUEST, [], TODAY)
    check(replace(REQUEST, items=(), tags=()), [OFFER, replace(OFFER, slots=())], TODAY)


def test_slots_of_many_offers_stay_with_their_owner() -> None:
    chance = np.random.default_rng(5)
    offers = [
        replace(
            OFFER,
            id=str(number),
            slots=tuple(
                SlotProfile(
                    str(slot),
                    str(chance.choice(["INV.01", "INV.02", "EVD.01", "OTHER"])),
                    str(chance.choice(["training_course", "equipment"])),
                    int(chance.integers(0, 40)),
                    str(chance.choice(["training_places", "missions", "unlimited"])),
                    window=Window(date(2026, int(chance.integers(1, 12)), 1)),
                )
                for slot in range(int(chance.integers(0, 5)))
            ),
        )
        for number in range(200)
    ]
    check(REQUEST, offers, TODAY)
