"""All offers at once are judged as each by itself."""

from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.columns import Columns
from matching.counting import barred_counts
from matching.eligibility import failed_gates
from matching.fit import fit
from matching.judging import judge_all
from matching.scoring import Configuration, with_equity
from matching.types import ALWAYS, GateCode, OfferProfile, RequestProfile, SlotProfile, Window
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


def check_counts(
    request: RequestProfile, offers: list[OfferProfile], today: date, columns: Columns
) -> None:
    judged = judge_all(request, columns, topics=TOPICS, today=today, configuration=Configuration())
    counts = barred_counts(judged, columns)
    failed = [failed_gates(request, offer, today=today) for offer in offers]
    told = [[gate for gate in gates if not gate.unodc_only] for gates in failed]
    alone = [gates[0] for gates in told if len(gates) == 1]
    assert counts.offers == sum(map(bool, failed))
    assert counts.openly == sum(map(bool, told))
    assert counts.alone == Counter(gate.code for gate in alone)
    assert counts.by_gate == Counter(code for gates in failed for code in {g.code for g in gates})
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
