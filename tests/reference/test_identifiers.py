"""Public ids: random, checked, forgiving of how people type."""

from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from concord.reference.identifiers import (
    SYMBOLS,
    is_public_id,
    new_public_id,
    normalized_public_id,
)

IDS = st.builds(
    lambda prefix, seed: new_public_id(prefix, source=Random(seed)),  # noqa: S311
    st.sampled_from(["REQ", "OFR", "MAT"]),
    st.integers(),
)


def replaced(text: str, place: int, symbol: str) -> str:
    return text[:place] + symbol + text[place + 1 :]


@given(IDS)
def test_new_id_has_its_shape_and_is_its_own_normal_form(public_id: str) -> None:
    prefix, first, second = public_id.split("-")

    assert (len(prefix), len(first), len(second)) == (3, 4, 2)
    assert set(first + second) <= set(SYMBOLS)
    assert normalized_public_id(public_id) == public_id


@given(IDS)
def test_typing_by_hand_is_forgiven(public_id: str) -> None:
    typed = public_id.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert normalized_public_id(f"  {typed} ") == public_id


@given(IDS, st.sampled_from([4, 5, 6, 7, 9, 10]), st.sampled_from(SYMBOLS))
def test_single_wrong_symbol_is_noticed(public_id: str, place: int, symbol: str) -> None:
    assume(public_id[place] != symbol)

    assert not is_public_id(replaced(public_id, place, symbol))


@given(IDS, st.sampled_from([(4, 5), (5, 6), (6, 7), (7, 9), (9, 10)]))
def test_swapped_neighbours_are_noticed(public_id: str, places: tuple[int, int]) -> None:
    first, second = (public_id[place] for place in places)
    assume(first != second)

    swapped = replaced(replaced(public_id, places[0], second), places[1], first)
    assert not is_public_id(swapped)


def test_prefix_is_part_of_the_check() -> None:
    public_id = new_public_id("REQ")

    assert is_public_id(public_id, prefix="REQ")
    assert not is_public_id(public_id, prefix="OFR")
    assert not is_public_id(public_id.replace("REQ", "RFQ"))


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    found = normalized_public_id(text)

    assert found is None or is_public_id(found)


@pytest.mark.parametrize(
    "text", ["", "REQ", "REQ-7K3Q", "REQ-UUUU-UU", "REQ-7K3Q-9D-7K", "—" * 50]
)
def test_other_shapes_are_no_id(text: str) -> None:
    assert normalized_public_id(text) is None


def test_ids_do_not_repeat_soon() -> None:
    assert len({new_public_id("REQ") for _ in range(50)}) == 50


def test_prefix_that_is_not_three_capitals_is_refused() -> None:
    with pytest.raises(ValueError, match="three capital letters"):
        new_public_id("req")
