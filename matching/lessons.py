"""From decisions to an evaluated order of texts and a calibrated probability, in one call."""

from collections.abc import Sequence

import numpy as np

from matching.decisions import DecidedList, Decisions, Evaluation, Outcome, ShownOffer
from matching.encoder import Vectors, one_thread
from matching.learning import Decided, Lesson, calibrate, learn
from matching.postings import Floats
from matching.reorder import features


def train(decisions: Decisions) -> Evaluation:
    """Trains on all lists and judges on those that the order in force had ranked.

    Deterministic: the same decisions give the same weights, to the last bit on one machine.
    """
    lists = sorted(decisions.lists, key=lambda one: (one.request, one.offers[0].offer))
    made = [one for one in (_decided(each, decisions) for each in lists) if one is not None]
    with one_thread():
        lesson = learn(made, version=decisions.version)
    slope, intercept, error = _calibrated(lesson, made, decisions)
    trained = lesson.model is not None
    return Evaluation(
        lists=lesson.lists,
        requests=len({one.request for one in decisions.lists}),
        decisions=decisions.count,
        weights=lesson.model.weights.astype("<f8").tobytes() if lesson.model else b"",
        before=round(lesson.before, 6),
        after=round(lesson.after, 6),
        gain=round(lesson.gain.mean, 6),
        low=round(lesson.gain.low, 6),
        high=round(lesson.gain.high, 6),
        agreement=round(lesson.agreement, 6) if trained else 0.0,
        refusals=lesson.refusals,
        slope=slope,
        intercept=intercept,
        error=error,
    )


def _decided(one: DecidedList, decisions: Decisions) -> Decided | None:
    """Offers whose text is no longer known are left out; None when too little remains."""
    vectors = decisions.vectors
    offers = [each for each in one.offers if not vectors or each.offer in vectors]
    if len(offers) < 2 or (vectors and one.request not in vectors):
        return None
    rest = _column(offers, "rest")
    made = features(
        _column(offers, "base"),
        _column(offers, "words"),
        _column(offers, "meaning"),
        _vector(vectors.get(one.request, b"")),
        np.stack([_vector(vectors.get(each.offer, b"")) for each in offers]),
    )
    return Decided(
        group=one.group,
        features=made,
        current=_column(offers, "text") + rest,
        chosen=np.array([each.outcome is Outcome.PROPOSED for each in offers]),
        rest=rest,
        judged=one.learned == decisions.in_force,
    )


def _calibrated(
    lesson: Lesson, made: Sequence[Decided], decisions: Decisions
) -> tuple[float | None, float | None, float | None]:
    """Of the order that is in force from now on, over the total scores."""
    judged = [one for one in made if one.judged and one.chosen.any() and not one.chosen.all()]
    if not judged:
        return None, None, None
    scores = lesson.unseen if lesson.is_better else tuple(one.current for one in judged)
    found = calibrate(
        decisions.text_weight * np.concatenate(scores),
        np.concatenate([one.chosen for one in judged]),
    )
    return round(found.slope, 6), round(found.intercept, 6), round(found.error, 6)


def _column(offers: Sequence[ShownOffer], name: str) -> Floats:
    return np.array([getattr(each, name) for each in offers], np.float64)


def _vector(stored: bytes) -> Vectors:
    return np.frombuffer(stored, "<f4").astype(np.float32)
