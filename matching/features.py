"""The structured terms of the score: each a value in [0, 1] with what the words need."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from matching.eligibility import Pair, capacity_share, common_languages
from matching.topics import TAGGED, nearest
from matching.types import (
    FeatureCode,
    Funding,
    OfferProfile,
    Parameters,
    RequestProfile,
    TopicTree,
)
from matching.windows import clip, overlap, overlap_share

# An offer that leaves open what the request asks for: better than a bad answer.
UNSTATED = 0.4
ANYWHERE = 0.5
REGION_NAMED = 0.8
FULL_TRACK_RECORD = 10
FUNDED = {Funding.FULL: 1.0, Funding.PARTIAL: 0.5, Funding.NONE: 0.0}

Value = tuple[float, Parameters]


@dataclass(frozen=True, slots=True)
class Case:
    """One possible pairing, with what several features need."""

    request: RequestProfile
    offer: OfferProfile
    pairs: tuple[Pair, ...]
    topics: TopicTree
    today: date


def features(this: Case) -> dict[FeatureCode, Value]:
    """Terms that the request gives a meaning to; a term left out contributes nothing."""
    found = {code: measure(this) for code, measure in MEASURES.items()}
    return {code: value for code, value in found.items() if value is not None}


def _topic_fit(this: Case, topic: str) -> tuple[float, str]:
    slots = [slot.topic for slot in this.offer.slots if slot.topic]
    best = nearest(topic, slots, this.topics)
    score, tag = nearest(topic, this.offer.tags, this.topics)
    return max(best, (TAGGED * score, tag), key=lambda found: found[0])


def _topic(this: Case) -> Value | None:
    asked = [item.topic for item in this.request.items if item.topic] or list(this.request.tags)
    if not asked:
        return None
    if not this.offer.tags and not any(slot.topic for slot in this.offer.slots):
        return UNSTATED, {}
    fits = [(*_topic_fit(this, topic), topic) for topic in asked]
    score, offered, topic = max(fits, key=lambda fit: fit[0])
    value = sum(fit[0] for fit in fits) / len(fits)
    return value, {"asked": topic, "offered": offered, "closeness": round(score, 2)}


def _modality(this: Case) -> Value | None:
    asked = [item for item in this.request.items if item.modality]
    if not asked:
        return None
    if not any(slot.modality for slot in this.offer.slots):
        return UNSTATED, {}
    met = [item for item in asked if any(_same(item.id, pair) for pair in this.pairs)]
    names = tuple(sorted({item.modality for item in met if item.modality}))
    return len(met) / len(asked), {"modalities": names, "met": len(met), "asked": len(asked)}


def _same(item: str, pair: Pair) -> bool:
    return pair[0].id == item and pair[0].modality == pair[1].modality


def language(this: Case) -> Value | None:
    asked = this.request.working_languages
    if not asked:
        return None
    if not this.offer.delivery_languages:
        return UNSTATED, {}
    common = common_languages(this.request, this.offer)
    return len(common) / len(asked), {"common": common}


def _window(this: Case) -> Value | None:
    wanted = clip(this.request.window, this.today)
    if wanted is None or this.request.window == (None, None):
        return None
    given = [overlap(this.offer.window, slot.window) for _, slot in this.pairs]
    spans = [span for span in given if span is not None] or [this.offer.window]
    share = max(overlap_share(wanted, span) for span in spans)
    return share, {"percent": round(100 * share)}


def _capacity(this: Case) -> Value | None:
    counted = [item for item in this.request.items if item.quantity]
    if not counted:
        return None
    if not this.offer.slots:
        return UNSTATED, {}
    best = [
        max((capacity_share(*pair) for pair in this.pairs if pair[0].id == item.id), default=0.0)
        for item in counted
    ]
    share = sum(best) / len(best)
    return share, {"percent": round(100 * share)}


def region(this: Case) -> Value | None:
    states = this.request.states
    if not states and not this.request.regions:
        return None
    named = [state for state in states if state in this.offer.regions]
    if named or (this.offer.directed_state and this.offer.directed_state in states):
        return 1.0, {"place": named[0] if named else this.offer.directed_state or ""}
    regions = [region for region in this.request.regions if region in this.offer.regions]
    return (REGION_NAMED, {"place": regions[0]}) if regions else (ANYWHERE, {"place": ""})


def _funding(this: Case) -> Value | None:
    if not this.request.items:
        return None
    slots = [slot for _, slot in this.pairs] or list(this.offer.slots)
    stated = [slot.funding for slot in slots if slot.funding]
    if not stated:
        return UNSTATED, {}
    best = max(stated, key=lambda funding: FUNDED[funding])
    return FUNDED[best], {"funding": best.value}


def track_record(this: Case) -> Value | None:
    count = this.offer.track_record
    if count <= 0:
        return None
    share = math.log1p(count) / math.log1p(FULL_TRACK_RECORD)
    return min(1.0, share), {"deliveries": count}


def equity(this: Case) -> Value | None:
    request = this.request
    groups = {"ldc": request.ldc, "lldc": request.lldc, "sids": request.sids}
    named = tuple(name for name, holds in groups.items() if holds)
    return (1.0, {"groups": named}) if named else None


MEASURES: dict[FeatureCode, Callable[[Case], Value | None]] = {
    FeatureCode.TOPIC: _topic,
    FeatureCode.MODALITY: _modality,
    FeatureCode.LANGUAGE: language,
    FeatureCode.WINDOW: _window,
    FeatureCode.CAPACITY: _capacity,
    FeatureCode.REGION: region,
    FeatureCode.FUNDING: _funding,
    FeatureCode.TRACK_RECORD: track_record,
    FeatureCode.EQUITY: equity,
}
