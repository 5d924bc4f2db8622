"""What decisions teach about texts: a new order of the list that was shown, if it is better.

A decision marks offers of a shown list as right. The model is trained on exactly those lists and
re-orders the head of a list alone; marks from elsewhere would teach where offers come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from matching.decisions import BANDS_UNTIL, Refusal
from matching.evaluation import Interval, bootstrap, spearman
from matching.postings import Floats
from matching.reorder import TextModel, head, reordered, spread

Bits = NDArray[np.bool_]

FOLDS = 5
# Fewer decided lists than this teach nothing reliable.
ENOUGH = 20
BINS = 10
STRENGTH = 0.01
SEED = 1


@dataclass(frozen=True, slots=True)
class Decided:
    """One shown list: `features` (k, d) and `current` (k,) scores as shown, `chosen` (k,).
    Lists of one `group` ask for the same and are never split between training and test.
    `rest` (k,) is what other terms than texts added to the scores; a list that is not `judged`
    was shown by another order than the one to beat: it teaches, and proves nothing."""

    group: str
    features: Floats
    current: Floats
    chosen: Bits
    rest: Floats | None = None
    judged: bool = True

    def scored(self, scores: Floats) -> Floats:
        """The list's scores, were its texts ordered by these; the values keep their heights."""
        if self.rest is None:
            return scores
        texts = self.current - self.rest
        places = head(texts, np.arange(len(texts)))
        return reordered(texts, places, np.round(scores, 9)) + self.rest


@dataclass(frozen=True, slots=True)
class Calibration:
    """Probability = 1 / (1 + exp(-(slope x score + intercept))) (Platt 1999); `error` is the
    mean distance of stated and seen frequencies over ten bins, `decisions` the count behind."""

    slope: float
    intercept: float
    error: float
    decisions: int

    def probability(self, score: float) -> float:
        return float(1 / (1 + np.exp(-(self.slope * score + self.intercept))))

    @property
    def is_band(self) -> bool:
        return self.decisions < BANDS_UNTIL


@dataclass(frozen=True, slots=True)
class Lesson:
    """A trained model with what it gained in average precision on lists it had not seen, and
    how far its order agrees with that of the texts alone (mean Spearman over the lists).
    `model` is None when there were too few lists to train at all."""

    model: TextModel | None
    lists: int
    before: float
    after: float
    gain: Interval
    agreement: float = 1.0
    unseen: tuple[Floats, ...] = ()

    @property
    def is_better(self) -> bool:
        return not self.refusals

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Adopt only when the paired 95 % interval of the gain lies above 0, and never an order
        that turns the texts' own one round: somebody may have fed it."""
        if self.model is None:
            return (Refusal.TOO_FEW,)
        found = {
            Refusal.NOT_BETTER: self.gain.low <= 0,
            Refusal.TURNED_ROUND: self.agreement <= 0,
        }
        return tuple(code for code, holds in found.items() if holds)


def learn(decided: Sequence[Decided], *, version: str, strength: float = STRENGTH) -> Lesson:
    """Trains on all lists, and judges on folds of groups; the order of the lists is kept."""
    useful = [each for each in decided if each.chosen.any() and not each.chosen.all()]
    judged = [place for place, each in enumerate(useful) if each.judged]
    if len(judged) < ENOUGH or len({useful[place].group for place in judged}) < FOLDS:
        return Lesson(None, len(judged), 0.0, 0.0, Interval(0.0, 0.0, 0.0))
    found = unseen_scores(useful, strength=strength)
    unseen = tuple(useful[place].scored(found[place]) for place in judged)
    lists = [useful[place] for place in judged]
    before = [average_precision_of(each.current, each.chosen) for each in lists]
    after = [
        average_precision_of(scores, each.chosen)
        for scores, each in zip(unseen, lists, strict=True)
    ]
    gain = bootstrap([new - old for new, old in zip(after, before, strict=True)])
    agreement = [_agreement(useful[place].features[:, 0], found[place]) for place in judged]
    return Lesson(
        TextModel(version, _fit(useful, strength)),
        len(lists),
        float(np.mean(before)),
        float(np.mean(after)),
        gain,
        float(np.mean(agreement)),
        unseen,
    )


def _agreement(first: Floats, second: Floats) -> float:
    same = first.min() == first.max() or second.min() == second.max()
    return 0.0 if same else spearman(first.tolist(), second.tolist())


def unseen_scores(decided: Sequence[Decided], *, strength: float = STRENGTH) -> list[Floats]:
    """Each list scored by a model that saw no list of its group."""
    groups = sorted({each.group for each in decided})
    shuffled = np.random.default_rng(SEED).permutation(len(groups))
    fold = {groups[place]: number % FOLDS for number, place in enumerate(shuffled.tolist())}
    weights = {
        number: _fit([each for each in decided if fold[each.group] != number], strength)
        for number in range(FOLDS)
    }
    return [spread(each.features) @ weights[fold[each.group]] for each in decided]


def calibrate(scores: Floats, chosen: Bits) -> Calibration:
    """From scores (n,) of decided pairs and whether each was right; both kinds must occur."""
    model = LogisticRegression(C=1e6, max_iter=1000).fit(scores[:, None], chosen)
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    stated = 1 / (1 + np.exp(-(slope * scores + intercept)))
    return Calibration(slope, intercept, calibration_error(stated, chosen), len(scores))


def calibration_error(stated: Floats, seen: Bits) -> float:
    """Mean over ten equally filled bins of |mean stated - share seen| (Naeini et al. 2015)."""
    bins = np.array_split(np.argsort(stated, kind="stable"), min(BINS, len(stated)))
    gaps = [abs(float(stated[each].mean()) - float(seen[each].mean())) for each in bins]
    return float(np.average(gaps, weights=[len(each) for each in bins]))


def average_precision_of(scores: Floats, chosen: Bits) -> float:
    """Of one list, ties in the order shown."""
    places = np.flatnonzero(chosen[np.argsort(-scores, kind="stable")]) + 1
    return float((np.arange(1, len(places) + 1) / places).mean()) if len(places) else 0.0


def _fit(decided: Sequence[Decided], strength: float) -> Floats:
    """Logistic regression within lists: what a list has in common teaches nothing."""
    features = np.concatenate([spread(each.features) for each in decided])
    chosen = np.concatenate([each.chosen for each in decided])
    weights: Floats = LogisticRegression(C=strength, max_iter=300).fit(features, chosen).coef_[0]
    return weights
