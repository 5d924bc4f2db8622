"""The matcher's codes as sentences, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from concord.reference.code_lists import CodeLists
from concord.reference.languages import language_name
from concord.web.formats import listed
from concord.web.i18n import current_locale, ngettext
from concord.web.i18n import gettext as _

Codes = Mapping[str, Any]
Sentence = Callable[[Codes, CodeLists], str]


def reason(code: str, parameters: Codes, lists: CodeLists) -> str:
    """Why a term of the score is as large as it is."""
    return REASONS[code](parameters, lists)


def gate(code: str, parameters: Codes, lists: CodeLists) -> str:
    """Why a pairing is impossible; exclusions are never worded."""
    return GATES[code](parameters, lists)


def near_miss(code: str, parameters: Codes, lists: CodeLists) -> str:
    """A condition that holds, but only just."""
    return NEAR_MISSES[code](parameters, lists)


def feature_name(code: str) -> str:
    return NAMES[code]()


def topic_name(code: str, lists: CodeLists) -> str:
    topic = lists.topics.get(code)
    return _(topic.label) if topic else code


def _languages(tags: Sequence[str]) -> str:
    return listed(language_name(tag, current_locale()) for tag in tags)


def _topic(p: Codes, lists: CodeLists) -> str:
    if not p.get("asked"):
        return _("The offer names no topic")
    asked, offered = topic_name(p["asked"], lists), topic_name(p.get("offered") or "", lists)
    if p["asked"] == p.get("offered"):
        return _("Same topic: %(topic)s") % {"topic": asked}
    if not p.get("offered"):
        return _("No topic in common with “%(topic)s”") % {"topic": asked}
    return _("“%(offered)s” is near to “%(asked)s”") % {"offered": offered, "asked": asked}


def _modality(p: Codes, lists: CodeLists) -> str:
    names = [_(lists.modalities[code].label) for code in p.get("modalities", ())]
    if not names:
        return _("The kind of help is left open")
    return _("Same kind of help: %(names)s") % {"names": listed(names)}


def _language(p: Codes, lists: CodeLists) -> str:
    common = p.get("common", ())
    if not common:
        return _("The languages of delivery are left open")
    return _("Delivered in %(languages)s") % {"languages": _languages(common)}


def _window(p: Codes, lists: CodeLists) -> str:
    return _("Covers %(percent)s%% of the dates asked for") % {"percent": p.get("percent", 0)}


def _capacity(p: Codes, lists: CodeLists) -> str:
    if "percent" not in p:
        return _("The capacity is left open")
    return _("Can give %(percent)s%% of the quantity") % {"percent": p["percent"]}


def place_name(code: str, lists: CodeLists) -> str:
    state = lists.states.get(code)
    return state.name(current_locale()) if state else _(code)


def _region(p: Codes, lists: CodeLists) -> str:
    if not p.get("place"):
        return _("Offered everywhere")
    return _("Offered for %(place)s") % {"place": place_name(p["place"], lists)}


def _funding(p: Codes, lists: CodeLists) -> str:
    words = {
        "full": _("The provider pays for it"),
        "partial": _("The provider pays a part"),
        "none": _("Funding is to be found"),
    }
    return words.get(p.get("funding", ""), _("Funding is left open"))


def _track_record(p: Codes, lists: CodeLists) -> str:
    return ngettext(
        "%(num)s delivery confirmed before", "%(num)s deliveries confirmed before", p["deliveries"]
    ) % {"num": p["deliveries"]}


def _equity(p: Codes, lists: CodeLists) -> str:
    words = {
        "ldc": _("least developed country"),
        "lldc": _("landlocked developing country"),
        "sids": _("small island developing State"),
    }
    return listed(words[group] for group in p.get("groups", ()))


def _text(p: Codes, lists: CodeLists) -> str:
    return _("The two texts speak of the same matter")


REASONS: Mapping[str, Sentence] = {
    "text": _text,
    "topic": _topic,
    "modality": _modality,
    "language": _language,
    "window": _window,
    "capacity": _capacity,
    "region": _region,
    "funding": _funding,
    "track_record": _track_record,
    "equity": _equity,
}

NAMES: Mapping[str, Callable[[], str]] = {
    "text": lambda: _("Text"),
    "topic": lambda: _("Topic"),
    "modality": lambda: _("Kind of help"),
    "language": lambda: _("Languages"),
    "window": lambda: _("Dates"),
    "capacity": lambda: _("Quantity"),
    "region": lambda: _("Region"),
    "funding": lambda: _("Funding"),
    "track_record": lambda: _("Earlier deliveries"),
    "equity": lambda: _("Least served"),
}


def _gate_language(p: Codes, lists: CodeLists) -> str:
    return _("Delivered in %(offered)s, not in %(asked)s") % {
        "offered": _languages(p.get("offered", ())),
        "asked": _languages(p.get("asked", ())),
    }


def _gate_country(p: Codes, lists: CodeLists) -> str:
    places = listed(place_name(place, lists) for place in p.get("regions", ()))
    return _("Offered for %(place)s only") % {"place": places}


GATES: Mapping[str, Sentence] = {
    "partner_not_verified": lambda p, lists: _("The provider is not verified at present"),
    "own_offer": lambda p, lists: _("It is the State’s own offer"),
    "directed_elsewhere": lambda p, lists: _("It is directed to another State"),
    "eligible_country": _gate_country,
    "language": _gate_language,
    "modality": lambda p, lists: _("No kind of help in common"),
    "unit": lambda p, lists: _("The units cannot be converted"),
    "window": lambda p, lists: _("The dates do not overlap"),
    "capacity": lambda p, lists: _("No capacity is left"),
    "no_slot": lambda p, lists: _("No single slot fits an item in every respect"),
}


def unpublished() -> str:
    return _("It is not published at present")


def _near_window(p: Codes, lists: CodeLists) -> str:
    return ngettext(
        "The dates overlap by %(num)s day only",
        "The dates overlap by %(num)s days only",
        p["days"],
    ) % {"num": p["days"]}


def _near_capacity(p: Codes, lists: CodeLists) -> str:
    return _("%(left)s left of %(asked)s asked for") % {"left": p["left"], "asked": p["asked"]}


def _near_unit(p: Codes, lists: CodeLists) -> str:
    asked, offered = lists.units.get(p["asked"]), lists.units.get(p["offered"])
    return _("Counted in other units: %(offered)s for %(asked)s") % {
        "asked": _(asked.label) if asked else p["asked"],
        "offered": _(offered.label) if offered else p["offered"],
    }


NEAR_MISSES: Mapping[str, Sentence] = {
    "language": lambda p, lists: (
        _("Only one language in common: %(languages)s")
        % {"languages": _languages(p.get("common", ()))}
    ),
    "window": _near_window,
    "capacity": _near_capacity,
    "unit": _near_unit,
}


def without(code: str, rank: int, *, now: int) -> str:
    """What taking away the largest reason would do."""
    if rank == now:
        return _("Without “%(reason)s” it would still be number %(rank)s.") % {
            "reason": feature_name(code),
            "rank": rank,
        }
    return _("Without “%(reason)s” it would be number %(rank)s.") % {
        "reason": feature_name(code),
        "rank": rank,
    }


def line(topic: str, quantity: int, unit: str) -> str:
    """One suggested line of a match."""
    return _("%(quantity)s %(unit)s for %(topic)s") % {
        "quantity": quantity,
        "unit": _(unit) if unit else "",
        "topic": topic,
    }
