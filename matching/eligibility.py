"""Hard conditions: which pairings are impossible and why, and which are possible only just."""

from collections.abc import Callable, Iterator
from datetime import date

from matching.types import (
    Gate,
    GateCode,
    ItemProfile,
    NearMiss,
    OfferProfile,
    RequestProfile,
    SlotProfile,
)
from matching.windows import clip, overlap, overlap_days

Pair = tuple[ItemProfile, SlotProfile]

# Goods and money are never counted in another unit; among the others a ratio can be agreed.
UNCONVERTIBLE_UNITS = frozenset({"licences", "equipment_sets", "grants"})
UNLIMITED = "unlimited"
FEW_DAYS = 30
SMALL_SHARE = 0.5


def failed_gates(request: RequestProfile, offer: OfferProfile, *, today: date) -> tuple[Gate, ...]:
    """Every condition that fails; empty when the pairing is possible."""
    return tuple(_failures(request, offer, today))


def feasible_pairs(request: RequestProfile, offer: OfferProfile, *, today: date) -> list[Pair]:
    """The (item, slot) pairs on which a match line could be written, in the order given."""
    tests = _pair_tests(request, offer, today)
    return [
        (item, slot)
        for item in request.items
        for slot in offer.slots
        if all(passes(item, slot) for _, passes in tests)
    ]


def near_misses(
    request: RequestProfile, offer: OfferProfile, *, today: date
) -> tuple[NearMiss, ...]:
    """Gates that a possible pairing passes only just."""
    pairs = feasible_pairs(request, offer, today=today)
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


def _failures(request: RequestProfile, offer: OfferProfile, today: date) -> Iterator[Gate]:
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
    yield from _slot_failures(request, offer, today)


def _covers_country(request: RequestProfile, offer: OfferProfile) -> bool:
    places = (*request.states, *request.regions)
    return not offer.regions or not places or any(place in offer.regions for place in places)


def _slot_failures(request: RequestProfile, offer: OfferProfile, today: date) -> Iterator[Gate]:
    window = clip(request.window, today)
    if window is None or overlap(window, offer.window) is None:
        yield Gate(GateCode.WINDOW)
        return
    if not request.items or not offer.slots:
        return
    tests = _pair_tests(request, offer, today)
    pairs = [(item, slot) for item in request.items for slot in offer.slots]
    nowhere = [code for code, passes in tests if not any(passes(*pair) for pair in pairs)]
    for code in nowhere:
        yield Gate(code)
    if not nowhere and not feasible_pairs(request, offer, today=today):
        yield Gate(GateCode.NO_SLOT)


def _pair_tests(
    request: RequestProfile, offer: OfferProfile, today: date
) -> tuple[tuple[GateCode, Callable[[ItemProfile, SlotProfile], bool]], ...]:
    window = clip(request.window, today)
    shared = overlap(window, offer.window) if window else None

    def in_time(_: ItemProfile, slot: SlotProfile) -> bool:
        return shared is not None and overlap(shared, slot.window) is not None

    return (
        (GateCode.MODALITY, _same_modality),
        (GateCode.UNIT, _units_agree),
        (GateCode.WINDOW, in_time),
        (GateCode.CAPACITY, lambda _, slot: slot.capacity_left is None or slot.capacity_left > 0),
    )


def _same_modality(item: ItemProfile, slot: SlotProfile) -> bool:
    return not item.modality or not slot.modality or item.modality == slot.modality


def same_unit(item: ItemProfile, slot: SlotProfile) -> bool:
    return not item.unit or not slot.unit or slot.unit in (item.unit, UNLIMITED)


def _units_agree(item: ItemProfile, slot: SlotProfile) -> bool:
    return same_unit(item, slot) or not {item.unit, slot.unit} & UNCONVERTIBLE_UNITS


def _near_language(request: RequestProfile, offer: OfferProfile) -> NearMiss | None:
    common = common_languages(request, offer)
    if len(common) != 1 or len(request.working_languages) == 1:
        return None
    return NearMiss(GateCode.LANGUAGE, {"common": common})


def _near_window(
    request: RequestProfile, offer: OfferProfile, pairs: list[Pair], today: date
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


def _near_capacity(pairs: list[Pair]) -> NearMiss | None:
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


def _near_unit(pairs: list[Pair]) -> NearMiss | None:
    if not pairs or any(same_unit(*pair) for pair in pairs):
        return None
    item, slot = pairs[0]
    return NearMiss(GateCode.UNIT, {"asked": item.unit or "", "offered": slot.unit or ""})
