"""What a portfolio is asked and answers: light, for processes that do not solve it."""

from dataclasses import dataclass

HIGHEST = "max"


@dataclass(frozen=True, slots=True)
class Choice:
    """An item that a slot could serve: `need` and `supply` are places in the question's lists;
    `quantity` is how much of the slot it would take."""

    need: int
    supply: int
    score: float
    quantity: int


@dataclass(frozen=True, slots=True)
class Question:
    """`priorities` of the items, in the order in which they were filed; what is `left` of each
    slot, None without limit; `price` of an item left unserved, in scores; `floor` is the least
    score that may be given, "max" for the highest at which no item loses its slot; `kept` are
    places of choices that stay."""

    priorities: tuple[float, ...]
    left: tuple[int | None, ...]
    choices: tuple[Choice, ...]
    price: float = 1.0
    floor: float | str | None = None
    kept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Places of the `chosen` choices, and what they come to: `total` is of scores by priority,
    `least` the lowest score given."""

    chosen: tuple[int, ...]
    served: int
    total: float
    least: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The `plan`; the same `without_floor`; and what `each_best` and `first_come` would come to:
    all of the same question, counted alike. `exact`: no other plan at the floor is worth more."""

    plan: Outcome
    without_floor: Outcome
    each_best: Outcome
    first_come: Outcome
    floor: float | None
    exact: bool
