"""Which slot for which item, over all open requests at once, and what that is better than."""

from collections.abc import Callable, Sequence

import numpy as np

from matching.plans import HIGHEST, Answer, Choice, Outcome, Question
from matching.pruning import Pairs, Prices
from matching.solver import Floats, Integers
from matching.units import Units, match, near_prices

FLOORS = 256


def solve(question: Question) -> Answer:
    """Exact over numbers of slots; where the quantities of one slot's items do not fit together,
    those with the lowest scores go elsewhere."""
    free = _outcome(question, _plan(question, -np.inf))
    floor = _floor(question, free)
    plan = free if floor is None else _outcome(question, _plan(question, floor))
    return Answer(
        plan=plan,
        without_floor=free,
        each_best=_outcome(question, _each_best(question)),
        first_come=_outcome(question, _first_come(question)),
        floor=floor,
    )


def _floor(question: Question, free: Outcome) -> float | None:
    if question.floor != HIGHEST:
        return None if question.floor is None else float(question.floor)
    scores = sorted({choice.score for choice in question.choices if choice.score >= free.least})
    scores = [scores[place] for place in _spread_over(len(scores))]
    low, high = 0, len(scores) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if len(_plan(question, scores[middle])) >= free.served:
            low = middle
        else:
            high = middle - 1
    return scores[low] if scores else None


def _spread_over(count: int) -> list[int]:
    """Every place, or of very many some from the first to the last: each costs a solution."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, FLOORS))})


def _plan(question: Question, floor: float) -> list[int]:
    """The best choices at or above the floor besides those kept."""
    left = _left_beside(question, question.kept)
    served = {question.choices[place].need for place in question.kept}
    able = [
        place
        for place, choice in enumerate(question.choices)
        if choice.score >= floor
        and choice.need not in served
        and choice.quantity <= left[choice.supply]
    ]
    able.sort(key=lambda place: (question.choices[place].need, question.choices[place].supply))
    capacity = _most(question, able, left)
    while True:
        chosen = _matched(question, able, capacity)
        if not _shrunk(question, chosen, left, capacity):
            return sorted([*question.kept, *chosen])


def _matched(question: Question, able: Sequence[int], capacity: Integers) -> list[int]:
    """A slot that could serve all who ask gets a place for each, which is quicker."""
    choices = [question.choices[place] for place in able]
    needs = np.array([choice.need for choice in choices], np.int64)
    supplies = np.array([choice.supply for choice in choices], np.int64)
    scores = np.array([choice.score for choice in choices])
    priority = np.array(question.priorities)
    worth = (scores + question.price) * priority[needs] if choices else scores
    asked = np.bincount(supplies, minlength=len(capacity))
    ample = (capacity >= asked)[supplies] if choices else np.zeros(0, bool)
    own = len(capacity) + np.cumsum(ample) - 1
    columns = np.where(ample, own, supplies)
    places = np.concatenate([capacity, np.ones(int(ample.sum()), np.int64)])
    able_pairs = (worth > 0) & (places[columns] > 0)
    pairs = Pairs(needs[able_pairs], columns[able_pairs], worth[able_pairs])
    asking = np.bincount(pairs.rows, minlength=len(priority)).clip(max=1)
    used = np.bincount(pairs.columns, minlength=len(places))
    unpriced = Prices.zero(len(asking), len(places))
    units = Units(pairs, asking, np.minimum(places, used), unpriced.offered)
    chosen, _prices = match(units, near_prices(units, unpriced))
    found = np.flatnonzero(able_pairs)[chosen].tolist()
    return [able[place] for place in found]


def _most(question: Question, able: Sequence[int], left: Floats) -> Integers:
    """How many a slot can serve at the very most: those that ask for least."""
    asked: dict[int, list[int]] = {}
    for place in able:
        choice = question.choices[place]
        asked.setdefault(choice.supply, []).append(choice.quantity)
    most = np.zeros(len(left), np.int64)
    for supply, quantities in asked.items():
        most[supply] = int((np.cumsum(sorted(quantities)) <= left[supply]).sum())
    return most


def _shrunk(question: Question, chosen: Sequence[int], left: Floats, capacity: Integers) -> bool:
    """Whether a slot was given more than it has; it then serves one less than it was given, or
    as many of the highest scores as fit."""
    given: dict[int, list[Choice]] = {}
    for place in chosen:
        choice = question.choices[place]
        given.setdefault(choice.supply, []).append(choice)
    over = False
    for supply, choices in given.items():
        ordered = sorted(choices, key=lambda choice: (-choice.score, choice.need))
        fits = int((np.cumsum([choice.quantity for choice in ordered]) <= left[supply]).sum())
        if fits < len(choices):
            capacity[supply], over = max(fits, 1), True
    return over


def _each_best(question: Question) -> list[int]:
    """Each asks for its best alone; a slot serves those who ask in turn until it has no more."""
    return _in_turn(question, lambda ordered: ordered[:1])


def _first_come(question: Question) -> list[int]:
    """Each in turn takes the best that is left."""
    return _in_turn(question, lambda ordered: ordered)


def _in_turn(question: Question, tried: Callable[[list[int]], list[int]]) -> list[int]:
    left = _left_beside(question, question.kept)
    chosen = list(question.kept)
    served = {question.choices[place].need for place in chosen}
    for need, places in sorted(_by_need(question).items()):
        if need in served:
            continue
        ordered = sorted(places, key=lambda place: (-question.choices[place].score, place))
        for place in tried(ordered):
            choice = question.choices[place]
            if choice.quantity <= left[choice.supply]:
                left[choice.supply] -= choice.quantity
                chosen.append(place)
                break
    return sorted(chosen)


def _by_need(question: Question) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place, choice in enumerate(question.choices):
        found.setdefault(choice.need, []).append(place)
    return found


def _left_beside(question: Question, kept: Sequence[int]) -> Floats:
    left = np.array([np.inf if each is None else float(each) for each in question.left])
    for place in kept:
        choice = question.choices[place]
        left[choice.supply] -= choice.quantity
    return left


def _outcome(question: Question, chosen: Sequence[int]) -> Outcome:
    scores = [question.choices[place].score for place in chosen]
    worth = [
        question.choices[place].score * question.priorities[question.choices[place].need]
        for place in chosen
    ]
    return Outcome(tuple(chosen), len(chosen), round(sum(worth), 6), min(scores, default=0.0))
