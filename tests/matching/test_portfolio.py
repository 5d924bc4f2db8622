"""A portfolio: more served than one by one, kept choices stay, and quantities fit."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import packing, portfolio
from matching.plans import HIGHEST, Choice, Outcome, Question
from matching.portfolio import solve

# The first item's best slot is the only one that the second can use.
RIVALS = Question(
    priorities=(1.0, 1.0),
    left=(20, 20),
    choices=(Choice(0, 0, 0.9, 20), Choice(0, 1, 0.8, 20), Choice(1, 0, 0.7, 20)),
)


def used(question: Question, chosen: tuple[int, ...]) -> dict[int, int]:
    taken: dict[int, int] = {}
    for place in chosen:
        choice = question.choices[place]
        taken[choice.supply] = taken.get(choice.supply, 0) + choice.quantity
    return taken


def is_legal(question: Question, chosen: tuple[int, ...]) -> bool:
    needs = [question.choices[place].need for place in chosen]
    within = all(
        question.left[supply] is None or taken <= (question.left[supply] or 0)
        for supply, taken in used(question, chosen).items()
    )
    return len(set(needs)) == len(needs) and within


@st.composite
def questions(draw: st.DrawFn, *, equal: bool) -> Question:
    needs, supplies = draw(st.integers(0, 3)), draw(st.integers(1, 3))
    cells = [(need, supply) for need in range(needs) for supply in range(supplies)]
    chosen = [cell for cell in cells if draw(st.booleans())]
    quantity = st.just(1) if equal else st.integers(1, 3)
    return Question(
        priorities=tuple(draw(st.sampled_from([1.0, 1.5, 2.0])) for _ in range(needs)),
        left=tuple(draw(st.one_of(st.none(), st.integers(0, 3))) for _ in range(supplies)),
        choices=tuple(
            Choice(need, supply, draw(st.integers(1, 9)) / 10, draw(quantity))
            for need, supply in chosen
        ),
    )


def worth(question: Question, chosen: tuple[int, ...]) -> float:
    return sum(
        (question.choices[place].score + question.price)
        * question.priorities[question.choices[place].need]
        for place in chosen
    )


@pytest.mark.parametrize("equal", [True, False])
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_legal_choice_is_worth_more(equal: bool, data: st.DataObject) -> None:
    question = data.draw(questions(equal=equal))
    answer = solve(question)
    assert is_legal(question, answer.plan.chosen)
    every = (
        tuple(place for place, taken in enumerate(bits) if taken)
        for bits in product([False, True], repeat=len(question.choices))
    )
    best = max(worth(question, chosen) for chosen in every if is_legal(question, chosen))
    assert worth(question, answer.plan.chosen) == pytest.approx(best)
    assert answer.exact


@pytest.mark.parametrize("seconds", [0.0, 10.0])
@settings(max_examples=80, deadline=None)
@given(questions(equal=False))
def test_quantities_always_fit(seconds: float, question: Question) -> None:
    """Also where a search is cut short; then the plan is no worse than what is found in turn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "SECONDS", seconds)
        answer = solve(question)
        assert solve(question) == answer
    for outcome in (answer.plan, answer.each_best, answer.first_come):
        assert is_legal(question, outcome.chosen)
        assert worth(question, answer.plan.chosen) >= worth(question, outcome.chosen) - 1e-9


CROWDED = Question(
    priorities=(2.0, 1.0, 1.0),
    left=(15,),
    choices=(Choice(0, 0, 0.5, 10), Choice(1, 0, 0.55, 5), Choice(2, 0, 0.6, 10)),
)


def test_a_slot_serves_those_who_fit_together() -> None:
    answer = solve(CROWDED)
    assert (answer.plan, answer.exact) == (Outcome((0, 1), 2, 1.55, 0.5), True)


def test_a_search_that_is_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "packed", lambda *_args, **_given: ([], False))
    monkeypatch.setattr(portfolio, "packed", packing.packed)
    answer = solve(CROWDED)
    assert (answer.plan, answer.exact) == (Outcome((0, 1), 2, 1.55, 0.5), False)


def test_large_quantities_fit_to_the_unit() -> None:
    big = 10**9
    choices = tuple(Choice(need, 0, 0.5, big + need) for need in range(4))
    answer = solve(Question((1.0,) * 4, (3 * big + 2,), choices))
    assert answer.plan.served == 2
    assert is_legal(Question((1.0,) * 4, (3 * big + 2,), choices), answer.plan.chosen)
    assert solve(Question((1.0,) * 4, (3 * big + 3,), choices)).plan.chosen == (0, 1, 2)


def test_more_are_served_than_one_by_one() -> None:
    answer = solve(RIVALS)
    assert answer.plan == Outcome((1, 2), 2, 1.5, 0.7)
    assert answer.first_come == answer.each_best == Outcome((0,), 1, 0.9, 0.9)


def test_what_is_kept_stays() -> None:
    kept = Question(RIVALS.priorities, RIVALS.left, RIVALS.choices, kept=(0,))
    assert solve(kept).plan == Outcome((0,), 1, 0.9, 0.9)


def test_the_highest_floor_costs_what_it_says() -> None:
    """Without a floor the sum is highest; with it nobody gets the worst, and all are served."""
    question = Question(
        priorities=(1.0, 1.0),
        left=(1, 1),
        choices=(
            Choice(0, 0, 0.9, 1),
            Choice(0, 1, 0.5, 1),
            Choice(1, 0, 0.5, 1),
            Choice(1, 1, 0.2, 1),
        ),
        floor=HIGHEST,
    )
    answer = solve(question)
    assert answer.without_floor == Outcome((0, 3), 2, 1.1, 0.2)
    assert (answer.floor, answer.plan) == (0.5, Outcome((1, 2), 2, 1.0, 0.5))


def test_a_floor_leaves_out_what_is_below() -> None:
    question = Question(RIVALS.priorities, RIVALS.left, RIVALS.choices, floor=0.85)
    assert solve(question).plan == Outcome((0,), 1, 0.9, 0.9)


def test_urgent_items_come_first_where_not_all_can_be_served() -> None:
    choices = (Choice(0, 0, 0.9, 5), Choice(1, 0, 0.8, 5))
    assert solve(Question((1.0, 1.0), (5,), choices)).plan.chosen == (0,)
    assert solve(Question((1.0, 2.0), (5,), choices)).plan.chosen == (1,)


def test_quantities_that_do_not_fit_together_are_parted() -> None:
    choices = (Choice(0, 0, 0.9, 5), Choice(1, 0, 0.8, 4), Choice(2, 0, 0.7, 3))
    assert solve(Question((1.0, 1.0, 1.0), (8,), choices)).plan.chosen == (0, 2)


def test_an_empty_question_has_an_empty_answer() -> None:
    assert solve(Question((), (), ())).plan == Outcome((), 0, 0.0, 0.0)
