"""From which score on two records may say the same: as answers teach, once there are enough."""

from collections.abc import Sequence
from dataclasses import dataclass

ENOUGH = 50
SURE = 0.9
"""Of the answers from the likely threshold on, this share says “the same”."""
MISSED = 0.02
"""Of all that are the same, at most this share lies below the possible threshold."""
FEWEST = 10


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`learned` from that many `answers`, or the matcher's own."""

    likely: float
    possible: float
    answers: int = 0
    learned: bool = False

    def verdict(self, score: float, otherwise: str) -> str | None:
        """Likely, possible or nothing at all; the matcher's own word until enough is learned."""
        if not self.learned:
            return otherwise
        if score < self.possible:
            return None
        return "likely" if score >= self.likely else "possible"


USUAL = Thresholds(likely=0.91, possible=0.75)
"""Those of the matcher for texts alone; fields that agree lower them."""


def learned(answers: Sequence[tuple[float, bool]]) -> Thresholds:
    """`answers` are scores with whether a person said “the same”."""
    if len(answers) < ENOUGH:
        return Thresholds(USUAL.likely, USUAL.possible, answers=len(answers))
    possible = _possible(answers)
    likely = max(_likely(answers), possible)
    return Thresholds(likely, possible, answers=len(answers), learned=True)


def _likely(answers: Sequence[tuple[float, bool]]) -> float:
    """The lowest score from which on nearly all were the same; beyond reach if there is none."""
    found, same = 1.01, 0
    ordered = sorted(answers, reverse=True)
    for count, (score, is_same) in enumerate(ordered, 1):
        same += is_same
        last = count == len(ordered) or ordered[count][0] < score
        if last and count >= FEWEST and same / count >= SURE:
            found = score
    return found


def _possible(answers: Sequence[tuple[float, bool]]) -> float:
    """The highest score below which hardly any that are the same lie."""
    same = sorted(score for score, is_same in answers if is_same)
    return same[int(len(same) * MISSED)] if len(same) >= FEWEST else 0.0
