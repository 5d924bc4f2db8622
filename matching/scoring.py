"""The linear score: contribution = weight x value, in whole millionths so that sums are exact."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from matching.types import FeatureCode

MILLION = 1_000_000
VERSION = "linear-1"

WEIGHTS: Mapping[FeatureCode, float] = {
    FeatureCode.TEXT: 0.34,
    FeatureCode.TOPIC: 0.26,
    FeatureCode.LANGUAGE: 0.09,
    FeatureCode.WINDOW: 0.08,
    FeatureCode.CAPACITY: 0.07,
    FeatureCode.MODALITY: 0.06,
    FeatureCode.REGION: 0.05,
    FeatureCode.FUNDING: 0.03,
    FeatureCode.TRACK_RECORD: 0.02,
    FeatureCode.EQUITY: 0.0,
}


@dataclass(frozen=True, slots=True)
class TextWeights:
    """Weights of the signals by kind of text; `long_from` counts words."""

    own_words: float = 0.4
    own_meaning: float = 0.6
    other_words: float = 0.3
    other_meaning: float = 1.0
    long_words: float = 1.6
    long_meaning: float = 0.16
    long_offset: float = 0.2
    long_from: int = 80
    centre: float = 0.2
    scale: float = 0.1


BOTH = TextWeights()
WORDS_ALONE = TextWeights(own_words=0.9, other_words=0.6)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Weights of the terms (a missing one is 0) and the name under which results are kept;
    `text` where the model reads both languages, `words` where it does not."""

    weights: Mapping[FeatureCode, float] = field(default_factory=lambda: dict(WEIGHTS))
    version: str = VERSION
    text: TextWeights = BOTH
    words: TextWeights = WORDS_ALONE


def with_equity(weight: float) -> Configuration:
    """The usual weights with this one for the least served; its name says so."""
    if not weight:
        return Configuration()
    return Configuration({**WEIGHTS, FeatureCode.EQUITY: weight}, f"{VERSION}-equity-{weight:g}")


def contribution(code: FeatureCode, value: float, configuration: Configuration) -> int:
    """In millionths: integers sum without rounding."""
    return round(MILLION * configuration.weights.get(code, 0.0) * value)
