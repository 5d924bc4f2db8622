"""Languages of the pages and of what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.reference.languages import (
    UI_LANGUAGES,
    is_right_to_left,
    is_ui_language,
    language_name,
    language_tag,
    primary_language,
)


def test_pages_speak_the_six_official_languages() -> None:
    assert list(UI_LANGUAGES) == ["ar", "zh", "en", "fr", "ru", "es"]
    assert not is_ui_language("pt")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("fr", "fr"),
        ("EN", "en"),
        (" pt-br ", "pt-BR"),
        ("zh_hant", "zh-Hant"),
        ("sr-Latn-RS", "sr-Latn-RS"),
        ("ar-001", "ar-001"),
        ("eng", "en"),
        ("iw", "he"),
        ("prs", "fa-AF"),
    ],
)
def test_tag_is_brought_to_its_usual_form(text: str, tag: str) -> None:
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    "text",
    ["", "x", "und", "mul", "english", "en-XX1", "en-Xxxx", "de-1996", "en-u-ca-roc", "a" * 99],
)
def test_text_that_is_no_tag_is_refused(text: str) -> None:
    assert language_tag(text) is None


@given(st.text(max_size=40))
def test_any_text_is_answered_and_a_tag_stays_itself(text: str) -> None:
    tag = language_tag(text)

    assert tag is None or language_tag(tag) == tag


@pytest.mark.parametrize(
    ("tag", "reader", "name"),
    [
        ("fr", "en", "French"),
        ("zh-Hant", "fr", "chinois traditionnel"),
        ("pt-BR", "en", "Portuguese (BR)"),
        ("sr-Latn-RS", "en", "Serbian (Latin, RS)"),
    ],
)
def test_name_is_in_the_readers_language_and_names_no_territory(
    tag: str, reader: str, name: str
) -> None:
    assert language_name(tag, reader) == name


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("ar", True), ("fa-AF", True), ("az-Arab", True), ("az", False), ("en", False), ("?", False)],
)
def test_direction_follows_the_script(tag: str, *, expected: bool) -> None:
    assert is_right_to_left(tag) is expected


def test_primary_language_is_the_first_part() -> None:
    assert primary_language("zh-Hant") == "zh"
