"""Hard conditions: which pairings are impossible and why, and which are possible only just."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from matching.types import (
    Gate,
    GateCode,
    ItemProfile,
    NearMiss,
    OfferProfile,
    RequestProfile,
    SlotProfile,
    Window,
)
from matching.windows import clip, overlap, overlap_days

Pair = tuple[ItemProfile, SlotProfile]

# Goods and money are never counted in another unit; among the others a ratio can be agreed.
UNCONVERTIBLE_UNITS = frozenset({"licences", "equipment_sets", "grants"})
UNLIMITED = "unlimited"
FEW_DAYS = 30
SMALL_SHARE = 0.5
PAIR_GATES = (GateCode.MODALITY, GateCode.UNIT, GateCode.WINDOW, GateCode.CAPACITY)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`gates`: every condition that fails, none when the pairing is possible. `pairs`: the
    (item, slot) pairs on which a match line could be written, in the order given."""

    gates: tuple[Gate, ...]
    pairs: tuple[Pair, ...]


def judge(request: RequestProfile, offer: OfferProfile, *, today: date) -> Verdict:
    window = clip(request.window, today)
    shared = overlap(window, offer.window) if window else None
    if shared is None:
        return Verdict((*_failures(request, offer), Gate(GateCode.WINDOW)), ())
    codes, pairs = _compare_slots(request, offer, shared)
    failed = [_gate(code, offer) for code in codes]
    return Verdict((*_failures(request, offer), *failed), pairs)


def _gate(code: GateCode, offer: OfferProfile) -> Gate:
    if code is not GateCode.MODALITY:
        return Gate(code)
    given = sorted({slot.modality for slot in offer.slots if slot.modality})
    return Gate(code, {"offered": tuple(given)})


def failed_gates(request: RequestProfile, offer: OfferProfile, *, today: date) -> tuple[Gate, ...]:
    return judge(request, offer, today=today).gates


def near_misses(
    request: RequestProfile,
    offer: OfferProfile,
    *,
    today: date,
    pairs: tuple[Pair, ...] | None = None,
) -> tuple[NearMiss, ...]:
    """Gates that a possible pairing passes only just; `pairs` where they are known already."""
    if pairs is None:
        pairs = judge(request, offer, today=today).pairs
    found = (
        _near_language(request, offer),
        _near_window(request, offer, pairs, today),
        _near_capacity(pairs),
        _near_unit(pairs),
    )
    return tuple(miss for miss in found if miss is not None)


def common_languages(request: RequestProfile, offer: OfferProfile) -> tuple[str, ...]:
    """Working languages of the request in which the offer is delivered, as primary subtags."""
    offered = {primary(tag) for tag in offer.delivery_languages}
    return tuple(tag for tag in map(primary, request.working_languages) if tag in offered)


def primary(tag: str) -> str:
    return tag.replace("_", "-").split("-", 1)[0].lower()


def _failures(request: RequestProfile, offer: OfferProfile) -> Iterator[Gate]:
    states = request.states
    if not offer.verified:
        yield Gate(GateCode.PARTNER_NOT_VERIFIED)
    if offer.organization in request.excluded_organizations and offer.organization:
        yield Gate(GateCode.EXCLUDED, {"side": "request"}, unodc_only=True)
    if excluded := tuple(state for state in states if state in offer.excluded_states):
        yield Gate(GateCode.EXCLUDED, {"side": "offer", "states": excluded}, unodc_only=True)
    if offer.organization_state and offer.organization_state in states:
        yield Gate(GateCode.OWN_OFFER, {"state": offer.organization_state})
    if offer.directed_state and states and offer.directed_state not in states:
        yield Gate(GateCode.DIRECTED_ELSEWHERE)
    if not _covers_country(request, offer):
        yield Gate(GateCode.ELIGIBLE_COUNTRY, {"regions": offer.regions})
    asked, given = request.working_languages, offer.delivery_languages
    if asked and given and not common_languages(request, offer):
        yield Gate(GateCode.LANGUAGE, {"asked": asked, "offered": given})


