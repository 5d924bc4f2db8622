"""Which slot for which item, over all open requests at once, and what that is better than."""

from collections.abc import Callable, Sequence

import numpy as np

from matching.packing import packed
from matching.plans import HIGHEST, Answer, Outcome, Question
from matching.pruning import Pairs, Prices
from matching.solver import Floats, Integers
from matching.units import Units, match, near_prices

FLOORS = 256


def solve(question: Question) -> Answer:
    """The plan of the highest worth: the sum of score and price by priority."""
    chosen, exact = _plan(question, -np.inf)
    free = _outcome(question, chosen)
    floor = _floor(question, free)
    if floor is not None:
        chosen, exact = _plan(question, floor)
    return Answer(
        plan=_outcome(question, chosen),
        without_floor=free,
        each_best=_outcome(question, _each_best(question)),
        first_come=_outcome(question, _first_come(question)),
        floor=floor,
        exact=exact,
    )


def _floor(question: Question, free: Outcome) -> float | None:
    if question.floor != HIGHEST:
        return None if question.floor is None else float(question.floor)
    scores = sorted({choice.score for choice in question.choices if choice.score >= free.least})
    scores = [scores[place] for place in _spread_over(len(scores))]
    low, high = 0, len(scores) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if len(_plan(question, scores[middle])[0]) >= free.served:
            low = middle
        else:
            high = middle - 1
    return scores[low] if scores else None


def _spread_over(count: int) -> list[int]:
    """Every place, or of very many some from the first to the last: each costs a solution."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, FLOORS))})


def _plan(question: Question, floor: float) -> tuple[list[int], bool]:
    """The best choices at or above the floor besides those kept, and whether that is proved."""
    left = _left_beside(question, question.kept)
    served = {question.choices[place].need for place in question.kept}
    able = [
        place
        for place, choice in enumerate(question.choices)
        if choice.score >= floor
        and choice.need not in served
        and choice.quantity <= left[choice.supply]
        and _worth(question, place) > 0
    ]
    able.sort(key=lambda place: (question.choices[place].need, question.choices[place].supply))
    chosen, exact = _fitted(question, able, left)
    return sorted([*question.kept, *chosen]), exact


def _fitted(question: Question, able: Sequence[int], left: Floats) -> tuple[list[int], bool]:
    """Exact over numbers of items, where these fit into every slot; otherwise over quantities,
    or should that take too long the best of what is found more simply."""
    capacity = _most(question, able, left)
    chosen = _matched(question, able, capacity)
    if not _shrunk(question, chosen, left, capacity):
        return chosen, True
    choices = [question.choices[place] for place in able]
    worth = np.array([_worth(question, place) for place in able])
    found, exact = packed(choices, worth, left, needs=len(question.priorities))
    if exact:
        return [able[place] for place in found], True
    chosen = _matched(question, able, capacity)
    while _shrunk(question, chosen, left, capacity):
        chosen = _matched(question, able, capacity)
    simply = (
        [able[place] for place in found],
        [*chosen, *_beside(question, able, left, chosen)],
        _in_turn(question, able, left, lambda ordered: ordered),
    )
    return max(simply, key=lambda each: sum(_worth(question, place) for place in each)), False


def _beside(
    question: Question, able: Sequence[int], left: Floats, chosen: Sequence[int]
) -> list[int]:
    """What fits besides the chosen, of the highest worth first."""
    left, more = left.copy(), []
    served = {question.choices[place].need for place in chosen}
    for place in chosen:
        left[question.choices[place].supply] -= question.choices[place].quantity
    for place in sorted(able, key=lambda place: (-_worth(question, place), place)):
        choice = question.choices[place]
        if choice.need not in served and choice.quantity <= left[choice.supply]:
            left[choice.supply] -= choice.quantity
            served.add(choice.need)
            more.append(place)
    return more


def _worth(question: Question, place: int) -> float:
    choice = question.choices[place]
    return (choice.score + question.price) * question.priorities[choice.need]


def _matched(question: Question, able: Sequence[int], capacity: Integers) -> list[int]:
    """A slot that could serve all who ask gets a place for each, which is quicker."""
    needs = np.array([question.choices[place].need for place in able], np.int64)
    supplies = np.array([question.choices[place].supply for place in able], np.int64)
    worth = np.array([_worth(question, place) for place in able])
    asked = np.bincount(supplies, minlength=len(capacity))
    ample = (capacity >= asked)[supplies] if able else np.zeros(0, bool)
    own = len(capacity) + np.cumsum(ample) - 1
    columns = np.where(ample, own, supplies)
    places = np.concatenate([capacity, np.ones(int(ample.sum()), np.int64)])
    able_pairs = places[columns] > 0
    pairs = Pairs(needs[able_pairs], columns[able_pairs], worth[able_pairs])
    asking = np.bincount(pairs.rows, minlength=len(question.priorities)).clip(max=1)
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
    as many of those worth most as fit."""
    given: dict[int, list[int]] = {}
    for place in chosen:
        given.setdefault(question.choices[place].supply, []).append(place)
    over = False
    for supply, places in given.items():
        ordered = sorted(places, key=lambda place: (-_worth(question, place), place))
        quantities = [question.choices[place].quantity for place in ordered]
        fits = int((np.cumsum(quantities) <= left[supply]).sum())
        if fits < len(places):
            capacity[supply], over = max(fits, 1), True
    return over


def _each_best(question: Question) -> list[int]:
    """Each asks for its best alone; a slot serves those who ask in turn until it has no more."""
    return _besides_kept(question, lambda ordered: ordered[:1])


def _first_come(question: Question) -> list[int]:
    """Each in turn takes the best that is left."""
    return _besides_kept(question, lambda ordered: ordered)


def _besides_kept(question: Question, tried: Callable[[list[int]], list[int]]) -> list[int]:
    served = {question.choices[place].need for place in question.kept}
    able = [n for n, choice in enumerate(question.choices) if choice.need not in served]
    left = _left_beside(question, question.kept)
    return sorted([*question.kept, *_in_turn(question, able, left, tried)])


def _in_turn(
    question: Question,
    able: Sequence[int],
    left: Floats,
    tried: Callable[[list[int]], list[int]],
) -> list[int]:
    left, chosen = left.copy(), []
    for _need, places in sorted(_by_need(question, able).items()):
        ordered = sorted(places, key=lambda place: (-question.choices[place].score, place))
        for place in tried(ordered):
            choice = question.choices[place]
            if choice.quantity <= left[choice.supply]:
                left[choice.supply] -= choice.quantity
                chosen.append(place)
                break
    return chosen


def _by_need(question: Question, able: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place in able:
        found.setdefault(question.choices[place].need, []).append(place)
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
