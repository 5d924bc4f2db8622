"""Training in one call: from decisions to an evaluated order that a ranking can use."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from matching.decisions import DecidedList, Decisions, Evaluation, Outcome, Refusal, ShownOffer
from matching.lessons import train
from matching.reorder import SIGNALS, model_of

SIZE = 10


def decisions(count: int = 40, *, right: str = "meaning", in_force: str = "") -> Decisions:
    """Each list has one right offer: the one with the most `right`; the texts say half of it."""
    draw = np.random.default_rng(5)
    lists = []
    for number in range(count):
        drawn = draw.random((3, SIZE))
        best = int(drawn[0 if right == "meaning" else 2].argmax())
        offers = [
            _offer(f"o{place}", meaning, words, chance, chosen=place == best)
            for place, (meaning, words, chance) in enumerate(zip(*drawn.tolist(), strict=True))
        ]
        offers.sort(key=lambda one: -(one.text + one.rest))
        lists.append(DecidedList(f"r{number}", f"r{number}", "", tuple(offers)))
    return Decisions("learned-1", in_force, 0.34, tuple(lists))


def _offer(name: str, meaning: float, words: float, chance: float, *, chosen: bool) -> ShownOffer:
    text = 0.5 * meaning + 0.5 * words
    outcome = Outcome.PROPOSED if chosen else Outcome.SHOWN
    return ShownOffer(name, text, text, words, meaning, 0.1 * chance, outcome)


def test_what_decisions_say_is_learned_and_calibrated() -> None:
    found = train(decisions())
    assert found.is_adopted
    assert found.low > 0
    assert found.after > found.before
    assert (found.lists, found.requests, found.decisions) == (40, 40, 40)
    assert len(model_of("learned-1", found.weights).weights) == SIGNALS
    assert found.slope is not None
    assert found.slope > 0
    assert found.error is not None
    assert found.error < 0.1


def test_the_same_decisions_in_another_order_teach_the_same() -> None:
    made = decisions()
    assert train(made) == train(replace(made, lists=made.lists[::-1]))


def test_what_the_texts_cannot_say_is_not_learned() -> None:
    found = train(decisions(right="chance"))
    assert Refusal.NOT_BETTER in found.refusals
    assert not found.is_adopted


def test_lists_that_another_order_showed_prove_nothing() -> None:
    found = train(decisions(in_force="learned-7"))
    assert (found.refusals, found.lists, found.weights) == ((Refusal.TOO_FEW,), 0, b"")
    assert found.slope is None


def test_nothing_decided_is_too_few() -> None:
    found = train(Decisions("learned-1", "", 0.34, ()))
    assert (found.refusals, found.decisions) == ((Refusal.TOO_FEW,), 0)


def test_offers_whose_text_is_gone_are_left_out() -> None:
    made = decisions(1)
    vectors = {"r0": np.ones(4, "<f4").tobytes(), "o1": np.ones(4, "<f4").tobytes()}
    assert train(replace(made, vectors=vectors)).lists == 0


def test_other_terms_keep_their_part_in_the_order() -> None:
    """A model may order the texts as it likes: what stands high for its topic stays high."""
    made = decisions()
    heavy = replace(
        made,
        lists=tuple(
            replace(
                one,
                offers=tuple(
                    replace(each, rest=9.0 if each.outcome is Outcome.PROPOSED else 0.0)
                    for each in one.offers
                ),
            )
            for one in made.lists
        ),
    )
    found = train(heavy)
    assert (found.before, found.after, found.refusals) == (1.0, 1.0, (Refusal.NOT_BETTER,))


@pytest.mark.parametrize("made", [decisions(2), Decisions("learned-1", "", 0.34, ())])
def test_decisions_cross_between_processes(made: Decisions) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Decisions) == made
    found = Evaluation(1, 2, 3, b"\0\1", refusals=(Refusal.HELD,))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Evaluation) == found
