"""A request and an offer side by side, aspect by aspect."""

from collections.abc import Callable, Collection, Iterable, Sequence

from concord.offers.models import Offer, OfferSlot
from concord.pairings import wording
from concord.pairings.lines import Period, related, slot_left
from concord.reference.code_lists import CodeLists
from concord.requests.views import ItemView, RequestView
from concord.web.elements import Comparison
from concord.web.formats import language_name, period
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _

OPEN = "—"
Slots = Sequence[OfferSlot]


def comparison_rows(
    request: RequestView, offer: Offer, slots: Slots, lists: CodeLists
) -> list[Comparison]:
    """What both say of topic, kind of help, languages, dates, quantity and place."""
    return [
        _topics(request, slots, lists),
        _modalities(request, slots, lists),
        _languages(request, offer),
        _dates(request, offer),
        _quantities(request, slots, lists),
        _places(request, offer, lists),
    ]


def _topics(request: RequestView, slots: Slots, lists: CodeLists) -> Comparison:
    asked = _distinct(item.topic for item in request.items)
    given = _distinct(slot.topic_id for slot in slots)
    near = any(related(one, other, lists) for one in asked for other in given)
    return Comparison(
        _("Topics"),
        _joined(asked, lambda code: wording.topic_name(code, lists)),
        _joined(given, lambda code: wording.topic_name(code, lists)),
        _verdict(asked, given, near=near),
    )


def _modalities(request: RequestView, slots: Slots, lists: CodeLists) -> Comparison:
    asked = _distinct(item.modality for item in request.items)
    given = _distinct(slot.modality_id for slot in slots)
    return Comparison(
        _("Kind of help"),
        _joined(asked, lambda code: _(lists.modalities[code].label)),
        _joined(given, lambda code: _(lists.modalities[code].label)),
        _verdict(asked, given),
    )


def _languages(request: RequestView, offer: Offer) -> Comparison:
    asked, given = request.working_languages, offer.delivery_languages
    return Comparison(
        _("Languages"),
        _joined(asked, language_name),
        _joined(given, language_name),
        _verdict(asked, given),
    )


def _dates(request: RequestView, offer: Offer) -> Comparison:
    asked = Period(request.starts_on, request.ends_on)
    given = Period(offer.starts_on, offer.ends_on)
    shared = asked.common(given)
    whole = shared == asked
    return Comparison(
        _("Dates"),
        period(asked.starts_on, asked.ends_on),
        period(given.starts_on, given.ends_on),
        "same" if whole else "near" if shared else "differs",
    )


def _quantities(request: RequestView, slots: Slots, lists: CodeLists) -> Comparison:
    """Asked and still free, each in its own unit."""
    enough = [_is_covered(item, slots) for item in request.items]
    verdict = "same" if enough and all(enough) else "near" if any(enough) else "differs"
    asked = [_amount(item.quantity, item.unit, lists) for item in request.items]
    given = [
        _amount(slot_left(slot) if slot.capacity is not None else None, slot.unit_id, lists)
        for slot in slots
    ]
    return Comparison(_("Quantity"), _lines(asked), _lines(given), verdict if asked else "")


def _is_covered(item: ItemView, slots: Slots) -> bool:
    wanted = item.quantity or 0
    return any(
        slot.modality_id == item.modality
        and slot_left(slot) >= wanted
        and slot.unit_id in {item.unit, "unlimited"}
        for slot in slots
    )


def _places(request: RequestView, offer: Offer, lists: CodeLists) -> Comparison:
    state = lists.states.get(request.lead_state or "")
    asked = state.name(current_locale()) if state else ""
    places = {state.code, state.region, state.subregion} if state else set()
    everywhere = not offer.regions
    fits = everywhere or bool(places & set(offer.regions))
    given = _("Everywhere") if everywhere else _joined(offer.regions, _place(lists))
    return Comparison(_("Place"), asked, given, "same" if fits else "differs")


def _place(lists: CodeLists) -> Callable[[str], str]:
    return lambda code: wording.place_name(code, lists)


def _amount(quantity: int | None, unit: str | None, lists: CodeLists) -> str:
    entry = lists.units.get(unit or "")
    label = _(entry.label) if entry else ""
    return f"{quantity} {label}".strip() if quantity is not None else label or OPEN


def _lines(parts: Collection[str]) -> str:
    return "; ".join(parts) or OPEN


def _distinct(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def _joined(codes: Iterable[str], name: Callable[[str], str]) -> str:
    return "; ".join(str(name(code)) for code in codes) or OPEN


def _verdict(asked: Collection[str], given: Collection[str], *, near: bool = False) -> str:
    """Everything asked for is there, some of it or something near, or nothing."""
    if not asked or not given:
        return ""
    if set(asked) <= set(given):
        return "same"
    return "near" if near or set(asked) & set(given) else "differs"
