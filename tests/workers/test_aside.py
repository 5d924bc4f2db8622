"""Offers looked at lately are remembered under their fingerprint, the latest longest."""

from matching.excerpts import digest
from matching.types import OfferProfile
from workers.aside import Aside


def offer(name: str, *past: str) -> OfferProfile:
    return OfferProfile(id=name, title=name, text=f"{name} in words", past=past)


def test_an_offer_is_lacking_until_it_is_put_and_when_it_changed() -> None:
    aside = Aside()
    assert aside.lacking({"a": "1", "b": "1", "c": "1"}, {"c"}) == ["a", "b"]
    aside.put([offer("a"), offer("b")], {"a": "1", "b": "1"}, {})
    assert aside.lacking({"a": "1", "b": "2", "c": "1"}, {"c"}) == ["b"]
    assert aside.get("a") == offer("a")
    assert aside.get("c") is None


def test_the_longest_unasked_for_goes_first() -> None:
    aside = Aside(most=2)
    aside.put([offer("a"), offer("b")], {"a": "1", "b": "1"}, {})
    assert aside.lacking({"a": "1"}, set()) == []
    aside.put([offer("c")], {"c": "1"}, {})
    assert aside.lacking({"a": "1", "b": "1", "c": "1"}, set()) == ["b"]


def test_vectors_of_all_its_texts_are_remembered_with_it() -> None:
    aside = Aside()
    made = offer("a", "An earlier course")
    own = {digest("a in words"): b"1", digest("An earlier course"): b"2"}
    aside.put([made], {"a": "1"}, own | {digest("Of another"): b"3"})
    assert aside.vectors(["a", "unknown"]) == own
