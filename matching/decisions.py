"""What people decided on lists that were shown, as values that cross between processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Until this many decisions a probability is shown as a band.
BANDS_UNTIL = 200


class Outcome(StrEnum):
    """What became of an offer on a shown list: proposed, proposed and declined as unfit, passed
    over for one below it, or merely shown."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    SKIPPED = "skipped"
    SHOWN = "shown"


class Refusal(StrEnum):
    """Why a new order is not adopted."""

    TOO_FEW = "too_few"
    NOT_BETTER = "not_better"
    TURNED_ROUND = "turned_round"
    HELD = "held"  # a person took the last one back: the clock adopts nothing


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """`text` is the value of the texts as ranked, `base` the same before a learned order; `rest`
    is what all other terms added, in units of the text's value."""

    offer: str
    text: float
    base: float
    words: float
    meaning: float
    rest: float
    outcome: Outcome

    @property
    def is_decided(self) -> bool:
        return self.outcome is not Outcome.SHOWN


@dataclass(frozen=True, slots=True)
class DecidedList:
    """One list in the order in which it was shown; `learned` names the order it was ranked by,
    empty for the untrained one. Lists of one `group` ask for the same."""

    group: str
    request: str
    learned: str
    offers: tuple[ShownOffer, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """Everything a model is trained on; `vectors` (float32) of requests and offers by id, empty
    where only words are compared. `in_force` names the order that a new one has to beat."""

    version: str
    in_force: str
    text_weight: float
    lists: tuple[DecidedList, ...]
    vectors: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(each.is_decided for one in self.lists for each in one.offers)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What training found. Average precision `before` and `after`, their paired difference
    `gain` with its 95 % interval; `weights` (float64) is empty where nothing was trained.
    `slope`, `intercept` and `error` turn a total score into a probability; None where the
    decisions are of one kind only."""

    lists: int
    requests: int
    decisions: int
    weights: bytes = b""
    before: float = 0.0
    after: float = 0.0
    gain: float = 0.0
    low: float = 0.0
    high: float = 0.0
    agreement: float = 0.0
    refusals: tuple[Refusal, ...] = ()
    slope: float | None = None
    intercept: float | None = None
    error: float | None = None

    @property
    def is_adopted(self) -> bool:
        return bool(self.weights) and not self.refusals