def _covers_country(request: RequestProfile, offer: OfferProfile) -> bool:
    places = (*request.states, *request.regions)
    return not offer.regions or not places or any(place in offer.regions for place in places)


def _compare_slots(
    request: RequestProfile, offer: OfferProfile, shared: Window
) -> tuple[list[GateCode], tuple[Pair, ...]]:
    if not request.items or not offer.slots:
        return [], ()
    timely = [overlap(shared, slot.window) is not None for slot in offer.slots]
    missing, pairs = set(PAIR_GATES), []
    for item in request.items:
        for slot, in_time in zip(offer.slots, timely, strict=True):
            kept = _passed(item, slot, in_time)
            missing.difference_update(kept)
            if len(kept) == len(PAIR_GATES):
                pairs.append((item, slot))
    failed = [code for code in PAIR_GATES if code in missing]
    return failed or ([] if pairs else [GateCode.NO_SLOT]), tuple(pairs)


def _passed(item: ItemProfile, slot: SlotProfile, in_time: bool) -> list[GateCode]:
    passed = [GateCode.WINDOW] if in_time else []
    if not item.modality or not slot.modality or item.modality == slot.modality:
        passed.append(GateCode.MODALITY)
    if units_agree(item, slot):
        passed.append(GateCode.UNIT)
    if slot.capacity_left is None or slot.capacity_left > 0:
        passed.append(GateCode.CAPACITY)
    return passed


def same_unit(item: ItemProfile, slot: SlotProfile) -> bool:
    return not item.unit or not slot.unit or slot.unit in (item.unit, UNLIMITED)


def units_agree(item: ItemProfile, slot: SlotProfile) -> bool:
    return same_unit(item, slot) or not {item.unit, slot.unit} & UNCONVERTIBLE_UNITS


def _near_language(request: RequestProfile, offer: OfferProfile) -> NearMiss | None:
    common = common_languages(request, offer)
    if len(common) != 1 or len(request.working_languages) == 1:
        return None
    return NearMiss(GateCode.LANGUAGE, {"common": common})


def _near_window(
    request: RequestProfile, offer: OfferProfile, pairs: tuple[Pair, ...], today: date
) -> NearMiss | None:
    window = clip(request.window, today)
    shared = overlap(window, offer.window) if window else None
    if shared is None:
        return None
    slots = [slot for _, slot in pairs]
    spans = [overlap_days(shared, slot.window) for slot in slots] or [overlap_days(shared, shared)]
    limited = [days for days in spans if days is not None]
    if len(limited) < len(spans) or max(limited) >= FEW_DAYS:
        return None
    return NearMiss(GateCode.WINDOW, {"days": max(limited)})


def _near_capacity(pairs: tuple[Pair, ...]) -> NearMiss | None:
    shares = [capacity_share(*pair) for pair in pairs]
    if not shares or max(shares) >= SMALL_SHARE:
        return None
    item, slot = max(pairs, key=lambda pair: capacity_share(*pair))
    return NearMiss(
        GateCode.CAPACITY, {"left": slot.capacity_left or 0, "asked": item.quantity or 0}
    )


def capacity_share(item: ItemProfile, slot: SlotProfile) -> float:
    """How much of the item the slot can carry, in [0, 1]; 1 where either is not counted."""
    if slot.capacity_left is None or not item.quantity or not same_unit(item, slot):
        return 1.0
    return min(1.0, slot.capacity_left / item.quantity)


def _near_unit(pairs: tuple[Pair, ...]) -> NearMiss | None:
    if not pairs or any(same_unit(*pair) for pair in pairs):
        return None
    item, slot = pairs[0]
    return NearMiss(GateCode.UNIT, {"asked": item.unit or "", "offered": slot.unit or ""})
