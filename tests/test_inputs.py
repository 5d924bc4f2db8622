"""What counts as typed."""

import pytest

from concord.errors import InvalidInput
from concord.inputs import Reader

INVISIBLE = ("\u200b\u2060", " \u00ad ", "\u200f\u200e")


@pytest.mark.parametrize("text", INVISIBLE)
def test_a_text_without_a_visible_sign_is_nothing(text: str) -> None:
    reader = Reader({"institution": [text]})
    assert reader.text("institution", required=True) == ""
    with pytest.raises(InvalidInput):
        reader.check()


@pytest.mark.parametrize("text", ["\u202eabc", "a\x00b", "\u2066", "\x07"])
def test_hidden_directions_and_controls_are_refused(text: str) -> None:
    reader = Reader({"title": [text]})
    reader.text("title")
    assert set(reader.errors) == {"title"}


def test_marks_inside_a_text_stay() -> None:
    assert (
        Reader({"title": ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"]})
        .text("title")
        .count("\u200c")
        == 1
    )


@pytest.mark.parametrize("typed", ["1_0", "1e1", "0x9", "1 0", "1.0", "--1", "_1", "\u00b2"])
def test_a_whole_number_is_digits_alone(typed: str) -> None:
    found = Reader({"number": [typed]})
    assert found.integer("number", maximum=20) is None
    assert "number" in found.errors


@pytest.mark.parametrize("typed", ["10", " 10 ", "+10", "010", "\u0661\u0660"])
def test_a_whole_number_in_any_digits(typed: str) -> None:
    assert Reader({"number": [typed]}).integer("number", maximum=20) == 10
