"""A request against the columns of all offers: failed gates and the sum of the stated terms.

The same as `matching.eligibility` and `matching.features` say of each offer by itself, to the
last millionth; those word it.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matching import features
from matching.columns import NONE, Bits, Column, Columns, any_of, bounds, shares
from matching.eligibility import judge, same_unit, units_agree
from matching.features import UNSTATED, Case, Value
from matching.postings import Floats, Integers
from matching.scoring import MILLION, Configuration
from matching.topics import TAGGED, closeness
from matching.types import (
    FeatureCode,
    GateCode,
    ItemProfile,
    OfferProfile,
    RequestProfile,
    SlotProfile,
    TopicTree,
    Window,
)
from matching.windows import clip

PROBE = OfferProfile("")
Gates = Mapping[GateCode, Bits]


@dataclass(frozen=True, slots=True)
class Judged:
    """For each offer: by gate whether it failed, and the terms other than text in millionths
    (those of a barred offer mean nothing)."""

    gates: Gates
    points: Integers
    sitting: "Sitting"

    @property
    def barred(self) -> Bits:
        found: Bits = np.logical_or.reduce(list(self.gates.values()))
        return found


def judge_all(
    request: RequestProfile,
    offers: Columns,
    *,
    topics: TopicTree,
    today: date,
    configuration: Configuration,
) -> Judged:
    sitting = Sitting(request, offers, topics, today)
    gates = sitting.gates()
    points = np.zeros(len(offers), np.int64)
    for code, value in sitting.values().items():
        weight = configuration.weights.get(code, 0.0)
        points += np.rint(MILLION * weight * value).astype(np.int64)
    return Judged(gates, points, sitting)


class Sitting:
    """One request before all offers; `pairs`: for each item, which slots could carry it, and
    `whole` which could if nothing of them were used up."""

    def __init__(
        self, request: RequestProfile, offers: Columns, topics: TopicTree, today: date
    ) -> None:
        self.request, self.offers, self.topics, self.today = request, offers, topics, today
        self.wanted = clip(request.window, today)
        start, end = bounds(self.wanted or Window())
        self.shared = np.maximum(start, offers.start), np.minimum(end, offers.end)
        self.late = self.shared[1] < self.shared[0]
        if self.wanted is None:
            self.late = np.ones(len(offers), bool)
        owner = offers.slots.owner
        self.timely = np.minimum(self.shared[1][owner], offers.slot_end) >= np.maximum(
            self.shared[0][owner], offers.slot_start
        )
        self.free = offers.capacity > 0
        self.kinds = [self._kind(item) for item in request.items]
        self.units = [self._table(offers.unit, item, units_agree) for item in request.items]
        self.whole = [
            self.timely & kind & unit for kind, unit in zip(self.kinds, self.units, strict=True)
        ]
        self.pairs = [self.free & bits for bits in self.whole]
        self.paired = any_of(self.pairs, self.timely)
        self.has_slots = offers.slots.any(np.ones(len(owner), bool))

    def gates(self) -> Gates:
        found = {code: np.zeros(len(self.offers), bool) for code in GateCode}
        self._gates_of_records(found)
        found[GateCode.WINDOW] |= self.late
        if self.request.items:
            slots, held = self.offers.slots, self.has_slots & ~self.late
            passed = {
                GateCode.MODALITY: any_of(self.kinds, self.timely),
                GateCode.UNIT: any_of(self.units, self.timely),
                GateCode.WINDOW: self.timely,
                GateCode.CAPACITY: self.free,
            }
            missing = {code: held & ~slots.any(bits) for code, bits in passed.items()}
            for code, bits in missing.items():
                found[code] |= bits
            none = held & ~np.logical_or.reduce(list(missing.values()))
            found[GateCode.NO_SLOT] = none & ~slots.any(self.paired)
        return found

    def _gates_of_records(self, found: Mapping[GateCode, Bits]) -> None:
        """Those of provider, place and languages: few different ones, each asked by itself."""
        offers, request = self.offers, replace(self.request, items=(), window=Window())
        found[GateCode.PARTNER_NOT_VERIFIED] |= ~offers.verified
        unwanted = {name for name in request.excluded_organizations if name}
        if unwanted:
            codes = [n for n, name in enumerate(offers.organization.values) if name in unwanted]
            found[GateCode.EXCLUDED] |= np.isin(offers.organization.numbers, codes)
        probes: tuple[tuple[Column, Callable[[Hashable], OfferProfile]], ...] = (
            (offers.place, _placed),
            (offers.languages, _spoken),
        )
        for column, probe in probes:
            for number, value in enumerate(column.values):
                if number == NONE:
                    continue
                for gate in judge(request, probe(value), today=self.today).gates:
                    found[gate.code][column.numbers == number] = True

    def values(self) -> dict[FeatureCode, Floats]:
        """Terms that the request gives a meaning to."""
        found = {
            FeatureCode.TOPIC: self._topic(),
            FeatureCode.MODALITY: self._modality(),
            FeatureCode.LANGUAGE: self._by_value(
                self.offers.languages, features.language, _spoken
            ),
            FeatureCode.WINDOW: self._window(),
            FeatureCode.CAPACITY: self._capacity(),
            FeatureCode.REGION: self._by_value(self.offers.place, features.region, _placed),
            FeatureCode.FUNDING: self._funding(),
            FeatureCode.TRACK_RECORD: self._by_value(
                self.offers.record, features.track_record, _recorded
            ),
            FeatureCode.EQUITY: self._equity(),
        }
        return {code: value for code, value in found.items() if value is not None}

    def _topic(self) -> Floats | None:
        offers = self.offers
        asked = [item.topic for item in self.request.items if item.topic]
        asked = asked or list(self.request.tags)
        if not asked:
            return None
        total = np.zeros(len(offers))
        for topic in asked:
            of_slots = self.closeness(offers.topic, topic)
            of_tags = TAGGED * self.closeness(offers.tag, topic)
            best = offers.slots.highest(of_slots, otherwise=0.0)
            total += np.maximum(best, offers.tags.highest(of_tags, otherwise=0.0))
        named = offers.slots.any(offers.topic.stated)
        named |= offers.tags.any(np.ones(len(offers.tag.numbers), bool))
        return np.where(named, total / len(asked), UNSTATED)

    def closeness(self, column: Column, topic: str) -> Floats:
        near = [
            closeness(topic, other, self.topics) if isinstance(other, str) and other else 0.0
            for other in column.values
        ]
        return np.array(near)[column.numbers]

    def _modality(self) -> Floats | None:
        offers = self.offers
        asked = [n for n, item in enumerate(self.request.items) if item.modality]
        if not asked:
            return None
        met = np.zeros(len(offers))
        for number in asked:
            wanted = self.request.items[number].modality
            same = np.array([value == wanted for value in offers.modality.values], bool)
            met += offers.slots.any(self.pairs[number] & same[offers.modality.numbers])
        stated = offers.slots.any(offers.modality.stated)
        return np.where(stated, met / len(asked), UNSTATED)

    def _window(self) -> Floats | None:
        offers, wanted = self.offers, self.wanted
        if wanted is None or self.request.window == (None, None):
            return None
        owner = offers.slots.owner
        start = np.maximum(offers.start[owner], offers.slot_start)
        end = np.minimum(offers.end[owner], offers.slot_end)
        best = offers.slots.highest(
            np.where(self.paired, shares(wanted, start, end), -1.0), otherwise=-1.0
        )
        return np.where(best < 0, shares(wanted, offers.start, offers.end), best)

    def _capacity(self) -> Floats | None:
        offers = self.offers
        counted = [n for n, item in enumerate(self.request.items) if item.quantity]
        if not counted:
            return None
        total = np.zeros(len(offers))
        for number in counted:
            item = self.request.items[number]
            share = np.minimum(1.0, offers.capacity / float(item.quantity or 1))
            share = np.where(self._table(offers.unit, item, same_unit), share, 1.0)
            share = np.where(self.pairs[number], share, 0.0)
            total += offers.slots.highest(share, otherwise=0.0)
        return np.where(self.has_slots, total / len(counted), UNSTATED)

    def _funding(self) -> Floats | None:
        if not self.request.items:
            return None
        slots = self.offers.slots
        among = self.paired | ~slots.any(self.paired)[slots.owner]
        best = slots.highest(np.where(among, self.offers.funding, -1.0), otherwise=-1.0)
        return np.where(best < 0, UNSTATED, best)

    def _equity(self) -> Floats | None:
        found = features.equity(self._case(PROBE))
        return None if found is None else np.full(len(self.offers), found[0])

    def _by_value(
        self,
        column: Column,
        measure: Callable[[Case], Value | None],
        probe: Callable[[Hashable], OfferProfile],
    ) -> Floats | None:
        """Few different values, each measured by itself."""
        found = [measure(self._case(probe(value))) for value in column.values]
        values = np.array([0.0 if each is None else each[0] for each in found])
        return values[column.numbers] if any(found) else None

    def _case(self, offer: OfferProfile) -> Case:
        return Case(self.request, offer, (), self.topics, self.today)

    def _kind(self, item: ItemProfile) -> Bits:
        values = self.offers.modality.values
        fits = [not item.modality or not value or value == item.modality for value in values]
        return np.array(fits, bool)[self.offers.modality.numbers]

    def _table(
        self, units: Column, item: ItemProfile, agree: Callable[[ItemProfile, SlotProfile], bool]
    ) -> Bits:
        fits = [
            agree(item, SlotProfile("", unit=value if isinstance(value, str) else None))
            for value in units.values
        ]
        return np.array(fits, bool)[units.numbers]


def _placed(value: Hashable) -> OfferProfile:
    if not isinstance(value, tuple):
        return PROBE
    state, directed, excluded, regions = value
    return replace(
        PROBE,
        organization_state=state,
        directed_state=directed,
        excluded_states=excluded,
        regions=regions,
    )


def _spoken(value: Hashable) -> OfferProfile:
    return replace(PROBE, delivery_languages=value) if isinstance(value, tuple) else PROBE


def _recorded(value: Hashable) -> OfferProfile:
    return replace(PROBE, track_record=value) if isinstance(value, int) else PROBE
