"""Offers that the matcher's process remembers beside its index: those looked at lately."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from matching.excerpts import digest, offer_texts
from matching.types import OfferProfile

REMEMBERED = 20_000


class _One(NamedTuple):
    mark: str
    offer: OfferProfile
    vectors: dict[bytes, bytes]


class Aside:
    """Each with the fingerprint under which it was loaded; those longest unasked for go first."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[str, _One] = OrderedDict()

    def lacking(self, marks: Mapping[str, str], members: Collection[str]) -> list[str]:
        """Those of these offers, by id and fingerprint, that are neither here nor members."""
        found = []
        for offer, mark in marks.items():
            known = self._known.get(offer)
            if known is not None and known.mark == mark:
                self._known.move_to_end(offer)
            elif offer not in members:
                found.append(offer)
        return found

    def put(
        self,
        offers: Iterable[OfferProfile],
        marks: Mapping[str, str],
        vectors: Mapping[bytes, bytes],
    ) -> None:
        for offer in offers:
            texts = (digest(text) for text in offer_texts(offer))
            own = {text: vectors[text] for text in texts if text in vectors}
            self._known[offer.id] = _One(marks[offer.id], offer, own)
            self._known.move_to_end(offer.id)
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    def get(self, offer: str) -> OfferProfile | None:
        known = self._known.get(offer)
        return known.offer if known else None

    def vectors(self, offers: Iterable[str]) -> dict[bytes, bytes]:
        """Those of all texts of these offers."""
        found: dict[bytes, bytes] = {}
        for offer in offers:
            if known := self._known.get(offer):
                found |= known.vectors
        return found

    def clear(self) -> None:
        self._known.clear()
