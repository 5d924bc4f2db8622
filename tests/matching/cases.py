"""A request and an offer that fit, and strategies for any others."""

from collections.abc import Sequence
from datetime import date
from zlib import crc32

import numpy as np
from hypothesis import strategies as st

from matching.encoder import LexicalOnly, Vectors
from matching.ranking import OfferIndex
from matching.scoring import Configuration
from matching.types import (
    ALWAYS,
    Funding,
    ItemProfile,
    OfferProfile,
    RequestProfile,
    SlotProfile,
    TopicTree,
    Window,
)

TODAY = date(2026, 3, 2)
YEAR = Window(date(2026, 4, 1), date(2027, 3, 31))
TOPICS = TopicTree(
    parents={"INV.01": "INV", "INV.02": "INV", "INV.04": "INV", "EVD.01": "EVD", "SUB.07": "SUB"},
    related={"SUB.07": ("INV.04",)},
)
ITEM = ItemProfile("i1", "INV.01", "training_course", "police", 20, "training_places")
SLOT = SlotProfile(
    "s1", "INV.01", "training_course", 30, "training_places", Funding.FULL, Window(YEAR.start)
)
REQUEST = RequestProfile(
    id="r1",
    title="Training of cybercrime investigators",
    text="The specialised unit asks for a course on the search of seized telephones.",
    language="en",
    items=(ITEM,),
    state="QMA",
    regions=("150",),
    working_languages=("en", "fr"),
    window=YEAR,
)
OFFER = OfferProfile(
    id="o1",
    title="Course on seized telephones",
    text="Investigators learn to search seized telephones and to keep a chain of custody.",
    language="en",
    organization="org1",
    slots=(SLOT,),
    delivery_languages=("en",),
)


class HashedWords:
    """A stand-in model: texts that share words get close vectors, in any language."""

    dimension = 32
    model_version = "hashed"

    def reads(self, language: str) -> bool:
        return language != "xx"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._vector(text) for text in texts], np.float32).reshape(-1, 32)

    def _vector(self, text: str) -> Vectors:
        sums = np.zeros(self.dimension, np.float32)
        for word in text.casefold().split():
            sums += np.random.default_rng(crc32(word.encode())).normal(size=32).astype(np.float32)
        length = np.linalg.norm(sums)
        return sums / length if length else sums


def index(*offers: OfferProfile, weights: Configuration | None = None) -> OfferIndex:
    made = OfferIndex(
        configuration=weights or Configuration(), encoder=LexicalOnly(), topics=TOPICS
    )
    made.upsert(offers)
    return made


WORDS = (
    "training",
    "forensic",
    "courts",
    "preuves",
    "électronique",
    "الأدلة",
    "电子证据",
    "закон",
)
texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
languages = st.sampled_from(["en", "fr", "ar", "zh", "ru", None])
codes = st.sampled_from(["INV", "INV.01", "INV.02", "INV.04", "EVD.01", "SUB.07", "OTHER", None])
modalities = st.sampled_from(["training_course", "equipment", None])
units = st.sampled_from(["training_places", "licences", "missions", None])
windows = st.sampled_from([ALWAYS, YEAR, Window(None, date(2026, 5, 1)), Window(date(2027, 1, 1))])
counts = st.none() | st.integers(0, 40)
states = st.sampled_from(["QMA", "QNA", "QOA"])
spoken = st.lists(st.sampled_from(["en", "fr", "ar"]), max_size=2, unique=True).map(tuple)

items = st.builds(ItemProfile, st.uuids().map(str), codes, modalities, st.none(), counts, units)
slots = st.builds(
    SlotProfile,
    st.uuids().map(str),
    codes,
    modalities,
    counts,
    units,
    st.none() | st.sampled_from(Funding),
    windows,
)
requests = st.builds(
    RequestProfile,
    id=st.uuids().map(str),
    title=texts,
    text=texts,
    language=languages,
    items=st.lists(items, max_size=2).map(tuple),
    state=st.none() | states,
    working_languages=spoken,
    window=windows,
    sids=st.booleans(),
    excluded_organizations=st.sampled_from([(), ("org1",)]),
)
offers = st.builds(
    OfferProfile,
    id=st.uuids().map(str),
    title=texts,
    text=texts,
    language=languages,
    organization=st.sampled_from(["org1", "org2"]),
    organization_state=st.none() | states,
    verified=st.sampled_from([True, True, True, False]),
    slots=st.lists(slots, max_size=2).map(tuple),
    delivery_languages=spoken,
    regions=st.lists(states, max_size=1).map(tuple),
    excluded_states=st.lists(states, max_size=1).map(tuple),
    past=st.lists(texts, max_size=4).map(tuple),
    track_record=st.integers(0, 20),
)
offer_lists = st.lists(offers, max_size=6, unique_by=lambda offer: offer.id)
