"""A learned order of the head of a list: the values stay, the offers change places."""

from dataclasses import dataclass

import numpy as np

from matching.encoder import Vectors
from matching.postings import Floats, Integers
from matching.types import Head

HEAD = 200
SIGNALS = 3
# Signals are wide and distances of single dimensions narrow; brought to a like spread.
SIGNAL_SCALE = 5.0
DISTANCE_SCALE = 10.0


@dataclass(frozen=True, slots=True)
class TextModel:
    """`weights` (3 + d,): of the value, the words and the meaning, and of each dimension's
    distance between the vectors of request and offer."""

    version: str
    weights: Floats


def model_of(version: str, weights: bytes) -> TextModel:
    """A stored model, as the ranking uses it."""
    return TextModel(version, np.frombuffer(weights, "<f8").astype(np.float64))


def features(
    value: Floats, words: Floats, meaning: Floats, request: Vectors, offers: Vectors
) -> Floats:
    """(k, 3 + d) for k offers of one list, with vectors (d,) and (k, d)."""
    signals = SIGNAL_SCALE * np.stack([value, words, meaning], axis=1)
    return np.concatenate([signals, DISTANCE_SCALE * np.abs(offers - request)], axis=1)


def spread(made: Floats) -> Floats:
    """Without what all offers of the list have in common."""
    centred: Floats = made - made.mean(axis=0)
    return centred


def head(value: Floats, possible: Integers) -> Integers:
    """The places of the highest values among the `possible` ones, highest first, ties by place."""
    return possible[np.argsort(-value[possible], kind="stable")[:HEAD]]


def limits(value: Floats, places: Integers) -> Head:
    """Whatever reaches the head may be given any of its values; a short list is all head."""
    low = float(value[places[-1]]) if len(places) >= HEAD else 0.0
    return Head(low, float(value[places[0]]))


def highest(value: Floats, head: Head | None, *, slack: float) -> Floats:
    """The most that a learned order can give to each; `head`: where it was before, if known."""
    if head is None:
        return np.ones_like(value)
    most = np.maximum(value, head.high + slack)
    lifted: Floats = np.where(value >= head.low - slack, most, value)
    return lifted


def reordered(value: Floats, places: Integers, scores: Floats) -> Floats:
    """The same values at the same heights, given to the offers in the order of `scores`."""
    result = value.copy()
    result[places[np.argsort(-scores, kind="stable")]] = value[places]
    return result
