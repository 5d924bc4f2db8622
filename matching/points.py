"""Values of texts as points of the score, in whole millionths."""

import numpy as np

from matching.postings import Floats, Integers
from matching.scoring import MILLION, Configuration
from matching.text import TextValues
from matching.types import FeatureCode


def rounded(value: Floats, configuration: Configuration) -> Integers:
    """The contributions of text, rounded as `contribution` rounds."""
    weight = configuration.weights.get(FeatureCode.TEXT, 0.0)
    return np.rint(MILLION * weight * value).astype(np.int64)


def best_score(value: Floats, points: Integers, configuration: Configuration) -> float:
    """The highest sum of values of texts and points of stated fields."""
    return int((rounded(value, configuration) + points).max()) / MILLION


def signals(text: TextValues, row: int) -> dict[str, float]:
    """What the value at a row was made of."""
    parts = {"base": text.base[row], "words": text.words[row], "meaning": text.meaning[row]}
    return {name: round(float(np.float64(value)), 6) for name, value in parts.items()}
